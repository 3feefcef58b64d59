"""A proposal: an item that resembles a declared object; decided by an officer of the item's unit, or by its level.

What an officer sees of a victim is in the journal.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
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
    Unit,
)
from gallery.services import audit
from gallery.services.declarations import answers
from gallery.services.declarations.answers import MessageKind
from gallery.services.proposals import ending_calls
from gallery.services.proposals.compared import ComparedPhotos
from gallery.services.proposals.declared import is_known, is_open

SERIAL_NUMBER, WORDS, PLACE = "serial_number", "words", "place"
# What shows itself to the victim without an officer: pictures alone. A number that agrees changes nothing of what is
# shown unasked: whoever declares numbers at random would learn which of them the gendarmerie holds.
SHOWS_ITSELF = frozenset({matching.Evidence.SAME_PHOTO.value, matching.Evidence.MANY_DETAILS.value})
MAX_WAITING = 12
"""Proposals of one object and of one sort that wait or are shown at once: a common kind would bury the others."""
_BEST_FIRST = case({level.value: place for place, level in enumerate(ProposalLevel)}, value=Proposal.level)


@dataclass(frozen=True)
class PairResemblance:
    """That an item may be a declared object. reasons: names of `matching.Evidence`, SERIAL_NUMBER, WORDS, PLACE.

    level: with a number that agrees, for officers. told_level: without; None when nothing but the number makes the two
    one. compared: the photos that make them one, if photos do.
    """

    object_id: int
    item_id: int
    level: ProposalLevel
    reasons: tuple[str, ...]
    told_level: ProposalLevel | None
    compared: ComparedPhotos | None = None

    def shows_itself(self, *, is_direct: bool) -> bool:
        """Whether the victim may see it before an officer has. is_direct: the item's unit asks no officer."""
        if is_direct and self.told_level is not None:
            return True
        return self.told_level is ProposalLevel.STRONG and bool(SHOWS_ITSELF & set(self.reasons))


class PairQueue(NamedTuple):
    """What pairs take turns for. told_level: as of `PairResemblance`; is_seen: photos make them one, too."""

    object_id: int
    is_published: bool
    told_level: str | None
    is_seen: bool


@dataclass(frozen=True)
class ProposedItem:
    """What decides whether a victim may see an item. is_direct: its unit asks no officer first."""

    is_published: bool
    published_at: datetime | None
    is_direct: bool


def propose(session: Session, found: Sequence[PairResemblance], *, now: datetime) -> None:
    """Keep the resemblances, the best first, and among equals the near ones; inside atomic().

    A pair that is known stays as it was decided. What is not public waits for the officers of its unit. Each sort has
    places of its own (`PairQueue`): many objects that words alone propose never keep out the one that a photo shows.
    """
    known = _known(session, found)
    items = _items(session, {each.item_id for each in found})
    waiting_for = _open_proposals(session, {each.object_id for each in found})
    for each in sorted(found, key=lambda one: (_degree(one.told_level), PLACE not in one.reasons)):
        before, item = known.get((each.object_id, each.item_id)), items[each.item_id]
        place = PairQueue(each.object_id, item.is_published, each.told_level, each.compared is not None)
        if before is None or (before.told_level is None and each.told_level is not None):
            if waiting_for[place] >= MAX_WAITING:
                continue
            waiting_for[place] += 1
        if before is None:
            _add(session, each, item, now)
        else:
            _update(session, before, each, item, now)


def waiting(session: Session, by: Officer, *, limit: int, offset: int = 0) -> list[Proposal]:
    """What waits for a decision, of the unit's items, published or not: the likeliest, then the oldest first."""
    wanted = _of_unit(by, ProposalState.NEW, ProposalState.LATER)
    wanted = wanted.order_by(Proposal.state == ProposalState.LATER, _BEST_FIRST, Proposal.made_at, Proposal.id)
    return list(session.scalars(wanted.limit(limit).offset(offset)))


def count_all_waiting(session: Session, by: Officer) -> int:
    """How many proposals `waiting` lists, those for later among them."""
    wanted = _of_unit(by, ProposalState.NEW, ProposalState.LATER).with_only_columns(func.count(Proposal.id))
    return session.scalar(wanted) or 0


