"""What goes wrong with the stores, and with what else the service depends on."""

from gallery.errors.base import GalleryError


class Outage(GalleryError):
    """Something that the service depends on has failed; the request itself may be right. why: for the log."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class StoreUnreachable(Outage):
    """A store does not answer, or not in time."""


class MailServerUnreachable(Outage):
    """The server that mails are handed to does not answer, or lets us hand over none at all."""


class DiskFull(Outage):
    """The disk of the server, of its database or of a store has no room left; nothing was half written."""


class FileAbsent(GalleryError):
    """The store has no file under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class StoreRefused(GalleryError):
    """Nothing may be removed from a store. store: "public" or "private"."""

    def __init__(self, store: str) -> None:
        super().__init__(store)
        self.store = store


class StoreOfAnother(StoreRefused):
    """The store belongs to another database than this one. theirs, ours: identities of the two."""

    def __init__(self, store: str, *, theirs: str, ours: str) -> None:
        super().__init__(store)
        self.theirs = theirs
        self.ours = ours


class StoreUnknown(StoreRefused):
    """The store names no database as its own, and what it holds does not match what this database names."""


class TooManyOrphans(StoreRefused):
    """More files without a row than is normal. unexplained: those that no act of an officer explains; files: all."""

    def __init__(self, store: str, *, unexplained: int, files: int) -> None:
        super().__init__(store)
        self.unexplained = unexplained
        self.files = files
