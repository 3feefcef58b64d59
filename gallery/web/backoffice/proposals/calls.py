"""The call list: victims, and who helps them, to be told of a proposal, of a claim, or that their search ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.models import Claim, Declaration, Proposal
from gallery.services.claims.claim_calls import ClaimCalls
from gallery.services.declarations import desk, lifecycle, sealed_rows
from gallery.services.declarations.sealed_rows import DeclarationSecrets
from gallery.services.proposals import ending_calls, proposals
from gallery.services.proposals.helper_calls import HelperCalls, HelperNews
from gallery.services.transaction import atomic
from gallery.web.backoffice import looking
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.claims.claim_words import STATES
from gallery.web.requests import page_in_address, page_number, sent_instant
from gallery.web.resources import database, now, require_codes, resources

AT_ONCE = 50
Called = Proposal | Declaration | Claim | HelperNews


@dataclass(frozen=True)
class Call:
    """A victim to be told of a proposal or of a claim, or that the search ends; or who helps, of news."""

    declaration: Declaration
    secrets: DeclarationSecrets
    proposal: Proposal | None = None
    claim: Claim | None = None
    news: HelperNews | None = None


def listing() -> str:
    """Whom to call, and of what: objects first, then claims, then searches that end; then those who help."""
    require_codes()
    page = page_number()
    called = looking.read_noted(lambda: listed(offset=(page - 1) * AT_ONCE), _declaration)
    total = count()
    return render_template(
        "backoffice/calls.html",
        calls=[_call(each) for each in called],
        states=STATES,
        is_at_limit=lifecycle.is_at_limit,
        total=total,
        page=page,
        has_more=total > page * AT_ONCE,
    )


def note_told(public_id: str) -> ResponseReturnValue:
    """The victim was told of an object."""
    require_codes()
    with atomic(database()) as session:
        proposal = proposals.get(session, public_id, current_officer())
        proposals.note_told(session, proposal, by=current_officer(), now=now())
    return noted()


def note_ending_told(reference: str) -> ResponseReturnValue:
    """The victim knows that the search ends, or could not be reached."""
    require_codes()
    with atomic(database()) as session:
        ending_calls.note_ending_told(session, reference, by=current_officer(), now=now())
    return noted()


def note_helper_told(reference: str) -> ResponseReturnValue:
    """Who helps with a declaration knows what was on the page, or could not be reached."""
    require_codes()
    with atomic(database()) as session:
        declaration = desk.get(session, reference)
        _of_helpers().note_told(session, declaration, until=sent_instant("jusqua"), now=now())
    return noted()


def noted() -> ResponseReturnValue:
    """Back to the same page of the list, once somebody on it knows."""
    flash(gettext("C’est noté."), "success")
    return redirect(url_for(".calls", page=page_in_address()))


def listed(*, offset: int) -> list[Called]:
    """A page of the unit's call list."""
    called: list[Called] = []
    for held, read in _sources():
        if offset < held and len(called) < AT_ONCE:
            called += read(AT_ONCE - len(called), offset)
        offset = max(0, offset - held)
    return called


def count() -> int:
    """How many are on the unit's call list."""
    return sum(held for held, _ in _sources())


def _sources() -> tuple[tuple[int, Callable[[int, int], Sequence[Called]]], ...]:
    """How many are to be told of objects, of claims, of endings, and by helping; and what reads some from an offset."""
    settings, officer, session = resources().settings, current_officer(), database()
    mails, of_claims = settings.sends_mail, ClaimCalls(officer, settings.sends_mail, now())
    of_helpers = _of_helpers()
    return (
        (
            proposals.count_to_be_told(session, officer, sends_mail=mails),
            lambda limit, skip: proposals.to_be_told(session, officer, sends_mail=mails, limit=limit, offset=skip),
        ),
        (
            # While claims are off there is no page on which to look one up.
            of_claims.count(session) if settings.takes_claims else 0,
            lambda limit, skip: of_claims.listed(session, limit=limit, offset=skip),
        ),
        (
            ending_calls.count(session, officer, sends_mail=mails),
            lambda limit, skip: ending_calls.listed(session, officer, sends_mail=mails, limit=limit, offset=skip),
        ),
        (
            of_helpers.count(session),
            lambda limit, skip: of_helpers.listed(session, limit=limit, offset=skip),
        ),
    )


def _of_helpers() -> HelperCalls:
    settings = resources().settings
    return HelperCalls(current_officer(), settings.sends_mail, settings.takes_claims)


def _declaration(called: Called) -> Declaration:
    if isinstance(called, HelperNews):
        return called.declaration
    if isinstance(called, Declaration):
        return called
    found: Declaration = called.declaration if isinstance(called, Claim) else called.declared.declaration
    return found


def _call(called: Called) -> Call:
    declaration = _declaration(called)
    secrets = sealed_rows.shown_secrets(declaration, resources().sealer)
    return Call(
        declaration,
        secrets,
        proposal=called if isinstance(called, Proposal) else None,
        claim=called if isinstance(called, Claim) else None,
        news=called if isinstance(called, HelperNews) else None,
    )
