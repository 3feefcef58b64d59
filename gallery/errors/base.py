"""What all domain exceptions are."""


class GalleryError(Exception):
    """Anything that a person can have caused and can mend."""


class NotFound(GalleryError):
    """Nothing of this kind has that number, or the one who asks may not know of it."""
