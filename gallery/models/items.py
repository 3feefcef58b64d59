"""Cases, items, their photos and what matching keeps of each photo.

The `sealed` column of a row holds all of its confidential fields as one age-encrypted value; the other columns of an
item, and the theft window of its case, are what may be shown to the public once it is published.
"""

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.photo_files import PhotoFiles, SeenPhoto
from gallery.models.search import ItemWords
from gallery.models.units import Officer, Unit


class ItemStatus(enum.StrEnum):
    """Where an item stands; PUBLISHED alone is public."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    # Of no item, and shown nowhere: the CHECK of the database allows it, and changing that needs a migration.
    ON_HOLD = "on_hold"


ITEM_STATUSES = ItemStatus.DRAFT, ItemStatus.PUBLISHED, ItemStatus.RETURNED, ItemStatus.WITHDRAWN


class SignatureState(enum.StrEnum):
    """Whether a photo has its signature; the worker looks for DUE."""

    DUE = "due"
    DONE = "done"
    FAILED = "failed"


class Colour(enum.StrEnum):
    """Colours that an object is described and searched with."""

    BLACK = "black"
    WHITE = "white"
    GREY = "grey"
    SILVER = "silver"
    GOLD = "gold"
    BROWN = "brown"
    BEIGE = "beige"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"
    MULTICOLOURED = "multicoloured"


class Category(Base):
    """A kind of object, in French and English."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name_fr: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    never_public: Mapped[bool] = mapped_column(default=False)
    # Inscriptions and distinguishing features are kept from the public until an officer says otherwise.
    withholds: Mapped[bool] = mapped_column(default=False, server_default=false())
    position: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Case(Base):
    """The procedure that items come from. sealed: number, discovery, authorisation (services.cases.CaseSecrets)."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    # The period in which the thefts may have happened, both ends included; public with the items.
    theft_from: Mapped[date | None]
    theft_until: Mapped[date | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship()
    items: Mapped[list["Item"]] = relationship(back_populates="case")

    __mapper_args__ = {"version_id_col": version}


class Item(Base):
    """One recovered object, described under the headings of Object ID (https://icom.museum/en/object-id/).

    sealed: serial and exhibit numbers, withheld details (services.items.items.ItemSecrets).
    """

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_number: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)
    status: Mapped[ItemStatus] = mapped_column(word(ItemStatus), default=ItemStatus.DRAFT)

    title: Mapped[str] = mapped_column(String(160))
    object_type: Mapped[str] = mapped_column(String(120), default="")
    materials: Mapped[str] = mapped_column(String(240), default="")
    measurements: Mapped[str] = mapped_column(String(240), default="")
    inscriptions: Mapped[str] = mapped_column(Text, default="")
    distinguishing_features: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(String(240), default="")
    period: Mapped[str] = mapped_column(String(120), default="")
    maker: Mapped[str] = mapped_column(String(160), default="")
    brand: Mapped[str] = mapped_column(String(120), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    colours: Mapped[list[str]] = mapped_column(default=list)
    state_as_found: Mapped[str] = mapped_column(Text, default="")

    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # Keyed digest of what an import file calls the item, so that the file can be read again; None without such a file.
    import_key: Mapped[str | None] = mapped_column(String(64))
    # Keyed digests by which the two sealed numbers are found; empty without a number, None before they were made.
    exhibit_key: Mapped[str | None] = mapped_column(String(64))
    serial_key: Mapped[str | None] = mapped_column(String(64))
    # The same of what the two numbers look like, by which a misread one is found.
    exhibit_look_key: Mapped[str | None] = mapped_column(String(64))
    serial_look_key: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship()
    case: Mapped[Case] = relationship(back_populates="items")
    category: Mapped[Category] = relationship()
    photos: Mapped[list["ItemPhoto"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="ItemPhoto.position, ItemPhoto.id"
    )
    words: Mapped[ItemWords | None] = relationship(cascade="all, delete-orphan", single_parent=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("unit_id", "import_key"),
        Index("ix_items_gallery", "status", "published_at", "id"),
        Index("ix_items_desk", "unit_id", "status", "updated_at"),
        Index("ix_items_exhibit", "unit_id", "exhibit_key"),
        Index("ix_items_serial", "unit_id", "serial_key"),
        Index("ix_items_exhibit_look", "unit_id", "exhibit_look_key"),
        Index("ix_items_serial_look", "unit_id", "serial_look_key"),
    )


class ItemPhoto(PhotoFiles, SeenPhoto, Base):
    """One picture of an item. The files lie in the stores, under keys made of the two digests."""

    __tablename__ = "item_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    # None: deleted, with a DeletedPhoto by which it can be had back. No query that starts at an item finds it.
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    # Order on the page; the first public one is the cover.
    position: Mapped[int]
    is_private: Mapped[bool] = mapped_column(default=False)
    alt_text: Mapped[str] = mapped_column(String(300), default="")
    quarter_turns: Mapped[int] = mapped_column(default=0)
    # Around the object: left, top, right and bottom as shares of the sides of the photo as shown; None without.
    box: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    # The same, as the signature found it; None until the photo is described.
    object_box: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    signature_state: Mapped[SignatureState] = mapped_column(word(SignatureState), default=SignatureState.DUE)
    signature_attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    # When the public could first see it; None: never, and then nobody outside is told that it exists.
    shown_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(back_populates="photos")
    signature: Mapped["StoredSignature | None"] = relationship(back_populates="photo", cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("item_id", "original_sha256"),
        Index("ix_item_photos_due", "signature_state", "leased_until"),
    )


class DeletedPhoto(Base):
    """A photo that an officer has deleted; its rows stay for the day within which it can be had back."""

    __tablename__ = "deleted_photos"

    photo_id: Mapped[int] = mapped_column(ForeignKey("item_photos.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    # Which photo it was on the item's page, counted from 1.
    number: Mapped[int]
    deleted_at: Mapped[datetime]
    # To be destroyed, files and all, and never to be had back.
    is_condemned: Mapped[bool] = mapped_column(default=False)

    photo: Mapped[ItemPhoto] = relationship()


class DeletedFile(Base):
    """A file of which an officer of the unit has deleted a photo. digest: keyed, of its SHA-256."""

    __tablename__ = "deleted_files"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)


class PublicationCheck(Base):
    """Who has vouched for a whole batch of photos before an item of it was published.

    That nobody and nothing private is visible, that the authorisation covers them, and that FOVeS, the State's file of
    stolen objects, was consulted: consulted_by, as a name, and consulted_on.
    """

    __tablename__ = "publication_checks"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), index=True)
    checked_at: Mapped[datetime]
    consulted_by: Mapped[str] = mapped_column(String(120))
    consulted_on: Mapped[date]

    officer: Mapped[Officer] = relationship()


class StoredSignature(Base):
    """What matching keeps of one photo: the compact part stays in memory, the details are fetched to verify."""

    __tablename__ = "signatures"
    __table_args__ = (Index("ix_signatures_listed", "version", "photo_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("item_photos.id", ondelete="CASCADE"), unique=True)
    version: Mapped[str] = mapped_column(String(64))
    compact: Mapped[bytes] = mapped_column(LargeBinary)
    details: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]

    photo: Mapped[ItemPhoto] = relationship(back_populates="signature")
