"""The call list: victims to be told of a proposal, that their search ends, or how it stands with a claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gallery.models import Claim, Declaration, Proposal
from gallery.services.claims.claim_calls import ClaimCalls
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.proposals import ending_calls, proposals
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources

AT_ONCE = 50
Called = Proposal | Declaration | Claim


@dataclass(frozen=True)
class Call:
    """A victim to be told of a proposal or of a claim, or without either that the search ends."""

    declaration: Declaration
    secrets: DeclarationSecrets
    proposal: Proposal | None = None
    claim: Claim | None = None


@dataclass(frozen=True)
class CallsPart:
    """Some of the call list. total: of the whole list."""

    called: Sequence[Called]
    total: int

    @property
    def declarations(self) -> list[Declaration]:
        """Whose contacts are shown."""
        return [_declaration(each) for each in self.called]

    def opened(self) -> list[Call]:
        """Whom to call, and of what."""
        return [_call(each) for each in self.called]


def listed(*, offset: int) -> CallsPart:
    """A page of the unit's call list: of objects first, then of claims, then of endings."""
    officer, mails = current_officer(), resources().settings.sends_mail
    session, of_claims = database(), ClaimCalls(officer, mails, now())
    sources: tuple[tuple[int, Callable[[int, int], Sequence[Called]]], ...] = (
        (
            proposals.count_to_be_told(session, officer, sends_mail=mails),
            lambda limit, skip: proposals.to_be_told(session, officer, sends_mail=mails, limit=limit, offset=skip),
        ),
        (
            of_claims.count(session),
            lambda limit, skip: of_claims.listed(session, limit=limit, offset=skip),
        ),
        (
            ending_calls.count(session, officer, sends_mail=mails),
            lambda limit, skip: ending_calls.listed(session, officer, sends_mail=mails, limit=limit, offset=skip),
        ),
    )
    called: list[Called] = []
    for count, read in sources:
        if offset < count and len(called) < AT_ONCE:
            called += read(AT_ONCE - len(called), offset)
        offset = max(0, offset - count)
    return CallsPart(called, sum(count for count, _ in sources))


def _declaration(called: Called) -> Declaration:
    if isinstance(called, Declaration):
        return called
    found: Declaration = called.declaration if isinstance(called, Claim) else called.declared.declaration
    return found


def _call(called: Called) -> Call:
    declaration = _declaration(called)
    secrets = sealed_rows.secrets_of(declaration, resources().sealer)
    proposal = called if isinstance(called, Proposal) else None
    return Call(declaration, secrets, proposal, called if isinstance(called, Claim) else None)
