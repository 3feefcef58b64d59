"""The claims that an officer may look at: those of the unit's items, and what else bears on one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.errors import ClaimNotFound
from gallery.models import (
    AuditEntry,
    Claim,
    ClaimState,
    ClaimStatement,
    Declaration,
    DeclaredObject,
    Item,
    ItemPhoto,
    Officer,
)
from gallery.services.claims.progress import ENDED
from gallery.services.declarations.answers import MessageKind

OPEN = tuple(each for each in ClaimState if each not in ENDED)


@dataclass(frozen=True)
class ClaimsPart:
    """Some claims of a list. total: of the whole list; rivals: how many claims there are for each item, by its id."""

    claims: Sequence[Claim]
    total: int
    rivals: Mapping[int, int]


@dataclass(frozen=True)
class PriorObject:
    """An object of the claimant's declaration. is_prior: declared before the item was shown to the public."""

    declared: DeclaredObject
    is_prior: bool


def listed(session: Session, by: Officer, *, ended: bool, limit: int, offset: int) -> ClaimsPart:
    """The claims for the unit's items, but for those in quarantine, the oldest first; ended: those that are over."""
    wanted = _of_unit(by).where(Claim.state.in_(ENDED if ended else OPEN), Claim.held_at.is_(None))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(wanted.order_by(Claim.claimed_at, Claim.id).limit(limit).offset(offset)).all()
    counted = select(Claim.item_id, func.count()).where(
        Claim.item_id.in_({each.item_id for each in rows}), Claim.held_at.is_(None)
    )
    rivals = dict(session.execute(counted.group_by(Claim.item_id)).all())
    return ClaimsPart(rows, total, rivals)


def get(session: Session, reference: str, by: Officer) -> Claim:
    """A claim for an item of the officer's unit, with all that is shown of it; raise ClaimNotFound."""
    declaration = joinedload(Claim.declaration)
    wanted = _of_unit(by).where(Claim.reference == reference)
    wanted = wanted.options(
        selectinload(Claim.statements).selectinload(ClaimStatement.proofs),
        selectinload(Claim.steps),
        declaration.selectinload(Declaration.objects).options(
            joinedload(DeclaredObject.category), selectinload(DeclaredObject.photos)
        ),
    )
    found = session.scalar(wanted)
    if found is None:
        raise ClaimNotFound(reference)
    return found


def others(session: Session, claim: Claim) -> list[Claim]:
    """The other claims for the same item, but for those in quarantine, the oldest first."""
    wanted = select(Claim).where(Claim.item_id == claim.item_id, Claim.id != claim.id, Claim.held_at.is_(None))
    return list(session.scalars(wanted.order_by(Claim.claimed_at, Claim.id)))


def prior_objects(session: Session, claim: Claim) -> list[PriorObject]:
    """What the claimant has declared stolen, and whether all of it was said before the item was first public.

    What was added has no time of its own: once anything was added after that, none of it counts as said before.
    """
    shown_at, declaration = first_shown_at(session, claim.item), claim.declaration
    said_at = [declaration.declared_at, *(each.at for each in declaration.messages if each.kind == MessageKind.ADDED)]
    is_prior = shown_at is not None and max(said_at) < shown_at
    return [PriorObject(each, is_prior) for each in declaration.objects]


def first_shown_at(session: Session, item: Item) -> datetime | None:
    """When an item was first public, however often it was withdrawn and published since; None for never."""
    published = select(func.min(AuditEntry.at)).where(
        AuditEntry.subject_kind == "item", AuditEntry.subject == item.public_number, AuditEntry.action == "publish"
    )
    shown = select(func.min(ItemPhoto.shown_at)).where(ItemPhoto.item_id == item.id)
    instants = (item.published_at, session.scalar(published), session.scalar(shown))
    return min((each for each in instants if each is not None), default=None)


def _of_unit(by: Officer) -> Select[Claim]:
    wanted = select(Claim).join(Claim.item).where(Item.unit_id == by.unit_id)
    return wanted.options(joinedload(Claim.item).options(selectinload(Item.photos), joinedload(Item.category)))
