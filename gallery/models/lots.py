"""Photos that were dropped into a case and belong to no item yet, and numbers on cards that lie beside objects."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.items import Case, ItemPhoto
from gallery.models.photo_files import PhotoFiles, SeenPhoto


class CardNumber(Base):
    """A public number that was printed on a card and that no item has yet."""

    __tablename__ = "card_numbers"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    printed_at: Mapped[datetime]


class PhotoLot(Base):
    """The photos of a case that wait to become items; a case has one lot at most.

    touched_at: the last photo or act; forgotten some time after. refused: the files that were set aside and the photos
    that were removed, by SHA-256, each with its "name" and "cause" (the name of a PhotoRefused). words: what the
    officer has written of each group, by its key. undo: what each of the last acts has changed, the latest last, as it
    was before: "moved", the groups of photos by public_id, and "words", by key. made: the items that were made of it
    last: "number", "is_public", "why" not, as Obstacle values, and "is_added" where there was one that got photos, with
    what it did not take, "lost".
    """

    __tablename__ = "photo_lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    touched_at: Mapped[datetime]
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undo: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    made: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    case: Mapped[Case] = relationship()
    photos: Mapped[list["LotPhoto"]] = relationship(
        back_populates="lot", cascade="all, delete-orphan", order_by="LotPhoto.id"
    )


class LotPhoto(PhotoFiles, SeenPhoto, Base):
    """A photo that belongs to no item yet. Never public: nothing but its unit's back office reads this table.

    name: as the officer's computer calls the file. taken: as imaging.Capture has it; camera: of its series
    (services.lots.order); number: of the card that it shows, or that was before it and was removed, or a mark for a
    card without a usable number (services.lots.receiving). moved_to: the group that an officer has put it in, by taking
    it for a number or by moving it, with a mark where it is still asked about (services.lots.grouping); None: nobody
    has, and the cards decide. described_digest: of the rendition that its
    signature was made of; while it is another than rendition_digest the worker has to describe the photo. together:
    photos with the same value are proposed as one object; of a photo that a card has placed, whether that is doubted
    (services.lots.grouping); None: not compared with the others yet. likely_category, likely_colours: what the photo
    looks like, as codes; only proposed. hidden: an empty list where an officer has said that there is no card to hide.
    private_kinds: what the photo seems to show that is private, as imaging.PrivateKind values, and nothing of what was
    read there; empty once an officer has looked; None: the worker has not yet.
    """

    __tablename__ = "lot_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("photo_lots.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    taken: Mapped[str] = mapped_column(String(24), default="")
    camera: Mapped[str] = mapped_column(String(16), default="")
    number: Mapped[str] = mapped_column(String(16), default="")
    moved_to: Mapped[str | None] = mapped_column(String(16))
    described_digest: Mapped[str] = mapped_column(String(64), default="")
    description_attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    together: Mapped[str | None] = mapped_column(String(24))
    likely_category: Mapped[str] = mapped_column(String(32), default="")
    likely_colours: Mapped[list[str]] = mapped_column(default=list)
    private_kinds: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]

    lot: Mapped[PhotoLot] = relationship(back_populates="photos")
    signature: Mapped["WaitingSignature | None"] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    resemblances: Mapped[list["WaitingResemblance"]] = relationship(
        back_populates="photo", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("lot_id", "original_sha256"),)


class WaitingSignature(Base):
    """What matching keeps of a waiting photo; the item's photo takes it over."""

    __tablename__ = "waiting_signatures"

    photo_id: Mapped[int] = mapped_column(ForeignKey("lot_photos.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[str] = mapped_column(String(64))
    compact: Mapped[bytes] = mapped_column(LargeBinary)
    details: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class WaitingResemblance(Base):
    """A photo of an item that a waiting photo resembles. likelihood: a matching.Likelihood's value.

    is_same_photo: it is the same picture. is_ignored: an officer has said that it is another object.
    """

    __tablename__ = "waiting_resemblances"

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("lot_photos.id", ondelete="CASCADE"))
    item_photo_id: Mapped[int] = mapped_column(ForeignKey("item_photos.id", ondelete="CASCADE"), index=True)
    likelihood: Mapped[str] = mapped_column(String(16))
    is_same_photo: Mapped[bool] = mapped_column(default=False)
    is_ignored: Mapped[bool] = mapped_column(default=False)

    photo: Mapped[LotPhoto] = relationship(back_populates="resemblances")
    item_photo: Mapped[ItemPhoto] = relationship()

    __table_args__ = (UniqueConstraint("photo_id", "item_photo_id"),)
