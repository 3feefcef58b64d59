"""What goes wrong with accounts and their keys."""

from datetime import timedelta

from gallery.errors.base import GalleryError, NotFound


class AddressInvalid(GalleryError):
    """A text is no e-mail address that an account can have."""


class TooManyAttempts(GalleryError):
    """Too many attempts to sign in have failed: the next one has to wait this long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class AccountRefused(GalleryError):
    """An address can’t be an official account’s. why: an AddressFault; imitated: the domain it looks like."""

    def __init__(self, why: str, *, imitated: str = "") -> None:
        super().__init__(why, imitated)
        self.why = why
        self.imitated = imitated


class AccountTaken(GalleryError):
    """The account is already a unit's. unit: its name."""

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


class AccountNotFound(NotFound):
    """No official account has this reference."""


class DepartementHasAccounts(GalleryError):
    """A unit of the département has an official account, so that it can't be said to have none."""


class OfficerNotFound(NotFound):
    """No such account for this reader."""


class LinkNotFound(NotFound):
    """The link was never given, has been used, replaced, or is too old."""


class SessionNotFound(NotFound):
    """The officer has no such open session."""


class LastAdministrator(GalleryError):
    """Without this account nobody could administer the service."""


class UnitUnreachable(GalleryError):
    """A unit with published items would be left without a telephone or an e-mail address."""


class NotAllowed(GalleryError):
    """The officer's role does not reach this far."""
