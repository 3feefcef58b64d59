"""What all domain exceptions are."""


class GalleryError(Exception):
    """Anything that a person may have caused and can put right."""


class NotFound(GalleryError):
    """Nothing of this kind has that number, or the one who asks may not know of it."""


class ChangedMeanwhile(GalleryError):
    """Someone else has changed the row since the form was opened; nothing was overwritten."""
