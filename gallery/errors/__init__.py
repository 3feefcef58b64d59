"""Domain exceptions, named by cause.

They carry data, never sentences and never HTTP numbers: the web layer and the command line turn them into words.
"""

from gallery.errors.accounts import (
    AccountNotFound,
    AccountRefused,
    AccountTaken,
    AddressInvalid,
    DepartementHasAccounts,
    LastAdministrator,
    LinkNotFound,
    NotAllowed,
    OfficerNotFound,
    SessionNotFound,
    TooManyAttempts,
    UnitUnreachable,
)  # fmt: skip
from gallery.errors.albums import (
    AlbumEmpty,
    AlbumNoLongerPublic,
    AlbumNotFound,
    ArchiveNotFound,
    ArchiveRefused,
    ArchiveTooLarge,
    ExportNotFound,
    ExportOutdated,
    FilmMakerAbsent,
    ManifestInvalid,
    NoLongerInAlbum,
    TooManyExports,
    TooManyForPost,
)
from gallery.errors.backups import (
    BackupAbsent,
    BackupBusy,
    BackupDamaged,
    BackupLocked,
    BackupOfAnother,
    BackupTooNew,
    CopyDiffers,
    TargetNotEmpty,
)  # fmt: skip
from gallery.errors.base import ChangedMeanwhile, GalleryError, NotFound
from gallery.errors.claims import ClaimNotFound, ClaimsOff, ClaimStepRefused
from gallery.errors.database import ExtensionAbsent, SchemaUnfit
from gallery.errors.declarations import (
    CodeMistyped,
    CodeUnknown,
    DeclarationNotFound,
    DeclarationsClosed,
    DeclarationsOff,
    ProposalNotFound,
    StatementInvalid,
)
from gallery.errors.lots import LotFull, NumberNotReserved, TooManyCards, TooManyPhotos
from gallery.errors.photos import (
    DecodersBusy,
    DecoderStopped,
    FingerprintInvalid,
    PdfLocked,
    PdfTooLong,
    PhotoInNoAlbum,
    PhotoIsRaw,
    PhotoNotFound,
    PhotoNotInArchive,
    PhotoRefused,
    PhotoThereAlready,
    PhotoTooDemanding,
    PhotoTooLarge,
    PhotoTooNarrow,
    PhotoTooSmall,
    PhotoUnreadable,
)
from gallery.errors.stores import (
    DiskFull,
    FileAbsent,
    MailServerUnreachable,
    Outage,
    StoreOfAnother,
    StoreRefused,
    StoreUnknown,
    StoreUnreachable,
    TooManyOrphans,
)

__all__ = [
    "AccountNotFound",
    "AccountRefused",
    "AccountTaken",
    "AddressInvalid",
    "AlbumEmpty",
    "AlbumNoLongerPublic",
    "AlbumNotFound",
    "ArchiveNotFound",
    "ArchiveRefused",
    "ArchiveTooLarge",
    "BackupAbsent",
    "BackupBusy",
    "BackupDamaged",
    "BackupLocked",
    "BackupOfAnother",
    "BackupTooNew",
    "ChangedMeanwhile",
    "ClaimNotFound",
    "ClaimStepRefused",
    "ClaimsOff",
    "CodeMistyped",
    "CodeUnknown",
    "CopyDiffers",
    "DeclarationNotFound",
    "DeclarationsClosed",
    "DeclarationsOff",
    "DecoderStopped",
    "DecodersBusy",
    "DepartementHasAccounts",
    "DiskFull",
    "ExportNotFound",
    "ExportOutdated",
    "ExtensionAbsent",
    "FileAbsent",
    "FilmMakerAbsent",
    "FingerprintInvalid",
    "GalleryError",
    "LastAdministrator",
    "LinkNotFound",
    "LotFull",
    "MailServerUnreachable",
    "ManifestInvalid",
    "NoLongerInAlbum",
    "NotAllowed",
    "NotFound",
    "NumberNotReserved",
    "OfficerNotFound",
    "Outage",
    "PdfLocked",
    "PdfTooLong",
    "PhotoInNoAlbum",
    "PhotoIsRaw",
    "PhotoNotFound",
    "PhotoNotInArchive",
    "PhotoRefused",
    "PhotoThereAlready",
    "PhotoTooDemanding",
    "PhotoTooLarge",
    "PhotoTooNarrow",
    "PhotoTooSmall",
    "PhotoUnreadable",
    "ProposalNotFound",
    "SchemaUnfit",
    "SessionNotFound",
    "StatementInvalid",
    "StoreOfAnother",
    "StoreRefused",
    "StoreUnknown",
    "StoreUnreachable",
    "TargetNotEmpty",
    "TooManyAttempts",
    "TooManyCards",
    "TooManyExports",
    "TooManyForPost",
    "TooManyOrphans",
    "TooManyPhotos",
    "UnitUnreachable",
]


class SettingInvalid(GalleryError):
    """A setting has a value that the program refuses to start with."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class TooManyUploads(GalleryError):
    """Others are sending as much as this process can take in at once."""


class UploadTooSlow(GalleryError):
    """What was sent came slower than any telephone sends."""


class SignatureUnreadable(GalleryError):
    """A stored signature is damaged or was made by another version of the algorithm."""


class SealBroken(GalleryError):
    """A sealed value can't be opened: another key, damaged, or moved from another row."""


class KeyAbsent(GalleryError):
    """The process was not given the key that this act needs."""


class ItemNotFound(NotFound):
    """No such item for this reader."""


class ItemNoLongerPublic(NotFound):
    """The item was public once and is withdrawn or returned."""


class CaseNotFound(NotFound):
    """No such case in the officer's unit."""


class CaseNumberTaken(GalleryError):
    """The unit already has a case with this number. reference: that case's."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class PostingNotFound(NotFound):
    """No such posting in the officer's unit."""


class PostingOnline(GalleryError):
    """It went online or is about to, so it stays among those to be taken down."""


class FacebookPageNotFound(NotFound):
    """The unit has no Facebook page to publish on."""


class UnitNotFound(NotFound):
    """No unit has this code."""


class CategoryNotFound(NotFound):
    """No category has this code."""


class CategoryInUse(GalleryError):
    """The category holds published items, which could not stay public. items: how many."""

    def __init__(self, items: int) -> None:
        super().__init__(items)
        self.items = items


class PublicationRefused(GalleryError):
    """The item can't be, or stay, public. obstacles: services.items.obstacles.Obstacle values, never empty."""

    def __init__(self, obstacles: tuple[str, ...]) -> None:
        super().__init__(*obstacles)
        self.obstacles = obstacles


class NoPhotoGiven(GalleryError):
    """A search by photo came without a photo that could be read."""


class TooManySearches(GalleryError):
    """As many searches already run as one process allows. before: those that come first; seconds: until it is time."""

    def __init__(self, *, before: int, seconds: float) -> None:
        super().__init__(before, seconds)
        self.before, self.seconds = before, seconds


class NumbersExhausted(GalleryError):
    """No free public number was found for this département."""


class FieldInvalid(GalleryError):
    """A value given on the command line or in an import file can't be used."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(field, value)
        self.field = field
        self.value = value


class AlreadyTaken(FieldInvalid):
    """The value is well formed, and another row has it."""
