"""Why an import leaves a list, a row or a photo as it is, in words for the terminal."""

from collections.abc import Callable
from typing import Any

from gallery.errors import GalleryError
from gallery.services.imports import refusals
from gallery.services.imports.plan import Refusal
from gallery.services.imports.refusals import CellFault, CellRefused, ImportRefusal

MAX_NAMED = 5
CELLS = {
    CellFault.ABSENT: "is empty, and must not be",
    CellFault.UNKNOWN: "is not a word that is known here",
    CellFault.OUTSIDE: "leads out of the folder",
    CellFault.TOO_LONG: "has over {limit} characters",
    CellFault.TOO_MANY_WORDS: "names or words in a cell, where {limit} may be",
    CellFault.ERROR: "is an error of the spreadsheet",
    CellFault.ROUNDED: "was rounded by the spreadsheet: make the column a text, type it again",
    CellFault.CUT: "may have been cut by the spreadsheet, which writes zeros from the 16th digit on: check it; "
    "if it does end so, type two apostrophes before it",
    CellFault.DAY: "was made a day by the spreadsheet: make the column a text, type it again",
    CellFault.MOVED: "more cells than columns",
    CellFault.USED_TWICE: "is used in two rows",
    CellFault.OTHER_CASE: "is the number of another case",
    CellFault.COLUMN_UNKNOWN: "is not a column",
    CellFault.COLUMN_TWICE: "is the name of two columns",
    CellFault.COLUMN_ABSENT: "the column is missing",
    CellFault.TOO_MANY_ROWS: "has more than {limit} rows",
    CellFault.NOT_A_DRAFT: "is no draft any more",
    CellFault.OF_OTHER_CASE: "is in another case",
    CellFault.KEY_OF_OTHER_CASE: "is the clé of an item of another case: use another",
    CellFault.UNREADABLE: "is an item of which nothing opens what is hidden",
    CellFault.CARD_SHOWN: "may show a card that could not be read",
    CellFault.NUMBER_TAKEN: "is the number of an item that is there already",
}
VALUELESS = (CellFault.ABSENT, CellFault.MOVED, CellFault.COLUMN_ABSENT)
UNCLEAR = {
    "unreadable": "may describe the photos and can't be read: export it as CSV, or take it out of the folder",
    "several": "may each describe the photos: say which one does with --csv, and take the others away",
    "other_name": "may describe the photos: say that it does with --csv, or take it away",
}


def sentence_for(error: ImportRefusal) -> str:
    """What was found, and what to do about it."""
    return _SENTENCES[type(error)](error)


def line_for(refusal: Refusal, reason: str) -> str:
    """One line about what was refused: where, in which column, why."""
    return ": ".join(filter(None, (refusal.source, refusal.column, reason)))


def of_cell(error: CellRefused) -> str:
    """What is wrong with a cell, and what it could say."""
    value = "" if error.fault in VALUELESS else f"{error.value!r} "
    near = f"; is it {error.known!r}?" if error.known else ""
    return f"{value}{CELLS[error.fault].format(limit=error.limit)}{near}"


def _cells(error: refusals.RowRefused | refusals.ListRefused) -> str:
    lines = (line_for(each, _of_any(each.error)) for each in error.refusals)
    return "nothing was taken of this list\n" + "\n".join(lines)


def _of_any(error: GalleryError) -> str:
    if isinstance(error, CellRefused):
        return of_cell(error)
    return sentence_for(error) if isinstance(error, ImportRefusal) else str(error)


def _named(names: tuple[str, ...]) -> str:
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _absent(error: refusals.PhotoNotInFolder) -> str:
    return f"the folder has no photo {error.name!r}" + (f"; is it {error.near!r}?" if error.near else "")


_SENTENCES: dict[type[ImportRefusal], Callable[[Any], str]] = {
    refusals.RowRefused: _cells,
    refusals.ListRefused: _cells,
    refusals.ListUnclear: lambda error: f"{_named(error.files)} {UNCLEAR[error.why]}",
    refusals.PhotoNotInFolder: _absent,
    refusals.PhotoAmbiguous: lambda error: f"{error.name!r} may be {_named(error.names)}: write the name as it is",
    refusals.RowSharesPhoto: lambda error: (
        f"it has a photo that {_named(error.sources)} may mean, which was refused: correct that first"
    ),
    refusals.PhotoMayBeListed: lambda error: (
        f"not taken, as {_named(error.sources)} may describe it: correct that, and import again"
    ),
    refusals.PhotoLikeListed: lambda error: (
        f"not taken, as it is called like {error.name!r}, which a row describes: name it in that row, or in its own"
    ),
    refusals.PhotoUnlisted: lambda _: "not published, as no row describes it: add one, or say --undescribed",
    refusals.PhotoOfOtherItem: lambda error: (
        f"its photo belongs to {_named(error.numbers)} already: describe it there, or give the row that item's clé"
    ),
    refusals.KeyOfOtherItem: lambda error: (
        f"its clé is that of {error.number}, which has none of its photos: give it another clé, or, where it is that "
        f"item, {error.number}"
    ),
    refusals.PhotoTwiceFirst: lambda error: (
        f"it begins with the same photo as {error.source}: give each a clé, or make one row of them"
    ),
}
