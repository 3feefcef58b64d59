"""Tables: columns, relations, constraints. No query, no URL, no file."""

from gallery.models.accounts import AccountlessDepartement, OfficialAccount
from gallery.models.archives import ArchiveState, GivenArchive
from gallery.models.desk import AccessLink, AttemptCount, DeskSession, FormDraft, SentForm
from gallery.models.exports import AlbumExport, ExportFault, ExportState
from gallery.models.items import (
    Case,
    Category,
    Colour,
    DeletedPhoto,
    Item,
    ItemPhoto,
    ItemStatus,
    Signature,
    SignatureState,
)
from gallery.models.lots import CardNumber, LotPhoto, PhotoLot
from gallery.models.pages import DOUBTFUL, FacebookPage, PagePost, PhotoOutcome, PostPhoto, PostStage
from gallery.models.postings import AlbumPage, Network, PostedItem, Posting
from gallery.models.public_rows import FORMER_ITEMS, FORMER_PHOTOS, PUBLIC_POSTS, RETURNED_ITEMS
from gallery.models.search import FULL_TEXT_TABLE, WORD_VECTOR, ItemWords
from gallery.models.system import (
    AuditEntry,
    CatalogueRevision,
    DatabaseIdentity,
    ReleasedFile,
    SchemaReach,
    StoreName,
    SweepRefusal,
    SweepReport,
)
from gallery.models.units import Officer, OfficerRole, Unit, UnitKind

__all__ = [
    "DOUBTFUL",
    "FORMER_ITEMS",
    "FORMER_PHOTOS",
    "FULL_TEXT_TABLE",
    "PUBLIC_POSTS",
    "RETURNED_ITEMS",
    "WORD_VECTOR",
    "AccessLink",
    "AccountlessDepartement",
    "AlbumExport",
    "AlbumPage",
    "ArchiveState",
    "AttemptCount",
    "AuditEntry",
    "CardNumber",
    "Case",
    "CatalogueRevision",
    "Category",
    "Colour",
    "DatabaseIdentity",
    "DeletedPhoto",
    "DeskSession",
    "ExportFault",
    "ExportState",
    "FacebookPage",
    "FormDraft",
    "GivenArchive",
    "Item",
    "ItemPhoto",
    "ItemStatus",
    "ItemWords",
    "LotPhoto",
    "Network",
    "Officer",
    "OfficerRole",
    "OfficialAccount",
    "PagePost",
    "PhotoLot",
    "PhotoOutcome",
    "PostPhoto",
    "PostStage",
    "PostedItem",
    "Posting",
    "ReleasedFile",
    "SchemaReach",
    "SentForm",
    "Signature",
    "SignatureState",
    "StoreName",
    "SweepRefusal",
    "SweepReport",
    "Unit",
    "UnitKind",
]