def count_waiting(session: Session, by: Officer) -> int:
    """How many proposals of the officer's unit nobody has looked at yet."""
    wanted = _of_unit(by, ProposalState.NEW).with_only_columns(func.count(Proposal.id))
    return session.scalar(wanted) or 0


def to_be_told(session: Session, by: Officer, *, sends_mail: bool, limit: int, offset: int = 0) -> list[Proposal]:
    """The call list: shown proposals of the officer's unit whose victim nobody has told yet, the oldest first.

    sends_mail: those with a confirmed address are written to, and not called.
    """
    wanted = _to_be_told(by, sends_mail=sends_mail).order_by(Proposal.decided_at, Proposal.id)
    return list(session.scalars(wanted.limit(limit).offset(offset)))


def count_to_be_told(session: Session, by: Officer, *, sends_mail: bool) -> int:
    """How many proposals the call list has."""
    wanted = _to_be_told(by, sends_mail=sends_mail).with_only_columns(func.count(Proposal.id))
    return session.scalar(wanted) or 0


def get(session: Session, public_id: str, by: Officer) -> Proposal:
    """A proposal of the officer's unit, of a search that has ended only if it was shown; raise ProposalNotFound."""
    whose = or_(is_open(), and_(is_known(), Proposal.state == ProposalState.SHOWN))
    found = session.scalar(_of_unit(by, *ProposalState, whose=whose).where(Proposal.public_id == public_id))
    if found is None:
        raise ProposalNotFound(public_id)
    return found


def decide(session: Session, proposal: Proposal, state: ProposalState, *, by: Officer, now: datetime) -> None:
    """Show it to the victim, dismiss it for good, or leave it for later; inside atomic().

    Raises ChangedMeanwhile for one that a colleague has decided in between, or whose item is no longer public.
    """
    # Waits for whoever decides it at this moment, a colleague or the worker.
    session.refresh(proposal, with_for_update={"of": Proposal})
    if proposal.state not in (ProposalState.NEW, ProposalState.LATER):
        raise ChangedMeanwhile
    if state is ProposalState.SHOWN and proposal.item.status is not ItemStatus.PUBLISHED:
        raise ChangedMeanwhile
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, by
    declaration = proposal.declared.declaration
    audit.record(session, by, f"proposal_{state.value}", declaration, now=now, item=proposal.item.public_number)
    if state is ProposalState.SHOWN:
        answers.tell(session, declaration, MessageKind.FOUND, now=now)
    if state is ProposalState.DISMISSED and _was_full(session, proposal):
        # What found no place is compared once more.
        proposal.declared.compared_at = None


def note_told(session: Session, proposal: Proposal, *, by: Officer, now: datetime) -> None:
    """Note that the victim was told, by telephone or otherwise; inside atomic(). Twice is harmless."""
    if proposal.told_at is None:
        proposal.told_at = now
        declaration = proposal.declared.declaration
        audit.record(session, by, "victim_told", declaration, now=now, item=proposal.item.public_number)


def _add(session: Session, each: PairResemblance, item: ProposedItem, now: datetime) -> None:
    proposal = Proposal(
        public_id=secrets.token_hex(12),
        object_id=each.object_id,
        item_id=each.item_id,
        level=each.level,
        told_level=each.told_level,
        evidence=list(each.reasons),
        compared=each.compared.as_kept() if each.compared else None,
        state=ProposalState.NEW,
        made_at=now,
    )
    session.add(proposal)
    if item.is_published and each.shows_itself(is_direct=item.is_direct):
        _show(session, proposal, now)


def _update(session: Session, known: Proposal, each: PairResemblance, item: ProposedItem, now: datetime) -> None:
    """Better reasons for a pair that waits, or an item that was published since; what was decided stays."""
    if known.state not in (ProposalState.NEW, ProposalState.LATER):
        return
    if each.compared:
        known.compared = each.compared.as_kept()
    is_better = _degree(each.told_level) < _degree(known.told_level)
    if is_better:
        if known.told_level is None:
            known.made_at = now
        known.level, known.told_level, known.evidence = each.level, each.told_level, list(each.reasons)
    elif _degree(each.level) < _degree(known.level):
        # By the number: what else is known of the pair stays as it would be without.
        known.level, known.evidence = each.level, list(dict.fromkeys((*known.evidence, SERIAL_NUMBER)))
    # What had waited while it was public stays for an officer.
    was_hidden = item.published_at is not None and item.published_at > known.made_at
    if item.is_published and (is_better or was_hidden) and each.shows_itself(is_direct=item.is_direct):
        _show(session, known, now)


