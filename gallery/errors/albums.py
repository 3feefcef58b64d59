"""What stands between an album and its package, its file, its post or its page."""

from gallery.errors.base import GalleryError, NotFound


class ExportNotFound(NotFound):
    """No such file of an album was asked for in the officer's unit, or it is forgotten."""


class ExportOutdated(GalleryError):
    """Something of the album is not public any more, or not as it was when its file was made."""


class TooManyExports(GalleryError):
    """The unit waits for as many files of albums as it may at once: limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class AlbumEmpty(GalleryError):
    """Nothing of what was asked for is public, so there is no album."""


class NoLongerInAlbum(GalleryError):
    """Items of the album have ceased to be public since it was prepared. numbers: theirs, never empty."""

    def __init__(self, numbers: tuple[str, ...]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = numbers


class AlbumNotFound(NotFound):
    """No album has a page under this code."""


class AlbumNoLongerPublic(NotFound):
    """The album had a page, and none of its items is public any more."""


class TooManyForPost(GalleryError):
    """The album has more photos than one post on a page takes."""

    def __init__(self, *, limit: int, photos: int) -> None:
        super().__init__(limit, photos)
        self.limit = limit
        self.photos = photos


class FilmMakerAbsent(GalleryError):
    """A film needs PyAV, of requirements-extra.txt, and this installation does not have it."""


class ManifestInvalid(GalleryError):
    """A package has no list of its files that we have signed. part: what is wrong."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class ArchiveNotFound(NotFound):
    """No such archive was given in the officer's unit."""


class ArchiveRefused(GalleryError):
    """The file is no archive of Facebook albums that we read. fault: an album_archive.ArchiveFault value."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class ArchiveTooLarge(GalleryError):
    """The archive is larger than the back office takes; the command line takes it."""

    def __init__(self, *, limit_megabytes: int) -> None:
        super().__init__(limit_megabytes)
        self.limit_megabytes = limit_megabytes
