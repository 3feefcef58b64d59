"""Photos that were dropped into a case and belong to no item yet, and numbers on cards that lie beside objects."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.items import Case
from gallery.models.photo_files import PhotoFiles


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


class LotPhoto(PhotoFiles, Base):
    """A photo that belongs to no item yet. Never public: nothing but its unit's back office reads this table.

    name: as the officer's computer calls the file. taken, camera: as imaging.Capture has them. number: of the card that
    it shows. moved_to: the group that an officer has put it in, by taking it for a number or by moving it; None: nobody
    has, and the cards decide.
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
    created_at: Mapped[datetime]

    lot: Mapped[PhotoLot] = relationship(back_populates="photos")

    __table_args__ = (UniqueConstraint("lot_id", "original_sha256"),)
