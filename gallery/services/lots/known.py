"""What is in the gallery already: items that show the same object or photo as a group, as far as an officer may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from gallery.matching import Likelihood
from gallery.models import Item, ItemPhoto, LotPhoto, Officer, PhotoLot, WaitingResemblance
from gallery.services.items import items
from gallery.services.lots.grouping import PhotoGroup

MAX_TOLD = 3
_DEGREES = list(Likelihood)


@dataclass(frozen=True)
class KnownItem:
    """An item that a waiting photo shows, or resembles. is_same_photo: one picture, or the very same file."""

    waiting: LotPhoto
    photo: ItemPhoto
    likelihood: Likelihood
    is_same_photo: bool

    @property
    def item(self) -> Item:
        """The item of the photo."""
        return self.photo.item


def of_groups(
    session: Session, lot: PhotoLot, groups: Collection[PhotoGroup], *, by: Officer
) -> dict[str, list[KnownItem]]:
    """The items that the photos of each group show, each by its best photo, the likeliest first; by the group's key.

    None of other units that is not published, and none that an officer has said to be another object.
    """
    found: dict[int, list[KnownItem]] = {}
    for each in _same_files(session, lot, by) + _resembling(session, lot, by):
        found.setdefault(each.waiting.id, []).append(each)
    ignored = _ignored(session, lot)
    told = {}
    for group in groups:
        items_there = [each for photo in group.photos for each in found.get(photo.id, ())]
        dismissed = _of_any(group, ignored)
        told[group.key] = _best([each for each in items_there if each.photo.item_id not in dismissed])
    return {key: known for key, known in told.items() if known}


def by_number(session: Session, lot: PhotoLot, groups: Collection[PhotoGroup]) -> dict[str, Item]:
    """The items of the unit that have the numbers of groups already: these get the photos, and keep their words."""
    numbers = {group.number for group in groups} - {""}
    wanted = select(Item).where(Item.public_number.in_(numbers), Item.unit_id == lot.case.unit_id)
    return {item.public_number: item for item in session.scalars(wanted.options(joinedload(Item.category)))}


def same_files(session: Session, lot: PhotoLot, groups: Collection[PhotoGroup]) -> set[str]:
    """The keys of the groups with a photo that another object of the unit has, file for file.

    Not where an officer has said of any photo of the group that it is another object, as `of_groups` asks no more then.
    """
    theirs = (
        select(LotPhoto.id, Item.id, Item.public_number)
        .join(ItemPhoto, ItemPhoto.original_sha256 == LotPhoto.original_sha256)
        .join(ItemPhoto.item)
        .where(LotPhoto.lot_id == lot.id, Item.unit_id == lot.case.unit_id)
    )
    there: dict[int, set[int | None]] = {}
    numbers: dict[int | None, str] = {}
    for photo_id, item_id, number in session.execute(theirs):
        there.setdefault(photo_id, set()).add(item_id)
        numbers[item_id] = number
    ignored = _ignored(session, lot)
    asked = {group.key: _of_any(group, there) - _of_any(group, ignored) for group in groups}
    return {group.key for group in groups if any(numbers[each] != group.number for each in asked[group.key])}


def ignore(session: Session, group: PhotoGroup, public_number: str, *, by: Officer) -> int:
    """Record that no photo of a group shows this item; return how many photos that concerns."""
    photo_ids = [photo.id for photo in group.photos]
    shown = session.scalars(
        select(ItemPhoto).join(ItemPhoto.item).where(Item.public_number == public_number, items.seen_by(by))
    ).all()
    if not shown:
        return 0
    known = session.scalars(
        select(WaitingResemblance).where(
            WaitingResemblance.photo_id.in_(photo_ids),
            WaitingResemblance.item_photo_id.in_([photo.id for photo in shown]),
        )
    ).all()
    for each in known:
        each.is_ignored = True
    # The very same file was found without a row.
    for photo_id in set(photo_ids) - {each.photo_id for each in known}:
        session.add(
            WaitingResemblance(
                photo_id=photo_id, item_photo_id=shown[0].id, likelihood=Likelihood.WEAK.value, is_ignored=True
            )
        )
    return len(photo_ids)


def _same_files(session: Session, lot: PhotoLot, by: Officer) -> list[KnownItem]:
    waiting = {photo.original_sha256: photo for photo in lot.photos}
    wanted = (
        select(ItemPhoto)
        .join(ItemPhoto.item)
        .where(ItemPhoto.original_sha256.in_(waiting), items.seen_by(by))
        .options(contains_eager(ItemPhoto.item))
    )
    return [
        KnownItem(waiting[photo.original_sha256], photo, Likelihood.STRONG, is_same_photo=True)
        for photo in session.scalars(wanted)
    ]


def _resembling(session: Session, lot: PhotoLot, by: Officer) -> list[KnownItem]:
    waiting = {photo.id: photo for photo in lot.photos}
    wanted = (
        select(WaitingResemblance)
        .join(WaitingResemblance.photo)
        .join(WaitingResemblance.item_photo)
        .join(ItemPhoto.item)
        .where(LotPhoto.lot_id == lot.id, WaitingResemblance.is_ignored.is_(False), items.seen_by(by))
        .options(contains_eager(WaitingResemblance.item_photo).contains_eager(ItemPhoto.item))
    )
    return [
        KnownItem(waiting[each.photo_id], each.item_photo, Likelihood(each.likelihood), each.is_same_photo)
        for each in session.scalars(wanted)
        if each.photo_id in waiting
    ]


def _of_any(group: PhotoGroup, of_photos: Mapping[int, set[int | None]]) -> set[int | None]:
    """The items that this has for any photo of a group."""
    return {item_id for photo in group.photos for item_id in of_photos.get(photo.id, ())}


def _ignored(session: Session, lot: PhotoLot) -> dict[int, set[int | None]]:
    """The items of which an officer has said that a photo does not show them, by the photo's row."""
    wanted = (
        select(WaitingResemblance.photo_id, ItemPhoto.item_id)
        .join(WaitingResemblance.photo)
        .join(WaitingResemblance.item_photo)
        .where(LotPhoto.lot_id == lot.id, WaitingResemblance.is_ignored)
    )
    found: dict[int, set[int | None]] = {}
    for photo_id, item_id in session.execute(wanted):
        found.setdefault(photo_id, set()).add(item_id)
    return found


def _best(known: Sequence[KnownItem]) -> list[KnownItem]:
    """Each item once, the same photo before what only looks like it."""
    best: dict[int | None, KnownItem] = {}
    for each in sorted(known, key=lambda one: (not one.is_same_photo, _DEGREES.index(one.likelihood))):
        best.setdefault(each.photo.item_id, each)
    return list(best.values())[:MAX_TOLD]
