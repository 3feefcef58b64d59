"""Why an import leaves a list, a row or a photo as it is, in words for the terminal."""

from collections.abc import Callable
from typing import Any

from gallery.services.imports import refusals
from gallery.services.imports.refusals import ImportRefusal

MAX_NAMED = 5
UNCLEAR = {
    "unreadable": "may describe the photos and can't be read: export it as CSV, or take it out of the folder",
    "several": "may each describe the photos: say which one does with --csv, and take the others away",
    "other_name": "may describe the photos: say that it does with --csv, or take it away",
}


def sentence_for(error: ImportRefusal) -> str:
    """What was found, and what to do about it."""
    return _SENTENCES[type(error)](error)


def _named(names: tuple[str, ...]) -> str:
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _absent(error: refusals.PhotoNotInFolder) -> str:
    return f"the folder has no photo {error.name!r}" + (f"; is it {error.near!r}?" if error.near else "")


_SENTENCES: dict[type[ImportRefusal], Callable[[Any], str]] = {
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
    refusals.PhotoTwiceFirst: lambda error: (
        f"it begins with the same photo as {error.source}: give each a clé, or make one row of them"
    ),
}