def _was_full(session: Session, dismissed: Proposal) -> bool:
    """Whether some pair may have found no place beside this one, whatever has become of its item since."""
    session.flush()
    places = _open_proposals(session, {dismissed.object_id})
    alike = (count for place, count in places.items() if place.told_level == dismissed.told_level)
    return any(count >= MAX_WAITING - 1 for count in alike)


def _degree(level: str | None) -> int:
    """The place of a level, the best first; None is the last."""
    return len(ProposalLevel) if level is None else list(ProposalLevel).index(ProposalLevel(level))


def _show(session: Session, proposal: Proposal, now: datetime) -> None:
    proposal.state, proposal.decided_at = ProposalState.SHOWN, now
    session.flush()
    session.refresh(proposal)
    declaration = proposal.declared.declaration
    audit.record(session, None, "proposal_shown", declaration, now=now, item=proposal.item.public_number)
    answers.tell(session, declaration, MessageKind.FOUND, now=now)


def _items(session: Session, ids: Collection[int]) -> dict[int, ProposedItem]:
    wanted = select(Item.id, Item.status, Item.published_at, Unit.direct_since).join(Item.unit).where(Item.id.in_(ids))
    return {
        row.id: ProposedItem(row.status is ItemStatus.PUBLISHED, row.published_at, row.direct_since is not None)
        for row in session.execute(wanted)
    }


def _open_proposals(session: Session, object_ids: Collection[int]) -> Counter[PairQueue]:
    """How many pairs of each object and sort wait or are shown."""
    is_published, is_seen = Item.status == ItemStatus.PUBLISHED, Proposal.compared.is_not(None)
    sort = (Proposal.object_id, is_published, Proposal.told_level, is_seen)
    wanted = select(*sort, func.count(Proposal.id)).join(Proposal.item).group_by(*sort)
    wanted = wanted.where(Proposal.object_id.in_(object_ids), Proposal.state != ProposalState.DISMISSED)
    rows = session.execute(wanted)
    return Counter({PairQueue(key, bool(public), level, bool(seen)): count for key, public, level, seen, count in rows})


def _known(session: Session, found: Sequence[PairResemblance]) -> dict[tuple[int, int], Proposal]:
    """The pairs that have a row; locked, so that none is shown that an officer dismisses at this moment."""
    objects, items = {each.object_id for each in found}, {each.item_id for each in found}
    wanted = select(Proposal).where(Proposal.object_id.in_(objects), Proposal.item_id.in_(items))
    wanted = wanted.order_by(Proposal.id).with_for_update()
    return {(each.object_id, each.item_id): each for each in session.scalars(wanted)}


def _to_be_told(by: Officer, *, sends_mail: bool) -> Select[Proposal]:
    is_untold = (Proposal.told_at.is_(None), Item.status == ItemStatus.PUBLISHED)
    wanted = _of_unit(by, ProposalState.SHOWN, whose=is_known()).where(*is_untold)
    return wanted.where(~ending_calls.is_written_to()) if sends_mail else wanted


def _of_unit(by: Officer, *states: ProposalState, whose: ColumnElement[bool] | None = None) -> Select[Proposal]:
    """The proposals of the officer's unit in these states. whose: of which declarations; None: of open ones."""
    are_theirs = is_open() if whose is None else whose
    return (
        select(Proposal)
        .join(Proposal.item)
        .join(Proposal.declared)
        .join(DeclaredObject.declaration)
        .where(Item.unit_id == by.unit_id, Proposal.state.in_(states), are_theirs, Item.status != ItemStatus.RETURNED)
        .options(
            joinedload(Proposal.item).options(selectinload(Item.photos), joinedload(Item.category)),
            joinedload(Proposal.declared).options(
                joinedload(DeclaredObject.declaration).joinedload(Declaration.unit),
                joinedload(DeclaredObject.category),
                selectinload(DeclaredObject.photos),
            ),
        )
    )
