"""What goes wrong with accounts and their keys."""

from datetime import timedelta

from gallery.errors.base import GalleryError


class AddressInvalid(GalleryError):
    """A text is no e-mail address that an account can have."""


class TooManyAttempts(GalleryError):
    """Too many attempts to sign in have failed: the next one has to wait this long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait
