"""What an import is going to do, item by item; where it was read is known to `folder` and to the album archives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from gallery.errors import GalleryError
from gallery.imaging import Place
from gallery.services.items.items import ItemDescription, ItemSecrets

# Reads a planned item's photo; raises PhotoRefused.
ReadPhoto = Callable[[PurePath], bytes]


@dataclass(frozen=True)
class KnownWords:
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
    """One item to be. source names it in messages; photos: files, or members of an archive.

    key: what the list calls it. A row without such a name gets it from its first photo once that is read
    (`recognition.keyed`), and has_own_key says that it is not so; None when no row describes the item.
    """

    source: str
    key: str | None
    photos: tuple[PurePath, ...]
    category_code: str
    case_number: str
    description: ItemDescription
    secret: ItemSecrets
    origin: Origin | None = None
    is_listed: bool = False
    has_own_key: bool = False
    # The row names its case; else it is the import's.
    names_case: bool = False
    # Headings that the row withholds from the public; None: it doesn't say, and the category's custom holds.
    withheld: tuple[str, ...] | None = None
    # What the unit hides of its photos already, by the SHA-256 of their files (`preparing.with_hidden`).
    hidden: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A file, a row or a cell that can't be taken, and why. column: of the list; empty when no one cell is to blame."""

    source: str
    error: GalleryError
    column: str = ""


@dataclass(frozen=True)
class Plan:
    """The items to be, in order, and what was refused already.

    held: photo -> sources of the refused rows that may mean it; nothing with the same content is taken. has_list: a
    list was read.
    """

    items: tuple[PlannedItem, ...]
    refusals: tuple[Refusal, ...]
    held: Mapping[PurePath, tuple[str, ...]] = field(default_factory=dict)
    has_list: bool = False
