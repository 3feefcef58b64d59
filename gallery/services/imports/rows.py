"""One row of a list, checked against the photos that are there: an item to be, or all that is wrong with it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Protocol, TypeVar

from gallery.errors import GalleryError
from gallery.models import Item
from gallery.services.imports import columns, tables
from gallery.services.imports.columns import comparable
from gallery.services.imports.nearness import NearNames
from gallery.services.imports.plan import Defaults, KnownWords, PlannedItem, Refusal
from gallery.services.imports.refusals import CellFault, CellRefused, RowRefused
from gallery.services.imports.tables import Table, TableLine
from gallery.services.items.items import LONGEST_NUMBER, ItemDescription, ItemSecrets
from gallery.services.words.folding import words_of
from gallery.services.words.tidying import tidy_line
from gallery.sharing.cells import as_typed

LONGEST_TEXT = 5000
SHOWN = 40
MAX_WORDS = 40
"""Names or words in a cell."""
Value = TypeVar("Value")


class NamedPhotos(Protocol):
    """Photos that a list may name."""

    def get(self, name: str) -> PurePath:
        """The one photo of this name; raise a GalleryError that says why there is none."""


@dataclass(frozen=True)
class Row:
    """One row of the list. cells: by column, as they were typed; faults: what can be told without the photos."""

    source: str
    cells: Mapping[str, str]
    faults: tuple[Refusal, ...]
    has_moved: bool

    @property
    def names(self) -> Sequence[str]:
        """The photos that it names."""
        return _words(self.cells.get(columns.PHOTOS, ""))


@dataclass(frozen=True)
class Rows:
    """A list read. faults: what is wrong with its header, for which nothing of it may be used."""

    rows: Sequence[Row]
    faults: tuple[Refusal, ...]


def rows_of(table: Table, *, name: str, needs: Sequence[str] = (columns.PHOTOS,)) -> Rows:
    """The rows of a list, with all that is wrong with its header and with each cell alone.

    needs: columns that must be there, and filled in each row.
    """
    source = f"{name}:{table.header.number}"
    places = {place: columns.find(cell) for place, cell in enumerate(table.header.cells) if cell}
    known = [column for column in places.values() if column]
    unknown = [cell for place, cell in enumerate(table.header.cells) if place in places and not places[place]]
    columns_known, near = {comparable(each): each for each in columns.ALL}, NearNames()
    wrong = [
        CellRefused(cell, cell, CellFault.COLUMN_UNKNOWN, known=_near_word(cell, columns_known, near))
        for cell in unknown
    ]
    wrong += [CellRefused(each, each, CellFault.COLUMN_TWICE) for each in dict.fromkeys(known) if known.count(each) > 1]
    wrong += [CellRefused(each, "", CellFault.COLUMN_ABSENT) for each in needs if each not in known]
    rows = [_row(line, places, needs, f"{name}:{line.number}") for line in table.lines]
    return Rows(rows, tuple(Refusal(source, each, each.field) for each in wrong))


def planned(row: Row, photos: NamedPhotos, vocabulary: KnownWords, defaults: Defaults, near: NearNames) -> PlannedItem:
    """The item that a row describes; raise RowRefused with all that is wrong with it. near: of the whole list."""
    reading = _RowReading(row, near)
    item = PlannedItem(
        source=row.source,
        key=row.cells.get(columns.KEY) or None,
        photos=tuple(dict.fromkeys(reading.each(columns.PHOTOS, row.names, photos.get))),
        category_code=reading.one(columns.CATEGORY, vocabulary.categories) or defaults.category_code,
        case_number=row.cells.get(columns.CASE) or defaults.case_number,
        description=_description(reading, vocabulary, defaults),
        secret=ItemSecrets(**reading.texts(columns.SECRET_COLUMNS)),
        is_listed=True,
        has_own_key=bool(row.cells.get(columns.KEY)),
        names_case=bool(row.cells.get(columns.CASE)),
        withheld=_withheld(reading),
    )
    if row.faults or reading.faults:
        raise RowRefused((*row.faults, *reading.faults))
    return item


class _RowReading:
    """The cells of a row read one after the other; what is wrong with one does not hide what is wrong with the next."""

    def __init__(self, row: Row, near: NearNames) -> None:
        self.cells, self._source, self._near = row.cells, row.source, near
        self.faults: list[Refusal] = []

    def each(self, column: str, words: Sequence[str], read: Callable[[str], Value]) -> list[Value]:
        """What these words of a cell mean, without those that mean nothing; none where there are too many."""
        if len(words) > MAX_WORDS:
            refused = CellRefused(column, str(len(words)), CellFault.TOO_MANY_WORDS, limit=MAX_WORDS)
            self.faults.append(Refusal(self._source, refused, column))
            return []
        found = []
        for word in words:
            try:
                found.append(read(word))
            except GalleryError as error:
                self.faults.append(Refusal(self._source, error, column))
        return found

    def words(self, column: str, known: Mapping[str, str]) -> list[str]:
        """The codes of the words of a cell."""

        def read(word: str) -> str:
            code = known.get(comparable(word), _by_stem(tuple(known.items())).get(_stems(word)))
            if code is None:
                raise CellRefused(column, word[:SHOWN], CellFault.UNKNOWN, known=_near_word(word, known, self._near))
            return code

        return list(dict.fromkeys(self.each(column, _words(self.cells.get(column, "")), read)))

    def one(self, column: str, known: Mapping[str, str]) -> str:
        """The code of the one word of a cell, empty without one."""
        return next(iter(self.words(column, known)), "")

    def texts(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Texts by field; one that its field can't hold is a fault."""
        return {field: "".join(self.each(column, [self.cells.get(column, "")], _fitting(column))) for column, field in
                fields.items()}  # fmt: skip


