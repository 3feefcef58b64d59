"""People who help victims, and whom officers have to call: nobody has told them what is new, and no mail reaches them.

Each is called once for all that is new. Who opened the page with the code, the victim or they, nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from gallery.errors import SealBroken
from gallery.models import (
    Addressee,
    Claim,
    ClaimState,
    Declaration,
    DeclarationMessage,
    DeclaredObject,
    Item,
    ItemStatus,
    Officer,
    Proposal,
    ProposalState,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, contact_address, desk, sealed_rows
from gallery.services.declarations.answers import MessageKind
from gallery.services.proposals import ending_calls
from gallery.services.proposals.declared import is_known
from gallery.services.transaction import atomic, end_reading

# Half a second of a worker.
LOOKED_AT_ONCE = 200
OF_CLAIMS = (MessageKind.CLAIM_NEWS, *answers.CLAIM_ENDINGS)


@dataclass
class HelperNews:
    """What somebody who helps with a declaration is to be told, as far as it concerns the officer's unit."""

    declaration: Declaration
    proposals: list[Proposal] = field(default_factory=list)
    # Of claims, and of the end of the search.
    messages: list[DeclarationMessage] = field(default_factory=list)

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims that there is something new about."""
        return list({each.claim_id: each.claim for each in self.messages if each.claim}.values())

    @property
    def is_of_end(self) -> bool:
        """Whether the search ends."""
        return any(each.claim_id is None for each in self.messages)

    @property
    def until(self) -> datetime:
        """When the last of it happened."""
        instants = [each.decided_at for each in self.proposals if each.decided_at] + [each.at for each in self.messages]
        return max(instants)


@dataclass(frozen=True)
class HelperCalls:
    """Those that an officer's unit has to call. sends_mail: whoever has a confirmed address is written to, and not
    called; takes_claims: there is a page on which to look a claim up.
    """

    by: Officer
    sends_mail: bool
    takes_claims: bool

    def listed(self, session: Session, *, limit: int, offset: int) -> Sequence[HelperNews]:
        """What to tell each of them, in the order of their declarations."""
        wanted = self._wanted().options(joinedload(Declaration.unit)).order_by(Declaration.id)
        found = {each.id: HelperNews(each) for each in session.scalars(wanted.limit(limit).offset(offset))}
        of_these = Declaration.id.in_(list(found))
        for proposal in self._read_proposals(session, of_these):
            found[proposal.declared.declaration_id].proposals.append(proposal)
        for message in self._read_messages(session, of_these):
            found[message.declaration_id].messages.append(message)
        return [each for each in found.values() if each.proposals or each.messages]

    def count(self, session: Session) -> int:
        """How many `listed` has in all."""
        return session.scalar(self._wanted().with_only_columns(func.count(Declaration.id))) or 0

    def note_told(self, session: Session, declaration: Declaration, *, until: datetime, now: datetime) -> None:
        """Note that they were told, or could not be reached, of what happened by then; inside atomic().

        Twice is harmless, and so is a declaration of which they have nothing to be told by this unit.
        """
        of_it = Declaration.id == declaration.id
        proposals = self._read_proposals(session, of_it & (Proposal.decided_at <= until))
        messages = self._read_messages(session, of_it & (DeclarationMessage.at <= until))
        told: list[Proposal | DeclarationMessage] = [*proposals, *messages]
        for each in told:
            each.helper_told_at = now
        if told:
            audit.record(session, self.by, "helper_told", declaration, now=now)

    def _wanted(self) -> Select[Declaration]:
        wanted = select(Declaration).where(self._is_news())
        return wanted.where(~ending_calls.is_written_to(Addressee.HELPER)) if self.sends_mail else wanted

    def _is_news(self) -> ColumnElement[bool]:
        objects = self._proposals().with_only_columns(DeclaredObject.declaration_id)
        messages = self._messages().with_only_columns(DeclarationMessage.declaration_id)
        return or_(Declaration.id.in_(objects), Declaration.id.in_(messages))

    def _read_proposals(self, session: Session, which: ColumnElement[bool]) -> Sequence[Proposal]:
        wanted = self._proposals().where(which).order_by(Proposal.id)
        wanted = wanted.options(contains_eager(Proposal.item), contains_eager(Proposal.declared))
        return session.scalars(wanted).all()

    def _read_messages(self, session: Session, which: ColumnElement[bool]) -> Sequence[DeclarationMessage]:
        wanted = self._messages().where(which).order_by(DeclarationMessage.id)
        return session.scalars(wanted.options(contains_eager(DeclarationMessage.claim))).all()

    def _proposals(self) -> Select[Proposal]:
        return (
            select(Proposal)
            .select_from(Proposal)
            .join(Proposal.item)
            .join(Proposal.declared)
            .join(DeclaredObject.declaration)
            .where(
                Declaration.has_helper.is_(True),
                is_known(),
                Proposal.state == ProposalState.SHOWN,
                Proposal.helper_told_at.is_(None),
                Item.unit_id == self.by.unit_id,
                Item.status == ItemStatus.PUBLISHED,
            )
        )

    def _messages(self) -> Select[DeclarationMessage]:
        is_of_end = and_(DeclarationMessage.kind.in_([each.value for each in answers.ENDINGS]), desk.concerns(self.by))
        of_claims = (self._is_of_claim(),) if self.takes_claims else ()
        return (
            select(DeclarationMessage)
            .select_from(DeclarationMessage)
            .join(Declaration, Declaration.id == DeclarationMessage.declaration_id)
            .outerjoin(DeclarationMessage.claim)
            .outerjoin(Claim.item)
            .where(
                Declaration.has_helper.is_(True),
                is_known(),
                DeclarationMessage.helper_told_at.is_(None),
                or_(is_of_end, *of_claims),
            )
        )

    def _is_of_claim(self) -> ColumnElement[bool]:
        """What was returned was handed over in person."""
        is_current = and_(Claim.held_at.is_(None), Claim.state != ClaimState.RETURNED)
        kinds = [each.value for each in OF_CLAIMS]
        return and_(DeclarationMessage.kind.in_(kinds), is_current, Item.unit_id == self.by.unit_id)


def look_at_some(session: Session, *, sealer: Sealer, after: int) -> int | None:
    """Note of declarations from before there was this list whether somebody helps, some at a time.

    after: the row id of the last one that was looked at, 0 at first. Returns the next such; None when none is left.
    Those that no key opens stay as they are.
    """
    wanted = select(Declaration).where(Declaration.has_helper.is_(None), Declaration.id > after)
    some = session.scalars(wanted.order_by(Declaration.id).limit(LOOKED_AT_ONCE)).all()
    last = max((each.id for each in some), default=None)
    known = {each.id: helps for each in some if (helps := _has_helper(each, sealer)) is not None}
    end_reading(session)
    if known:
        with atomic(session):
            for helps in (True, False):
                of_these = Declaration.id.in_([key for key, found in known.items() if found is helps])
                # Without a new version of the rows, which officers may have open.
                session.execute(update(Declaration).where(of_these).values(has_helper=helps))
    return last


def _has_helper(declaration: Declaration, sealer: Sealer) -> bool | None:
    try:
        opened = sealed_rows.secrets_of(declaration, sealer)
    except SealBroken:
        return None
    return contact_address.has_helper(opened.contact, opened.helper)
