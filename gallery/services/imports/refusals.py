"""Why an import leaves a list, a row or a photo as it is: for the command line, which has their words."""

import enum
from typing import TYPE_CHECKING

from gallery.errors import FieldInvalid, GalleryError

if TYPE_CHECKING:
    from gallery.services.imports.plan import Refusal


class ImportRefusal(GalleryError):
    """Something that an import leaves as it is, so that nothing is published without what a list says of it."""


class CellFault(enum.StrEnum):
    """What is wrong with a cell."""

    ABSENT = "absent"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    TOO_LONG = "too_long"
    TOO_MANY_WORDS = "too_many_words"
    ERROR = "error"
    ROUNDED = "rounded"
    CUT = "cut"
    DAY = "day"
    MOVED = "moved"
    USED_TWICE = "used_twice"
    OTHER_CASE = "other_case"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_TWICE = "column_twice"
    COLUMN_ABSENT = "column_absent"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_A_DRAFT = "not_a_draft"
    OF_OTHER_CASE = "of_other_case"
    KEY_OF_OTHER_CASE = "key_of_other_case"
    UNREADABLE = "unreadable"
    CARD_SHOWN = "card_shown"
    NUMBER_TAKEN = "number_taken"


class CellRefused(FieldInvalid):
    """A cell of a list can't be used. limit: characters that it may have; 0 when its length is no matter.

    known: what it could say instead, where these are few.
    """

    def __init__(self, column: str, value: str, fault: CellFault, *, limit: int = 0, known: str = "") -> None:
        super().__init__(column, value)
        self.fault = fault
        self.limit = limit
        self.known = known


class RowRefused(ImportRefusal):
    """Cells of a row can't be used. refusals: one a cell, never empty."""

    def __init__(self, refusals: "tuple[Refusal, ...]") -> None:
        super().__init__(*(each.column for each in refusals))
        self.refusals = refusals


class ListRefused(ImportRefusal):
    """The columns of a list can't be told, so nothing of it is used. refusals: of its header, then of its rows."""

    def __init__(self, refusals: "tuple[Refusal, ...]") -> None:
        super().__init__(*(each.column for each in refusals))
        self.refusals = refusals


class ListUnclear(ImportRefusal):
    """Files beside the photos may describe them, and it is not clear which, or how. files: their names, never empty.

    why: unreadable (export it as CSV), several (say which) or other_name (say that it is the one).
    """

    def __init__(self, why: str, files: tuple[str, ...]) -> None:
        super().__init__(why, *files)
        self.why = why
        self.files = files


class PhotoNotInFolder(ImportRefusal):
    """A row names a photo that is not there. near: the one that is called nearly so, or empty."""

    def __init__(self, name: str, *, near: str) -> None:
        super().__init__(name)
        self.name = name
        self.near = near


class PhotoAmbiguous(ImportRefusal):
    """A row names a photo in a way that fits several. names: theirs."""

    def __init__(self, name: str, *, names: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.names = names


class PhotoMayBeListed(ImportRefusal):
    """Rows that were refused, or lists that were not read, may mean this photo. sources: theirs, never empty."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        super().__init__(*sources)
        self.sources = sources


class RowSharesPhoto(PhotoMayBeListed):
    """The row names a photo that refused rows name too."""


class PhotoLikeListed(ImportRefusal):
    """No row names the photo, and it is called like one that a row names. name: that one's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class PhotoUnlisted(ImportRefusal):
    """No row names the photo, and the import publishes nothing undescribed."""


class PhotoOfOtherItem(ImportRefusal):
    """The photo belongs to items already, which the row would double. numbers: theirs, never empty."""

    def __init__(self, numbers: tuple[str, ...]) -> None:
        super().__init__(*numbers)
        self.numbers = numbers


class KeyOfOtherItem(ImportRefusal):
    """An item is called so already, and has none of the row's photos. number: that item's."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class PhotoTwiceFirst(ImportRefusal):
    """Two rows without a key begin with the same photo, under two names. source: the first of them."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source
