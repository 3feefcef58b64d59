"""A proposal: an item that resembles a declared object; decided by an officer of the item's unit, or by its level.

What an officer sees of a victim is in the journal.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery import matching
from gallery.errors import ChangedMeanwhile, ProposalNotFound
from gallery.models import (
    Declaration,
    DeclaredObject,
    Item,
    ItemStatus,
    Officer,
    Proposal,
    ProposalLevel,
    ProposalState,
)
from gallery.services import audit
from gallery.services.declarations import answers
from gallery.services.declarations.answers import MessageKind
from gallery.services.proposals import calls, direct_units
from gallery.services.proposals.declared import is_open

SERIAL_NUMBER, WORDS = "serial_number", "words"
# What shows itself to the victim without an officer: pictures alone. A number that agrees is never told of unasked:
# whoever declares numbers at random would learn which of them the gendarmerie holds.
SHOWS_ITSELF = frozenset({matching.Evidence.SAME_PHOTO.value, matching.Evidence.MANY_DETAILS.value})
MAX_WAITING = 12
"""Proposals of one object that wait or are shown at once: the others of a common kind would bury them."""
_BEST_FIRST = case({level.value: place for place, level in enumerate(ProposalLevel)}, value=Proposal.level)


@dataclass(frozen=True)
class PairResemblance:
    """That an item may be a declared object. reasons: names of `matching.Evidence`, SERIAL_NUMBER, WORDS."""

    object_id: int
    item_id: int
    level: ProposalLevel
    reasons: tuple[str, ...]

    def shows_itself(self, *, is_direct: bool) -> bool:
        """Whether the victim may see it before an officer has. is_direct: the item's unit asks no officer."""
        if is_direct and self.level is not ProposalLevel.WEAK and SERIAL_NUMBER not in self.reasons:
            return True
        return self.level is ProposalLevel.STRONG and bool(SHOWS_ITSELF & set(self.reasons))


def propose(session: Session, found: Sequence[PairResemblance], *, now: datetime) -> None:
    """Keep what resembles, the best first; inside atomic(). A pair that is known stays as it was decided."""
    degrees = list(ProposalLevel)
    known = _known(session, found)
    waiting_for = _open_proposals(session, {each.object_id for each in found})
    direct = direct_units.items_of_some(session, {each.item_id for each in found})
    for each in sorted(found, key=lambda one: degrees.index(one.level)):
        before = known.get((each.object_id, each.item_id))
        if before is not None:
            _update(session, before, each, now, is_direct=each.item_id in direct)
        elif waiting_for[each.object_id] < MAX_WAITING:
            waiting_for[each.object_id] += 1
            _add(session, each, now, is_direct=each.item_id in direct)


def waiting(session: Session, by: Officer, *, limit: int, offset: int = 0) -> list[Proposal]:
    """The proposals of items of the officer's unit that wait for a decision: the likeliest, then the oldest first."""
    wanted = _of_unit(by, ProposalState.NEW, ProposalState.LATER)
    wanted = wanted.order_by(Proposal.state == ProposalState.LATER, _BEST_FIRST, Proposal.made_at, Proposal.id)
    return list(session.scalars(wanted.limit(limit).offset(offset)))


def count_waiting(session: Session, by: Officer) -> int:
    """How many proposals of the officer's unit nobody has looked at yet."""
    wanted = _of_unit(by, ProposalState.NEW).with_only_columns(func.count(Proposal.id))
    return session.scalar(wanted) or 0


def to_be_told(session: Session, by: Officer, *, sends_mail: bool) -> list[Proposal]:
    """The call list: shown proposals of the officer's unit whose victim nobody has told yet, the oldest first.

    sends_mail: those with a confirmed address are written to, and not called.
    """
    wanted = _of_unit(by, ProposalState.SHOWN).where(Proposal.told_at.is_(None))
    if sends_mail:
        wanted = wanted.where(~calls.is_written_to())
    return list(session.scalars(wanted.order_by(Proposal.decided_at, Proposal.id).limit(calls.MAX_CALLS)))


