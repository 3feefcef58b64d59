"""What a list was found to do with a case is done: drafts are made and completed, some at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, SealBroken
from gallery.models import Case, Item, Officer, PhotoLot
from gallery.services import audit
from gallery.services.imports import importing
from gallery.services.items import categories, items
from gallery.services.items.items import WrittenItem
from gallery.services.lots import lots, making
from gallery.services.lots.grouping import PhotoGroup
from gallery.services.lots.making import ReadyFiles, ReadyGroup
from gallery.services.lots.order import may_show_card
from gallery.services.resources import Resources
from gallery.services.spreadsheets.case_list import NewItem
from gallery.services.spreadsheets.completing import Completed
from gallery.services.spreadsheets.waiting import by_id

# In one transaction, for which every other writer waits.
AT_ONCE = 50


def prepare(session: Session, given: Resources, case: Case, rows: Sequence[NewItem], *, by: Officer) -> ReadyFiles:
    """Make the files that `Taking.make` needs for these rows: the slow part, before the transaction opens."""
    lot = lots.of_case(session, case)
    photos = by_id(lot.photos if lot else ())
    named = [photos[path.name] for row in rows for path in row.planned.photos if path.name in photos]
    return making.prepare(session, given, named, by=by)


@dataclass(frozen=True)
class Taking:
    """One transaction that takes rows of a list into a case, which is locked, and notes how many in the journal."""

    session: Session
    given: Resources
    case: Case
    by: Officer
    # As `prepare` made them.
    files: ReadyFiles = making.AS_THEY_ARE

    def make(self, rows: Sequence[NewItem]) -> list[str]:
        """Make drafts of these rows, and return their numbers.

        A row that somebody has imported meanwhile, or whose photos have gone or may show a card, is left out, and so
        is one whose number has been given to an item.
        """
        lot, made = lots.of_case(self.session, self.case), list[str]()
        for row in self._without_item(rows):
            photos = by_id(lot.photos if lot else ())
            given = [photos.get(path.name) for path in row.planned.photos]
            if any(photo is None or may_show_card(photo) for photo in given):
                continue
            item = self._create(row)
            made.append(item.public_number)
            if lot is not None and row.planned.photos:
                self._give_photos(lot, row, item)
        self._note(created=len(made), completed=0)
        return made

    def complete(self, rows: Sequence[Completed]) -> list[str]:
        """Write what rows say over their drafts, and return the numbers.

        A draft that somebody has changed meanwhile, or that no key opens any more, is left as it is.
        """
        done = []
        for row in rows:
            try:
                self._edit(row)
            except (ChangedMeanwhile, SealBroken):
                continue
            done.append(row.public_number)
        self._note(created=0, completed=len(done))
        return done

    def _without_item(self, rows: Sequence[NewItem]) -> list[NewItem]:
        keys = [row.import_key for row in rows]
        known = select(Item.import_key).where(Item.unit_id == self.case.unit_id, Item.import_key.in_(keys))
        numbers = [row.number for row in rows if row.number]
        given = select(Item.public_number).where(Item.public_number.in_(numbers))
        there, taken = set(self.session.scalars(known)), set(self.session.scalars(given))
        return [row for row in rows if row.import_key not in there and row.number not in taken]

    def _note(self, *, created: int, completed: int) -> None:
        if created or completed:
            how_many = {"created": created, "completed": completed}
            audit.record(self.session, self.by, "import_list", self.case, now=self.given.now(), **how_many)

    def _create(self, row: NewItem) -> Item:
        category = categories.get_by_code(self.session, row.planned.category_code or categories.UNSORTED)
        written = WrittenItem(self.case, category, *importing.withheld(row.planned, category))
        item = items.create(self.session, self.given, written, by=self.by, number=row.number)
        item.import_key = row.import_key
        return item

    def _edit(self, row: Completed) -> None:
        item = items.lock(self.session, row.public_number, by=self.by)
        category = categories.get_by_code(self.session, row.category_code)
        written = WrittenItem(item.case, category, row.description, row.secret, row.version)
        items.edit(self.session, self.given, item, written, by=self.by)

    def _give_photos(self, lot: PhotoLot, row: NewItem, item: Item) -> None:
        photos = by_id(lot.photos)
        group = PhotoGroup("", row.number, tuple(photos[path.name] for path in row.planned.photos))
        making.add_to(self.session, self.given, ReadyGroup(group, self.files), item, by=self.by)
