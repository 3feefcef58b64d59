"""Why an import leaves a list, a row or a photo as it is: for the command line, which has their words."""

from gallery.errors import GalleryError


class ImportRefusal(GalleryError):
    """Something that an import leaves as it is, so that nothing is published without what a list says of it."""


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


class PhotoTwiceFirst(ImportRefusal):
    """Two rows without a key begin with the same photo, under two names. source: the first of them."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source
