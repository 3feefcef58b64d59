"""What an import is going to do: a folder of photos and its optional CSV file, read and checked; nothing is decoded."""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePath, PurePosixPath

from gallery.errors import FieldInvalid, FileAbsent, GalleryError
from gallery.models import Item
from gallery.services.items.items import ItemDescription, ItemSecrets

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
SEPARATOR = "|"


@dataclass(frozen=True)
class Vocabulary:
    """Words that a file may use, in any case and with or without accents -> code of a category, of a colour."""

    categories: Mapping[str, str]
    colours: Mapping[str, str]


@dataclass(frozen=True)
class Defaults:
    """What an item gets that no row describes."""

    title: str
    category_code: str
    case_number: str


@dataclass(frozen=True)
class Origin:
    """The album of a network that an item comes from. posted_on: ISO day, empty when unknown."""

    album: str
    posted_on: str


@dataclass(frozen=True)
class PlannedItem:
    """One item to be. source names it in messages; key: what the file calls it, None when no row describes it.

    photos: files, or members of an archive.
    """

    source: str
    key: str | None
    photos: tuple[PurePath, ...]
    category_code: str
    case_number: str
    description: ItemDescription
    secret: ItemSecrets
    origin: Origin | None = None


@dataclass(frozen=True)
class Refusal:
    """A file or a row that can't be taken, and why."""

    source: str
    error: GalleryError


@dataclass(frozen=True)
class Plan:
    """The items to be, in order, and what was refused already."""

    items: tuple[PlannedItem, ...]
    refusals: tuple[Refusal, ...]


def read_folder(folder: Path, csv_file: Path | None, *, vocabulary: Vocabulary, defaults: Defaults) -> Plan:
    """Plan an item for each row of the file, then one for each photo that no row names; raise FieldInvalid.

    Raised for what makes the whole file useless: its encoding, an unknown column. A wrong row is a refusal.
    """
    rows = _read(csv_file) if csv_file is not None else []
    items, refusals = _planned(rows, folder, vocabulary, defaults)
    # Those of refused rows too: a photo that the file means to describe is not taken without its description.
    named = {folder / word for row in rows for cell in row.all_cells for word in _words(cell)}
    items += [_alone(path, folder, defaults) for path in photos_in(folder) if path not in named]
    return Plan(tuple(items), tuple(refusals))


def photos_in(folder: Path) -> list[Path]:
    """Every file below a folder that may be a photo, sorted; hidden ones and CSV files are none."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() != ".csv"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def plain(text: str) -> str:
    """A word as it is compared: without accents, case and spaces around.

    >>> plain(" Numéro de Série ")
    'numero de serie'
    """
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).casefold().split())


def _alone(path: Path, folder: Path, defaults: Defaults) -> PlannedItem:
    return PlannedItem(
        source=path.relative_to(folder).as_posix(),
        key=None,
        photos=(path,),
        category_code=defaults.category_code,
        case_number=defaults.case_number,
        description=ItemDescription(title=defaults.title),
        secret=ItemSecrets(),
    )


@dataclass(frozen=True)
class _Row:
    """One line of the file. cells: by column; all_cells: as they stand, which may be more than there are columns."""

    source: str
    cells: Mapping[str, str]
    all_cells: Sequence[str]


def _planned(
    rows: Sequence[_Row], folder: Path, vocabulary: Vocabulary, defaults: Defaults
) -> tuple[list[PlannedItem], list[Refusal]]:
    items: dict[str | None, PlannedItem] = {}
    refusals = []
    for row in rows:
        try:
            item = _item(row, folder, vocabulary, defaults)
            if item.key in items:
                raise FieldInvalid("clé (used twice)", str(item.key))
            items[item.key] = item
        except GalleryError as error:
            refusals.append(Refusal(row.source, error))
    return list(items.values()), refusals


def _read(csv_file: Path) -> list[_Row]:
    """The rows that are not empty."""
    try:
        text = csv_file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FieldInvalid("encoding (UTF-8 is expected)", csv_file.name) from error
    header = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        columns = [_column(name) for name in next(reader, [])]
        if "photos" not in columns or len(set(columns)) < len(columns):
            raise FieldInvalid("columns", header.strip())
        return [
            _Row(f"{csv_file.name}:{reader.line_num}", dict(zip(columns, cells, strict=False)), cells)
            for cells in (list(map(_text, row)) for row in reader)
            if any(cells)
        ]
    except csv.Error as error:
        raise FieldInvalid(f"{csv_file.name}:{reader.line_num}", str(error)) from error


def _column(name: str) -> str:
    known = (*OTHER_COLUMNS, *DESCRIPTION_COLUMNS, *SECRET_COLUMNS)
    for each in known:
        if plain(each) == plain(name):
            return each
    raise FieldInvalid("column", name)


def _item(row: _Row, folder: Path, vocabulary: Vocabulary, defaults: Defaults) -> PlannedItem:
    cells = row.cells
    if len(row.all_cells) > len(cells):
        # An unquoted separator has moved confidential cells into public ones.
        raise FieldInvalid("more cells than columns", str(len(row.all_cells)))
    names = _words(cells.get("photos", ""))
    if not names:
        raise FieldInvalid("photos", cells.get("photos", ""))
    photos = tuple(_photo(folder, name) for name in names)
    described = {field: cells.get(column, "") for column, field in DESCRIPTION_COLUMNS.items()}
    described["title"] = described["title"] or defaults.title
    _check_lengths(described)
    colours = tuple(_known(word, vocabulary.colours, "couleurs") for word in _words(cells.get("couleurs", "")))
    category = cells.get("catégorie", "")
    return PlannedItem(
        source=row.source,
        key=cells.get("clé") or names[0],
        photos=photos,
        category_code=_known(category, vocabulary.categories, "catégorie") if category else defaults.category_code,
        case_number=cells.get("numéro de procédure") or defaults.case_number,
        description=ItemDescription(**described, colours=colours),
        secret=ItemSecrets(**{field: cells.get(column, "") for column, field in SECRET_COLUMNS.items()}),
    )


def _photo(folder: Path, name: str) -> Path:
    """The file of this name below the folder, and never one beside it."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise FieldInvalid("photos", name)
    path = folder / name
    if not path.is_file():
        raise FileAbsent(name)
    return path


def _words(cell: str) -> Sequence[str]:
    return list(dict.fromkeys(word.strip() for word in cell.split(SEPARATOR) if word.strip()))


def _known(word: str, words: Mapping[str, str], column: str) -> str:
    try:
        return words[plain(word)]
    except KeyError:
        raise FieldInvalid(column, word) from None


def _text(cell: str) -> str:
    if "\0" in cell:
        raise csv.Error("a NUL byte")
    return unicodedata.normalize("NFC", cell.strip())


def _check_lengths(described: Mapping[str, str]) -> None:
    for field, value in described.items():
        longest = getattr(Item.__table__.c[field].type, "length", None)
        if longest is not None and len(value) > longest:
            column = next(name for name, each in DESCRIPTION_COLUMNS.items() if each == field)
            raise FieldInvalid(f"{column} (over {longest} characters)", f"{value[:40]}…")
