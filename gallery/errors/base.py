"""What all domain exceptions are."""


class GalleryError(Exception):
    """Anything that a person can have caused and can mend."""
