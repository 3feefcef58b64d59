"""Groups of waiting photos become drafts, or more photos of an item that there is already."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import CaseNotFound, ChangedMeanwhile
from gallery.imaging import Place
from gallery.models import Case, Item, ItemPhoto, ItemStatus, LotPhoto, Officer, PhotoLot
from gallery.services import cases
from gallery.services.items import categories, items, leftovers, photos, redaction, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import PreparedPhoto, check_kept, file_columns, hidden_in
from gallery.services.lots import describing, leaving
from gallery.services.lots.group_words import GroupWords
from gallery.services.lots.grouping import PhotoGroup
from gallery.services.resources import Resources
from gallery.services.storekeeping import released


@dataclass(frozen=True)
class ReadyFiles:
    """Photos as `prepare` made them: those that wait, and those that an item has of the same files, by their rows."""

    waiting: Mapping[int, RedactedPhoto] = field(default_factory=dict)
    of_item: Mapping[int, RedactedPhoto] = field(default_factory=dict)


AS_THEY_ARE = ReadyFiles()


@dataclass(frozen=True)
class ReadyGroup:
    """A group whose photos leave the lot, with the files that were made for that."""

    group: PhotoGroup
    files: ReadyFiles = AS_THEY_ARE


@dataclass(frozen=True)
class NamedGroup:
    """A group that becomes an item. words: with a title and a category."""

    ready: ReadyGroup
    words: GroupWords


@dataclass(frozen=True)
class MadeItem:
    """The item that has the photos of a group. is_new: it was made for them; before: as `add_to` returns them."""

    item: Item
    is_new: bool
    before: tuple[leftovers.Files, ...]


def prepare(
    session: Session, given: Resources, waiting: Sequence[LotPhoto], number: str = "", *, by: Officer
) -> ReadyFiles:
    """Make anew the files of waiting photos that show what the unit hides in others of the same file.

    And of those that the item of this number has of them, or had until they were deleted. The slow part, before the
    transaction opens; nearly always there is nothing to be done.
    """
    digests = [photo.original_sha256 for photo in waiting]
    hidden = redaction.hidden_of_files(session, digests, by.unit_id)

    def made(rows: Sequence[LotPhoto | ItemPhoto]) -> dict[int, RedactedPhoto]:
        telling = [row for row in rows if redaction.shows_any(hidden_in(row), hidden.get(row.original_sha256, ()))]
        return {row.id: _made_anew(given, row, hidden[row.original_sha256]) for row in telling}

    return ReadyFiles(made(waiting), made(_of_item(session, number, digests, by)))


def make_items(session: Session, given: Resources, named: Iterable[NamedGroup], *, by: Officer) -> list[MadeItem]:
    """Make an item of each group, under the number of its card when it has one; their photos wait no more.

    named: of one lot, whose case is locked; asked for the next one only once the one before is made. When an item of
    the unit has the number already, the photos are added to it, and what is written of it stays. Raises
    CategoryNotFound, and ChangedMeanwhile as `add_to` does.
    """
    made, gone = [], list[LotPhoto]()
    for each in named:
        made.append(_made(session, given, each, by))
        gone += each.ready.group.photos
    if gone:
        # Once for all: it looks at every photo and every word of the lot.
        leaving.take(session, gone[0].lot, gone)
    return made


def made_of(session: Session, lot: PhotoLot) -> list[dict[str, Any]]:
    """The items that were made of a lot last, as its row has them; what has been published since is public, too."""
    drafts = {each["number"] for each in lot.made if not each["is_public"] and not each["is_added"]}
    wanted = select(Item.public_number).where(Item.public_number.in_(drafts), Item.status == ItemStatus.PUBLISHED)
    public = set(session.scalars(wanted.where(Item.unit_id == lot.case.unit_id))) if drafts else set[str]()
    return [each | {"is_public": each["is_public"] or each["number"] in public} for each in lot.made]


def add_to(
    session: Session, given: Resources, ready: ReadyGroup, item: Item, *, by: Officer
) -> tuple[leftovers.Files, ...]:
    """Add the photos of a group to an item of the officer's unit, which is locked; they wait no more.

    What is hidden of one is hidden of the photo of the same file that the item has already, too. Returns the files that
    `redaction.empty` is to destroy once that is committed. Raises ChangedMeanwhile where that needs files which
    `prepare` has not made.
    """
    before = _given_to(session, given, ready, item, by)
    leaving.take(session, ready.group.lot, ready.group.photos)
    return before


def _made(session: Session, given: Resources, named: NamedGroup, by: Officer) -> MadeItem:
    group = named.ready.group
    known = _known(session, group, by)
    item = known or items.create(
        session, given, _written(session, group.lot, named.words, by), by=by, number=group.number
    )
    return MadeItem(item, is_new=known is None, before=_given_to(session, given, named.ready, item, by))


def _given_to(
    session: Session, given: Resources, ready: ReadyGroup, item: Item, by: Officer
) -> tuple[leftovers.Files, ...]:
    """Add the photos of a group to an item, and leave them where they wait."""
    now = given.now()
    before: list[leftovers.Files] = []
    for photo in ready.group.photos:
        prepared = _shown_as(session, ready.files, photo, given)
        row = photos.add_to_item(session, item, prepared, by=by, now=now)
        if photo.id in ready.files.waiting:
            check_kept(prepared, private=given.private)
        if redaction.shows_any(hidden_in(row), prepared.hidden):
            alike = ready.files.of_item.get(row.id)
            if alike is None or redaction.shows_any(alike.prepared.hidden, prepared.hidden):
                raise ChangedMeanwhile
            before.append(redaction.hide(session, given, row, alike, by=by))
        describing.hand_over(session, photo, row, now=now)
    return tuple(before)


def _written(session: Session, lot: PhotoLot, words: GroupWords, by: Officer) -> WrittenItem:
    description = ItemDescription(
        title=words.title, materials=words.materials, period=words.period, colours=tuple(words.colours.split())
    )
    category = categories.get_by_code(session, words.category)
    # A table asks for none of what a category's custom hides: the form offers it hidden, as of any other object.
    hidden = {*words.withheld.split(), *(withholding.BY_DEFAULT if category.withholds else ())}
    shown, secret = withholding.withhold(description, ItemSecrets(), tuple(hidden))
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


def _of_item(session: Session, number: str, digests: Collection[str], by: Officer) -> Sequence[ItemPhoto]:
    """The photos of these files that the unit's item of this number has, or may have back."""
    if not number:
        return ()
    wanted = redaction.made_of_files(digests, by.unit_id)
    return session.scalars(wanted.where(Item.public_number == number)).all()


def _made_anew(given: Resources, photo: LotPhoto | ItemPhoto, hidden: Collection[Place]) -> RedactedPhoto:
    seen = photo.rendition_digest
    return RedactedPhoto(redaction.prepare_alike(photo, hidden, settings=given.settings, private=given.private), seen)


def _shown_as(session: Session, files: ReadyFiles, photo: LotPhoto, given: Resources) -> PreparedPhoto:
    """A waiting photo's files, as they were made anew where that had to be."""
    ready = files.waiting.get(photo.id)
    if ready is None:
        return PreparedPhoto(**file_columns(photo), hidden=hidden_in(photo))
    if ready.seen != photo.rendition_digest:
        raise ChangedMeanwhile
    released.note(session, [photo.rendition_digest], now=given.now())
    return ready.prepared
