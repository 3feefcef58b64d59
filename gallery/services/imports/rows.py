"""One row of a list, read and checked against the photos that are there: an item to be, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gallery.errors import FieldInvalid
from gallery.models import Item
from gallery.services.imports import tables
from gallery.services.imports.names import Photos
from gallery.services.imports.plan import Defaults, KnownWords, PlannedItem
from gallery.services.imports.tables import Table, comparable
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.words.tidying import tidy_line

# Column of the file -> field of ItemDescription or ItemSecrets. Case, accents and spaces around do not matter.
DESCRIPTION_COLUMNS = {
    "titre": "title",
    "type": "object_type",
    "matériaux": "materials",
    "dimensions": "measurements",
    "inscriptions": "inscriptions",
    "signes particuliers": "distinguishing_features",
    "sujet": "subject",
    "époque": "period",
    "auteur": "maker",
    "marque": "brand",
    "modèle": "model",
    "état": "state_as_found",
}
SECRET_COLUMNS = {
    "numéro de série": "serial_number",
    "numéro de scellé": "exhibit_number",
    "signes réservés": "withheld_details",
}
OTHER_COLUMNS = ("clé", "photos", "catégorie", "numéro de procédure", "couleurs")
LONG_TEXTS = ("inscriptions", "signes particuliers", "état", "signes réservés")
SEPARATOR = "|"
LONGEST_TEXT = 5000


@dataclass(frozen=True)
class Row:
    """One line of the file. cells: by column; all_cells: as they stand, which may be more than there are columns."""

    source: str
    cells: Mapping[str, str]
    all_cells: Sequence[str]
    has_moved: bool

    @property
    def names(self) -> Sequence[str]:
        """The photos that it names."""
        return _words(self.cells.get("photos", ""))


def rows_of(table: Table, *, name: str) -> list[Row]:
    """The rows of a list; raise FieldInvalid when its columns are not known."""
    columns = {place: _column(cell) for place, cell in enumerate(table.header.cells) if cell}
    if "photos" not in columns.values() or len(set(columns.values())) < len(columns):
        raise FieldInvalid("columns", " ".join(table.header.cells))
    return [
        Row(
            f"{name}:{line.number}",
            {columns[place]: _cell(columns[place], cell) for place, cell in enumerate(line.cells) if place in columns},
            line.cells,
            # An unquoted separator has moved confidential cells into public ones.
            has_moved=any(cell and place not in columns for place, cell in enumerate(line.cells)),
        )
        for line in table.lines
    ]


def planned(row: Row, photos: Photos, vocabulary: KnownWords, defaults: Defaults) -> PlannedItem:
    """The item that a row describes; raise FieldInvalid, PhotoNotInFolder or PhotoAmbiguous."""
    cells = row.cells
    if row.has_moved:
        raise FieldInvalid("more cells than columns", str(len(row.all_cells)))
    if not row.names:
        raise FieldInvalid("photos", cells.get("photos", ""))
    for column, cell in cells.items():
        tables.check(column, cell)
    category = cells.get("catégorie", "")
    return PlannedItem(
        source=row.source,
        key=cells.get("clé") or None,
        photos=_found(row.names, photos),
        category_code=_known(category, vocabulary.categories, "catégorie") if category else defaults.category_code,
        case_number=cells.get("numéro de procédure") or defaults.case_number,
        description=_description(cells, vocabulary, defaults),
        secret=_secret(cells),
        is_listed=True,
        has_own_key=bool(cells.get("clé")),
        names_case=bool(cells.get("numéro de procédure")),
    )


def _column(name: str) -> str:
    known = (*OTHER_COLUMNS, *DESCRIPTION_COLUMNS, *SECRET_COLUMNS)
    for each in known:
        if comparable(each) == comparable(name):
            return each
    raise FieldInvalid("column", name)


def _cell(column: str, cell: str) -> str:
    return cell if column in LONG_TEXTS else tidy_line(cell)


def _words(cell: str) -> Sequence[str]:
    return list(dict.fromkeys(word.strip() for word in cell.split(SEPARATOR) if word.strip()))


def _found(names: Sequence[str], photos: Photos) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(photos.get(name) for name in names))


def _known(word: str, words: Mapping[str, str], column: str) -> str:
    try:
        return words[comparable(word)]
    except KeyError:
        raise FieldInvalid(column, word) from None


def _description(cells: Mapping[str, str], vocabulary: KnownWords, defaults: Defaults) -> ItemDescription:
    described = {field: _short(cells, column) for column, field in DESCRIPTION_COLUMNS.items()}
    described["title"] = described["title"] or defaults.title
    colours = (_known(word, vocabulary.colours, "couleurs") for word in _words(cells.get("couleurs", "")))
    return ItemDescription(**described, colours=tuple(dict.fromkeys(colours)))


def _secret(cells: Mapping[str, str]) -> ItemSecrets:
    texts: dict[str, Any] = {field: _short(cells, column) for column, field in SECRET_COLUMNS.items()}
    return ItemSecrets(**texts)


def _short(cells: Mapping[str, str], column: str) -> str:
    """A cell that its field can hold; raise FieldInvalid."""
    value = cells.get(column, "")
    field = Item.__table__.c.get(DESCRIPTION_COLUMNS.get(column, ""))
    longest = getattr(field.type, "length", None) if field is not None else None
    if len(value) > (longest or LONGEST_TEXT):
        raise FieldInvalid(f"{column} (over {longest or LONGEST_TEXT} characters)", f"{value[:40]}…")
    return value
