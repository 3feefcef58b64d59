"""What goes wrong with many photos at once, and with the numbers on cards."""

from gallery.errors.base import GalleryError


class TooManyPhotos(GalleryError):
    """More photos were given than one request may carry."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class LotFull(TooManyPhotos):
    """As many photos wait in a case as may. limit: how many these are."""


class TooManyCards(GalleryError):
    """More cards were asked for than a unit may have. limit: how many it may ask for."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NumberNotReserved(GalleryError):
    """Photos were taken for a number that neither a card nor an object of the unit has."""
