"""Groups of waiting photos become drafts, or more photos of an item that there is already."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import CaseNotFound
from gallery.models import Case, Item, LotPhoto, Officer, PhotoLot
from gallery.services import cases
from gallery.services.items import categories, items, photos, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.renditions import PreparedPhoto, file_columns, hidden_in
from gallery.services.lots import describing, leaving
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import PhotoGroup
from gallery.services.resources import Resources


def make_item(session: Session, given: Resources, group: PhotoGroup, words: GroupWords, *, by: Officer) -> Item:
    """Make an item of a group, under the number of its card when it has one; its photos wait no more.

    group: of a case that is locked. words: with a title and a category. When an item of the unit has the number
    already, the photos are added to it, and what is written of it stays. Raises CategoryNotFound.
    """
    item = _known(session, group, by)
    if item is None:
        written = _written(session, group.lot, words, by)
        item = items.create(session, given, written, by=by, number=group.number)
    add_to(session, group, item, by=by, now=given.now())
    return item


def add_to(session: Session, group: PhotoGroup, item: Item, *, by: Officer, now: datetime) -> None:
    """Add the photos of a group to an item of the officer's unit, which is locked; they wait no more."""
    lot = group.lot
    for photo in group.photos:
        row = photos.add_to_item(session, item, _prepared(photo), by=by, now=now)
        describing.hand_over(session, photo, row, now=now)
    leaving.take(session, lot, group.photos)


def _written(session: Session, lot: PhotoLot, words: GroupWords, by: Officer) -> WrittenItem:
    description = ItemDescription(
        title=words.title, materials=words.materials, period=words.period, colours=tuple(words.colours.split())
    )
    category = categories.get_by_code(session, words.category)
    shown, secret = withholding.withhold(description, ItemSecrets(), tuple(words.withheld.split()))
    return WrittenItem(_case_of(session, lot, words, by), category, shown, secret)


def _case_of(session: Session, lot: PhotoLot, words: GroupWords, by: Officer) -> Case:
    """The case that is written of a group where the officer's unit has it; else the lot's."""
    if not words.case:
        return lot.case
    try:
        return cases.get(session, words.case, by=by)
    except CaseNotFound:
        return lot.case


def _known(session: Session, group: PhotoGroup, by: Officer) -> Item | None:
    if not group.number:
        return None
    known = select(Item.id).where(Item.public_number == group.number, Item.unit_id == by.unit_id)
    return items.lock(session, group.number, by=by) if session.scalar(known) is not None else None


def _prepared(photo: LotPhoto) -> PreparedPhoto:
    return PreparedPhoto(
        **file_columns(photo),
        hidden=hidden_in(photo),
    )
