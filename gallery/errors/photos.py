"""Why a given file can't become a photo, or can't be decoded now."""

from gallery.errors.base import GalleryError, NotFound


class PhotoRefused(GalleryError):
    """A given file can't become a photo."""


class PhotoUnreadable(PhotoRefused):
    """The bytes are no picture that we read, or are damaged."""


class FileEmpty(PhotoUnreadable):
    """There is nothing in the file: it was not copied to its end."""


class FileIsVideo(PhotoUnreadable):
    """A video, given for a photo."""


class FileIsDocument(PhotoUnreadable):
    """A PDF or a document of an office program, given for a photo."""


class FileIsArchive(PhotoUnreadable):
    """A ZIP or another file that holds files, given for a photo."""


class PhotoTooLarge(PhotoRefused):
    """The picture is over a limit. The one that is not None says which.

    limit_progressive_megapixels: of a JPEG that is sent in several scans, and is kept in memory whole.
    """

    def __init__(
        self,
        *,
        limit_megabytes: int | None = None,
        limit_megapixels: int | None = None,
        limit_progressive_megapixels: int | None = None,
    ) -> None:
        super().__init__(limit_megabytes, limit_megapixels, limit_progressive_megapixels)
        self.limit_megabytes = limit_megabytes
        self.limit_megapixels = limit_megapixels
        self.limit_progressive_megapixels = limit_progressive_megapixels


class PhotoTooSmall(PhotoUnreadable):
    """The picture has too few pixels to show anything. limit_pixels: least length of its short side."""

    def __init__(self, *, limit_pixels: int) -> None:
        super().__init__(limit_pixels)
        self.limit_pixels = limit_pixels


class PhotoTooNarrow(PhotoUnreadable):
    """The picture is a thread: shown whole, its short side would have next to no pixels. limit_ratio: of its sides."""

    def __init__(self, *, limit_ratio: int) -> None:
        super().__init__(limit_ratio)
        self.limit_ratio = limit_ratio


class PhotoIsRaw(PhotoRefused):
    """A camera's own format that shows no preview large enough to be the photo."""


class PhotoTooDemanding(PhotoRefused):
    """Reading the photo would take more time or memory than any photo of a camera does."""


class PhotoNeedsMemory(PhotoTooDemanding):
    """Reading the photo takes more memory than it is tried with at first: it is read again, with more."""


class PdfLocked(PhotoUnreadable):
    """A PDF that only a password opens."""


class PdfTooLong(PhotoUnreadable):
    """A PDF with more pages than are looked at. limit_pages: how many these are."""

    def __init__(self, *, limit_pages: int) -> None:
        super().__init__(limit_pages)
        self.limit_pages = limit_pages


class PdfPageAbsent(PhotoUnreadable):
    """A PDF has no such page. limit_pages: how many it has."""

    def __init__(self, *, limit_pages: int) -> None:
        super().__init__(limit_pages)
        self.limit_pages = limit_pages


class FingerprintInvalid(GalleryError):
    """What was sent in place of a photo is nothing that a photo gives, or was made for another model."""


class DecodersBusy(GalleryError):
    """As many photos are already being decoded as one process allows, and none has finished for a long time."""


class DecoderStopped(GalleryError):
    """The process that decodes photos can't be started, or somebody has ended it twice."""


class PhotoInNoAlbum(PhotoRefused):
    """The archive has the photo, but none of its albums or posts lists it."""


class PhotoNotInArchive(PhotoRefused):
    """An album lists the photo, but none of the given parts of the archive has it."""


class PhotoThereAlready(GalleryError):
    """The item to which a photo is moved or given back has one of the same file, perhaps a deleted one."""


class PhotoDeleted(PhotoRefused):
    """An officer has deleted a photo of this file: no import shows it again."""


class PhotoRemoved(PhotoRefused):
    """An officer has removed the photo from those that wait in the case, and it is given again."""


class PhotoNotFound(NotFound):
    """No such photo for this reader."""
