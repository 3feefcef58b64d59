"""The items of the whole installation for whoever runs it: where each stands, and what of it the program has done.

What officers wrote in confidence is not opened: an operator is no officer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.errors import ItemNotFound
from gallery.models import Category, Item, ItemPhoto, ItemStatus, SignatureState, Unit
from gallery.sealing import Sealer
from gallery.services.items import publication
from gallery.services.items.numbering.numbers import read_public_number


@dataclass(frozen=True)
class ListedItem:
    """One line of the list. photos: how many; undescribed: of them, those that no search can find yet."""

    number: str
    status: ItemStatus
    unit: str
    category: str
    title: str
    photos: int
    undescribed: int
    changed_at: datetime


@dataclass(frozen=True)
class PhotoState:
    """One photo. signature: whether it is described; version: by which matcher, empty when it is not."""

    public_id: str
    is_private: bool
    signature: SignatureState
    attempts: int
    version: str


@dataclass(frozen=True)
class ItemState:
    """One item. obstacles: what stands between it and the public, as codes."""

    number: str
    status: ItemStatus
    unit: str
    category: str
    title: str
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    obstacles: Sequence[str]
    photos: Sequence[PhotoState]


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to; None: all of them. after: the number of the last item that was listed before."""

    unit: Unit | None = None
    category: Category | None = None
    status: ItemStatus | None = None
    after: str = ""


def listed(session: Session, sought: Sought, *, limit: int) -> list[ListedItem]:
    """At most `limit` items, the newest first; raise ItemNotFound when the one to go on after does not exist."""
    wanted = select(Item).options(joinedload(Item.category), joinedload(Item.unit)).order_by(Item.id.desc())
    if sought.unit is not None:
        wanted = wanted.where(Item.unit_id == sought.unit.id)
    if sought.category is not None:
        wanted = wanted.where(Item.category_id == sought.category.id)
    if sought.status is not None:
        wanted = wanted.where(Item.status == sought.status)
    if sought.after:
        wanted = wanted.where(Item.id < _get(session, sought.after).id)
    items = session.scalars(wanted.limit(limit)).all()
    photos = _photos_of(session, items)
    return [_line(item, *photos.get(item.id, (0, 0))) for item in items]


def state_of(session: Session, number: str, *, sealer: Sealer) -> ItemState:
    """One item, by its number however it is written; raise ItemNotFound."""
    item = _get(session, number)
    return ItemState(
        number=item.public_number,
        status=item.status,
        unit=item.unit.code,
        category=item.category.code,
        title=item.title,
        created_at=item.created_at,
        changed_at=item.updated_at,
        published_at=item.published_at,
        obstacles=[each.value for each in publication.obstacles(session, item, sealer=sealer)],
        photos=[_photo(each) for each in item.photos],
    )


def _get(session: Session, number: str) -> Item:
    photos = selectinload(Item.photos).joinedload(ItemPhoto.signature)
    proper = read_public_number(number)
    item = session.scalar(select(Item).where(Item.public_number == proper).options(photos)) if proper else None
    if item is None:
        raise ItemNotFound(number)
    return item


def _photos_of(session: Session, items: Sequence[Item]) -> dict[int, tuple[int, int]]:
    """By item: how many photos it has, and how many of them are not described."""
    undescribed = func.count().filter(ItemPhoto.signature_state != SignatureState.DONE)
    counted = select(ItemPhoto.item_id, func.count(), undescribed).group_by(ItemPhoto.item_id)
    rows = session.execute(counted.where(ItemPhoto.item_id.in_([each.id for each in items])))
    return {item_id: (photos, missing) for item_id, photos, missing in rows if item_id is not None}


def _line(item: Item, photos: int, undescribed: int) -> ListedItem:
    return ListedItem(
        number=item.public_number,
        status=item.status,
        unit=item.unit.code,
        category=item.category.code,
        title=item.title,
        photos=photos,
        undescribed=undescribed,
        changed_at=item.updated_at,
    )


def _photo(photo: ItemPhoto) -> PhotoState:
    return PhotoState(
        public_id=photo.public_id,
        is_private=photo.is_private,
        signature=photo.signature_state,
        attempts=photo.signature_attempts,
        version=photo.signature.version if photo.signature else "",
    )
