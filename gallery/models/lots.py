"""Photos that were dropped into a case and belong to no item yet, and numbers on cards that lie beside objects."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.items import Case


class CardNumber(Base):
    """A public number that was printed on a card and that no item has yet."""

    __tablename__ = "card_numbers"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    printed_at: Mapped[datetime]


class PhotoLot(Base):
    """The photos of a case that wait to become items; a case has one lot at most.

    touched_at: the last photo or act; forgotten so long after it. refused: the files that were set aside, by SHA-256,
    each with its "name" and "cause" (the name of a PhotoRefused). words: what the officer has written of each group, by
    its key. undo: the groups of photos before each of the last acts, by public_id, the latest last.
    """

    __tablename__ = "photo_lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    touched_at: Mapped[datetime]
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undo: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    case: Mapped[Case] = relationship()
    photos: Mapped[list["LotPhoto"]] = relationship(
        back_populates="lot", cascade="all, delete-orphan", order_by="LotPhoto.id"
    )


class LotPhoto(Base):
    """A photo that belongs to no item yet. Never public: nothing but its unit's back office reads this table.

    name: as the officer's computer calls the file. taken, camera: as imaging.Capture has them. number: of the card that
    it shows; hidden: what its renditions do not show, as imaging.Place. moved_to: the group that an officer has put it
    in, by taking it for a number or by moving it; None: nobody has, and the cards decide.
    """

    __tablename__ = "lot_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("photo_lots.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    taken: Mapped[str] = mapped_column(String(24), default="")
    camera: Mapped[str] = mapped_column(String(16), default="")
    original_sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    is_damaged: Mapped[bool] = mapped_column(default=False, server_default=false())
    rendition_digest: Mapped[str] = mapped_column(String(64), index=True)
    renditions: Mapped[list[dict[str, Any]]]
    number: Mapped[str] = mapped_column(String(16), default="")
    hidden: Mapped[list[list[float]] | None] = mapped_column(JSON(none_as_null=True))
    moved_to: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]

    lot: Mapped[PhotoLot] = relationship(back_populates="photos")

    __table_args__ = (UniqueConstraint("lot_id", "original_sha256"),)