def _row(line: TableLine, places: Mapping[int, str | None], needs: Sequence[str], source: str) -> Row:
    named = {column: line.cells[place] for place, column in places.items() if column and place < len(line.cells)}
    # An unquoted separator has moved confidential cells into public ones.
    has_moved = any(cell and place not in places for place, cell in enumerate(line.cells))
    wrong = [CellRefused("", str(len(line.cells)), CellFault.MOVED)] if has_moved else []
    for column, cell in named.items():
        fault = tables.spoilt(column, cell)
        if fault:
            wrong.append(CellRefused(column, cell, fault))
    cells = {column: _cell(column, cell) for column, cell in named.items()}
    empty = [each for each in needs if each in places.values() and not _words(cells.get(each, ""))]
    wrong += [CellRefused(each, "", CellFault.ABSENT) for each in empty]
    return Row(source, cells, tuple(Refusal(source, each, each.field) for each in wrong), has_moved)


def _cell(column: str, cell: str) -> str:
    typed = tables.as_written(column, as_typed(cell))
    return typed if column in columns.LONG_TEXTS else tidy_line(typed)


def _words(cell: str) -> Sequence[str]:
    return list(dict.fromkeys(word.strip() for word in cell.split(columns.SEPARATOR) if word.strip()))


def _description(reading: _RowReading, vocabulary: KnownWords, defaults: Defaults) -> ItemDescription:
    described = reading.texts(columns.DESCRIPTION_COLUMNS)
    described["title"] = described["title"] or defaults.title
    return ItemDescription(**described, colours=tuple(reading.words(columns.COLOURS, vocabulary.colours)))


def _withheld(reading: _RowReading) -> tuple[str, ...] | None:
    if not reading.cells.get(columns.WITHHELD):
        return None
    known = {comparable(column): field for column, field in columns.WITHHELD_HEADINGS.items()}
    return tuple(filter(None, reading.words(columns.WITHHELD, known | {columns.NOTHING_WITHHELD: ""})))


def _fitting(column: str) -> Callable[[str], str]:
    if column in columns.SEALED_NUMBERS:
        longest = LONGEST_NUMBER
    else:
        field = Item.__table__.c.get(columns.DESCRIPTION_COLUMNS.get(column, ""))
        longest = (getattr(field.type, "length", None) if field is not None else None) or LONGEST_TEXT

    def read(value: str) -> str:
        if len(value) > longest:
            raise CellRefused(column, f"{value[:SHOWN]}…", CellFault.TOO_LONG, limit=longest)
        return value

    return read


@lru_cache(maxsize=8)
def _by_stem(known: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Known words without the endings of plural and feminine; those that two of them share are no word's."""
    codes = defaultdict[str, set[str]](set)
    for word, code in known:
        codes[_stems(word)].add(code)
    return {stems: min(each) for stems, each in codes.items() if stems and len(each) == 1}


def _stems(text: str) -> str:
    return " ".join(words_of(text))


def _near_word(word: str, known: Mapping[str, str], near: NearNames) -> str:
    """The known word that this one resembles most; empty when none does."""
    found = near.nearest(comparable(word), known)
    return known[found] if found and known[found] in columns.ALL else found
