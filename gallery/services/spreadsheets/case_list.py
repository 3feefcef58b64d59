"""A list read into a case: what each row would make of it, and everything that is wrong, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from gallery.models import Case, Item, ItemStatus
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.imports import columns, recognition, rows, tables, vocabulary
from gallery.services.imports.nearness import NearNames
from gallery.services.imports.plan import Defaults, KnownWords, PlannedItem, Refusal
from gallery.services.imports.refusals import CellFault, CellRefused, RowRefused
from gallery.services.imports.rows import Row
from gallery.services.items import categories, items
from gallery.services.items.items import ItemSecrets
from gallery.services.items.numbering import card_numbers
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.lots import lots
from gallery.services.spreadsheets.completing import Completed, completed
from gallery.services.spreadsheets.waiting import WaitingPhotos

MAX_ROWS = 3000
NEEDED = ("titre",)
# Where a row or an item says nothing of them.
UNSAID = Defaults(title="", category_code="", case_number="")
ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class NewItem:
    """A draft that a row makes. import_key: by which the same row is known again; number: of its card, or empty."""

    planned: PlannedItem
    import_key: str
    number: str


@dataclass(frozen=True)
class CaseList:
    """What a list does with a case. unchanged: how many rows say what is there already."""

    new: Sequence[NewItem]
    changed: Sequence[Completed]
    unchanged: int
    refusals: Sequence[Refusal]

    @property
    def refused_rows(self) -> int:
        """How many rows have something wrong."""
        return len({refusal.source for refusal in self.refusals})


def read(session: Session, case: Case, text: str, *, colours: Mapping[str, str], sealer: Sealer) -> CaseList:
    """Read a list for a case; nothing is written. colours: word of each code.

    Raises FieldInvalid for a text that is no table, or that has over MAX_ROWS rows.
    """
    table = tables.read(text.encode(), name="")
    if len(table.lines) > MAX_ROWS:
        raise CellRefused("", str(len(table.lines)), CellFault.TOO_MANY_ROWS, limit=MAX_ROWS)
    found = rows.rows_of(table, name="", needs=NEEDED)
    lot = lots.of_case(session, case)
    reading = _Reading(session, case, WaitingPhotos(lot.photos if lot else ()), sealer)
    reading.take_all(found.rows, vocabulary.known(session, colours))
    if found.faults:
        return CaseList((), (), 0, (*found.faults, *reading.refusals))
    return CaseList(reading.new, reading.changed, reading.unchanged, reading.refusals)


class _Reading:
    """The rows of one list, taken one after the other."""

    def __init__(self, session: Session, case: Case, photos: WaitingPhotos, sealer: Sealer) -> None:
        self._session, self._case, self._photos, self._sealer = session, case, photos, sealer
        self._own_number = cases.open_secrets(case, sealer).case_number
        self._withholds = {each.code for each in categories.all_in_order(session) if each.withholds}
        self._near = NearNames()
        self._used: set[object] = set()
        self._alike: dict[str, int] = {}
        self.new: list[NewItem] = []
        self.changed: list[Completed] = []
        self.unchanged = 0
        self.refusals: list[Refusal] = []

    def take_all(self, given: Sequence[Row], known_words: KnownWords) -> None:
        """Read every row; what is wrong with one does not hide what is wrong with the others."""
        keys = {row.source: self._key_of(row) for row in given}
        former = {row.source: self._former_key_of(row) for row in given}
        known = self._known(given, [*keys.values(), *former.values()])
        cards = self._cards(given)
        for row in given:
            own = row.cells.get(columns.KEY, "")
            numbered = known.get(own) or known.get(read_public_number(own) or "")
            item = numbered or known.get(keys[row.source]) or known.get(former[row.source])
            try:
                if item and own and not numbered and item.case_id != self._case.id:
                    # People number the rows of each case from 1: it is another object that was called so.
                    raise RowRefused((_refusal(row.source, columns.KEY, own, CellFault.KEY_OF_OTHER_CASE),))
                planned = self._planned(row, known_words, is_known=item is not None)
                self._take_known(planned, item) if item else self._take_new(planned, keys[row.source], cards)
            except RowRefused as refused:
                self.refusals += refused.refusals

    def _planned(self, row: Row, known_words: KnownWords, *, is_known: bool) -> PlannedItem:
        """What a row says. is_known: of an item whose photos are there, so that those it names are not looked for."""
        wrong: list[Refusal] = []
        number = row.cells.get(columns.CASE, "")
        if number and cases.same_number(number) != cases.same_number(self._own_number):
            wrong.append(_refusal(row.source, columns.CASE, number, CellFault.OTHER_CASE))
        try:
            planned = rows.planned(row, _PhotosThere() if is_known else self._photos, known_words, UNSAID, self._near)
        except RowRefused as refused:
            raise RowRefused((*wrong, *refused.refusals)) from refused
        if wrong:
            raise RowRefused(tuple(wrong))
        return planned

    def _key_of(self, row: Row) -> str:
        """What a row is known by: its own key, or all that it says of this case, the first or a later time."""
        own = row.cells.get(columns.KEY)
        if own:
            return recognition.import_key(own, self._sealer)
        return self._key_of_words([(column, cell) for column, cell in row.cells.items() if cell])

    def _former_key_of(self, row: Row) -> str:
        """What a row was known by before 2026-12-01, when a column without a word in it made it another row."""
        if row.cells.get(columns.KEY) or all(row.cells.values()):
            return ""
        return self._key_of_words(list(row.cells.items()))

    def _key_of_words(self, cells: list[tuple[str, str]]) -> str:
        said = repr((self._case.reference, sorted(cells)))
        self._alike[said] = self._alike.get(said, 0) + 1
        return recognition.import_key(f"row:{self._alike[said]}:{said}", self._sealer)

    def _known(self, given: Sequence[Row], keys: Iterable[str]) -> dict[str, Item]:
        """The unit's items that rows mean, by public number and by import key."""
        own = [row.cells[columns.KEY] for row in given if row.cells.get(columns.KEY)]
        numbers = [number for each in own if (number := read_public_number(each))]
        names = [*dict.fromkeys([*keys, *own, *numbers])]
        found: dict[str, Item] = {}
        for start in range(0, len(names), ASKED_AT_ONCE):
            some = names[start : start + ASKED_AT_ONCE]
            wanted = select(Item).where(
                Item.unit_id == self._case.unit_id, or_(Item.import_key.in_(some), Item.public_number.in_(some))
            )
            for item in self._session.scalars(wanted.options(joinedload(Item.category), joinedload(Item.case))):
                found |= {item.public_number: item} | ({item.import_key: item} if item.import_key else {})
        return found

    def _cards(self, given: Sequence[Row]) -> set[str]:
        """The numbers of the unit's cards that rows are called by."""
        numbers = {number for row in given if (number := read_public_number(row.cells.get(columns.KEY, "")))}
        return card_numbers.of_unit(self._session, numbers, self._case.unit)

    def _take_known(self, planned: PlannedItem, item: Item) -> None:
        self._use(planned, item.id, columns.KEY, item.public_number)
        secret = items.open_secrets(item, self._sealer)
        done = completed(item, secret, planned, withholds=self._withholds)
        if done is None:
            self.unchanged += 1
        elif fault := self._fault_of(item, secret):
            raise RowRefused((_refusal(planned.source, columns.KEY, item.public_number, fault),))
        else:
            self.changed.append(done)

    def _fault_of(self, item: Item, secret: ItemSecrets) -> CellFault | None:
        """Why a row may not change an item."""
        if item.case_id != self._case.id:
            return CellFault.OF_OTHER_CASE
        if item.status is not ItemStatus.DRAFT:
            return CellFault.NOT_A_DRAFT
        return None if secret.is_readable else CellFault.UNREADABLE

    def _take_new(self, planned: PlannedItem, import_key: str, cards: set[str]) -> None:
        own = read_public_number(planned.key or "") or ""
        photos = planned.photos or self._photos.of_number(own)
        if names := self._photos.with_cards(photos):
            raise RowRefused(
                tuple(_refusal(planned.source, columns.PHOTOS, name, CellFault.CARD_SHOWN) for name in names)
            )
        number = self._photos.number_of(photos) or (own if own in cards else "")
        if number and self._has_item(number):
            raise RowRefused((_refusal(planned.source, columns.KEY, number, CellFault.NUMBER_TAKEN),))
        self._use(planned, number or object(), columns.KEY, number)
        self._use(planned, import_key, columns.KEY, planned.key or "")
        for path in photos:
            self._use(planned, path, columns.PHOTOS, path.name)
        self.new.append(NewItem(replace(planned, photos=photos), import_key, number))

    def _has_item(self, number: str) -> bool:
        return self._session.scalar(select(Item.id).where(Item.public_number == number)) is not None

    def _use(self, planned: PlannedItem, what: object, column: str, value: str) -> None:
        """Raise RowRefused when another row has taken the same thing."""
        if what in self._used:
            raise RowRefused((_refusal(planned.source, column, value, CellFault.USED_TWICE),))
        self._used.add(what)


class _PhotosThere:
    """The photos of an item that there is, whatever a row calls them."""

    def get(self, name: str) -> PurePath:
        """The name itself."""
        return PurePath(name)


def _refusal(source: str, column: str, value: str, fault: CellFault) -> Refusal:
    return Refusal(source, CellRefused(column, value, fault), column)
