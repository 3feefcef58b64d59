"""Domain exceptions, named by cause.

They carry data, never sentences and never HTTP numbers: the web layer and the command line turn them into words.
"""


class GalleryError(Exception):
    """Anything that a person can have caused and can mend."""


class SettingInvalid(GalleryError):
    """A setting has a value that the program refuses to start with."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class PhotoRefused(GalleryError):
    """A given file can't become a photo."""


class PhotoUnreadable(PhotoRefused):
    """The bytes are no picture that we read, or are damaged."""


class PhotoTooLarge(PhotoRefused):
    """The picture is over a limit. limit_megabytes or limit_megapixels says which; the other is None."""

    def __init__(self, *, limit_megabytes: int | None = None, limit_megapixels: int | None = None) -> None:
        super().__init__(limit_megabytes, limit_megapixels)
        self.limit_megabytes = limit_megabytes
        self.limit_megapixels = limit_megapixels


class PhotoTooSmall(PhotoRefused):
    """The picture has too few pixels to show anything. limit_pixels: least length of its short side."""

    def __init__(self, *, limit_pixels: int) -> None:
        super().__init__(limit_pixels)
        self.limit_pixels = limit_pixels


class SignatureUnreadable(GalleryError):
    """A stored signature is damaged or was made by another version of the algorithm."""


class SealBroken(GalleryError):
    """A sealed value can't be opened: another key, damaged, or moved from another row."""


class KeyAbsent(GalleryError):
    """The process was not given the key that this act needs."""


class FileAbsent(GalleryError):
    """The store has no file under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
