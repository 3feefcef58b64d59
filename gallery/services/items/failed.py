"""Photos without a signature, because their picture could not be described: counted, named, and tried again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from gallery.models import Item, ItemPhoto, Officer, SignatureState, Unit
from gallery.services import audit
from gallery.services.items import signatures
from gallery.services.items.signatures import DuePhoto


@dataclass(frozen=True)
class FailedPhoto:
    """One of them. number: its place among the photos of its item, from 1."""

    photo: ItemPhoto
    item: Item
    number: int


def count(session: Session, unit: Unit | None = None) -> int:
    """How many photos of a unit, or of all, no search by photo finds for that reason."""
    return session.scalar(_failed(unit).with_only_columns(func.count(ItemPhoto.id))) or 0


def listed(session: Session, unit: Unit, *, limit: int) -> list[FailedPhoto]:
    """The unit's photos without a signature, item by item."""
    wanted = _failed(unit).options(contains_eager(ItemPhoto.item).selectinload(Item.photos)).order_by(ItemPhoto.id)
    return [_named(photo) for photo in session.scalars(wanted.limit(limit))]


def try_again(session: Session, unit: Unit, *, by: Officer, now: datetime) -> int:
    """Mark the unit's photos without a signature as due again, for the worker; return how many."""
    photos = list(session.scalars(_failed(unit).options(contains_eager(ItemPhoto.item))))
    for photo in photos:
        signatures.ask_again(photo)
        audit.record(session, by, "describe_again", photo.item, now=now, photo=photo.public_id)
    return len(photos)


def after(session: Session, photo_id: int, limit: int) -> list[DuePhoto]:
    """The next ones of all units, by id, as one who describes them takes them."""
    wanted = _failed(None).where(ItemPhoto.id > photo_id).order_by(ItemPhoto.id).limit(limit)
    return [signatures.due_of(photo) for photo in session.scalars(wanted)]


def names_of(session: Session, photo_ids: Sequence[int]) -> dict[int, str]:
    """Names of photos for an operator, by id: the item's number, and which of its photos it is."""
    wanted = (
        select(ItemPhoto)
        .where(ItemPhoto.id.in_(photo_ids))
        .options(selectinload(ItemPhoto.item).selectinload(Item.photos))
    )
    # Deleted ones have no item.
    named = [_named(photo) for photo in session.scalars(wanted) if photo.item is not None]
    return {each.photo.id: f"{each.item.public_number}, photo {each.number}" for each in named}


def _failed(unit: Unit | None) -> Select[ItemPhoto]:
    wanted = select(ItemPhoto).join(ItemPhoto.item).where(ItemPhoto.signature_state == SignatureState.FAILED)
    return wanted if unit is None else wanted.where(Item.unit_id == unit.id)


def _named(photo: ItemPhoto) -> FailedPhoto:
    return FailedPhoto(photo, photo.item, photo.item.photos.index(photo) + 1)