def get(session: Session, public_id: str, by: Officer) -> Proposal:
    """A proposal of the officer's unit; raise ProposalNotFound."""
    found = session.scalar(_of_unit(by, *ProposalState).where(Proposal.public_id == public_id))
    if found is None:
        raise ProposalNotFound(public_id)
    return found


def decide(session: Session, proposal: Proposal, state: ProposalState, *, by: Officer, now: datetime) -> None:
    """Show it to the victim, dismiss it for good, or leave it for later; inside atomic().

    Raises ChangedMeanwhile for one that a colleague has decided in between, or whose item is public no longer.
    """
    if proposal.state not in (ProposalState.NEW, ProposalState.LATER):
        raise ChangedMeanwhile
    if state is ProposalState.SHOWN and proposal.item.status is not ItemStatus.PUBLISHED:
        raise ChangedMeanwhile
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, by
    declaration = proposal.declared.declaration
    audit.record(session, by, f"proposal_{state.value}", declaration, now=now, item=proposal.item.public_number)
    if state is ProposalState.SHOWN:
        answers.tell(session, declaration, MessageKind.FOUND, now=now)


def note_told(session: Session, proposal: Proposal, *, by: Officer, now: datetime) -> None:
    """Note that the victim was told, by telephone or otherwise; inside atomic(). Twice is harmless."""
    if proposal.told_at is None:
        proposal.told_at = now
        declaration = proposal.declared.declaration
        audit.record(session, by, "victim_told", declaration, now=now, item=proposal.item.public_number)


def _add(session: Session, each: PairResemblance, now: datetime, *, is_direct: bool) -> None:
    proposal = Proposal(
        public_id=secrets.token_hex(12),
        object_id=each.object_id,
        item_id=each.item_id,
        level=each.level,
        evidence=list(each.reasons),
        state=ProposalState.NEW,
        made_at=now,
    )
    session.add(proposal)
    if each.shows_itself(is_direct=is_direct):
        _show(session, proposal, now)


def _update(session: Session, known: Proposal, each: PairResemblance, now: datetime, *, is_direct: bool) -> None:
    """Better reasons for a pair that nobody has decided; what was decided stays."""
    degrees = list(ProposalLevel)
    if known.state in (ProposalState.NEW, ProposalState.LATER) and degrees.index(each.level) < degrees.index(
        known.level
    ):
        known.level, known.evidence = each.level, list(each.reasons)
        if each.shows_itself(is_direct=is_direct):
            _show(session, known, now)


def _show(session: Session, proposal: Proposal, now: datetime) -> None:
    proposal.state, proposal.decided_at = ProposalState.SHOWN, now
    session.flush()
    session.refresh(proposal)
    declaration = proposal.declared.declaration
    audit.record(session, None, "proposal_shown", declaration, now=now, item=proposal.item.public_number)
    answers.tell(session, declaration, MessageKind.FOUND, now=now)


def _open_proposals(session: Session, object_ids: Collection[int]) -> Counter[int]:
    """How many pairs of each object wait or are shown."""
    wanted = select(Proposal.object_id, func.count(Proposal.id)).where(
        Proposal.object_id.in_(object_ids), Proposal.state != ProposalState.DISMISSED
    )
    return Counter(dict(session.execute(wanted.group_by(Proposal.object_id)).all()))


def _known(session: Session, found: Sequence[PairResemblance]) -> dict[tuple[int, int], Proposal]:
    objects, items = {each.object_id for each in found}, {each.item_id for each in found}
    wanted = select(Proposal).where(Proposal.object_id.in_(objects), Proposal.item_id.in_(items))
    return {(each.object_id, each.item_id): each for each in session.scalars(wanted)}


def _of_unit(by: Officer, *states: ProposalState) -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Proposal.item)
        .join(Proposal.declared)
        .join(DeclaredObject.declaration)
        .where(Item.unit_id == by.unit_id, Proposal.state.in_(states), is_open(), Item.status == ItemStatus.PUBLISHED)
        .options(
            joinedload(Proposal.item).options(selectinload(Item.photos), joinedload(Item.category)),
            joinedload(Proposal.declared).options(
                joinedload(DeclaredObject.declaration).joinedload(Declaration.unit),
                joinedload(DeclaredObject.category),
                selectinload(DeclaredObject.photos),
            ),
        )
    )
