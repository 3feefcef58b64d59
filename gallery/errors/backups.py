"""What is wrong with a backup, or with where one is made or restored."""

from gallery.errors.base import GalleryError


class BackupAbsent(GalleryError):
    """There is no whole backup here, or none of this name."""


class BackupOfAnother(GalleryError):
    """Another installation's backups are here, or something that is no backup. theirs: "" where it is no backup."""

    def __init__(self, *, theirs: str, ours: str) -> None:
        super().__init__(theirs, ours)
        self.theirs = theirs
        self.ours = ours


class BackupBusy(GalleryError):
    """Another command is writing here, or was killed a short while ago. minutes: until it counts as killed."""

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


class BackupLocked(GalleryError):
    """The key that was given does not open the backup."""


class BackupDamaged(GalleryError):
    """Something of a backup is missing or is not what was written. what: the name of the file there."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class BackupTooNew(GalleryError):
    """The backup was made by a program that this one doesn't know. what: its format or its newest migration."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TargetNotEmpty(GalleryError):
    """Where something is to be restored or moved to, there is something else. what: a table, or a store."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class CopyDiffers(GalleryError):
    """The copy differs from what it was made from. what: a table and a row, or a file."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
