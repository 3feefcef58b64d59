"""Groups of waiting photos become drafts, or more photos of an item that there is already."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import CaseNotFound
from gallery.models import Case, Item, LotPhoto, Officer, PhotoLot
from gallery.services import cases
from gallery.services.items import categories, items, leftovers, photos, redaction, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import PreparedPhoto, file_columns, hidden_in
from gallery.services.lots import describing, leaving
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import PhotoGroup
from gallery.services.resources import Resources
from gallery.services.storekeeping import released


@dataclass(frozen=True)
class MadeItem:
    """The item that has the photos of a group. is_new: it was made for them; before: as `add_to` returns them."""

    item: Item
    is_new: bool
    before: tuple[leftovers.Files, ...]


def make_item(session: Session, given: Resources, group: PhotoGroup, words: GroupWords, *, by: Officer) -> MadeItem:
    """Make an item of a group, under the number of its card when it has one; its photos wait no more.

    group: of a case that is locked. words: with a title and a category. When an item of the unit has the number
    already, the photos are added to it, and what is written of it stays. Raises CategoryNotFound.
    """
    known = _known(session, group, by)
    if known is not None:
        return MadeItem(known, is_new=False, before=add_to(session, given, group, known, by=by))
    item = items.create(session, given, _written(session, group.lot, words, by), by=by, number=group.number)
    return MadeItem(item, is_new=True, before=add_to(session, given, group, item, by=by))


def add_to(
    session: Session, given: Resources, group: PhotoGroup, item: Item, *, by: Officer
) -> tuple[leftovers.Files, ...]:
    """Add the photos of a group to an item of the officer's unit, which is locked; they wait no more.

    What is hidden of one is hidden of the photo of the same file that the item has already, too. Returns the files that
    `redaction.empty` is to destroy once that is committed.
    """
    lot, now = group.lot, given.now()
    before: list[leftovers.Files] = []
    for photo in group.photos:
        prepared = _prepared(session, given, photo, by)
        row = photos.add_to_item(session, item, prepared, by=by, now=now)
        if {*prepared.hidden} - {*hidden_in(row)}:
            alike = redaction.prepare_alike(row, prepared.hidden, settings=given.settings, private=given.private)
            before.append(redaction.hide(session, given, row, RedactedPhoto(alike, row.rendition_digest), by=by))
        describing.hand_over(session, photo, row, now=now)
    leaving.take(session, lot, group.photos)
    return tuple(before)


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


def _prepared(session: Session, given: Resources, photo: LotPhoto, by: Officer) -> PreparedPhoto:
    """A waiting photo's files; made anew where an earlier version let it show what is hidden of the same file."""
    own, sha256 = hidden_in(photo), photo.original_sha256
    hidden = redaction.hidden_of_files(session, [sha256], by.unit_id).get(sha256, ())
    if not {*hidden} - {*own}:
        return PreparedPhoto(**file_columns(photo), hidden=own)
    released.note(session, [photo.rendition_digest], now=given.now())
    return redaction.prepare_alike(photo, hidden, settings=given.settings, private=given.private)
