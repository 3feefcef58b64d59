"""Photos that were dropped into a case and belong to no item yet: its lot, which waits in the private store."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.items import Case


class PhotoLot(Base):
    """The photos of a case that wait to become items; a case has one lot at most.

    touched_at: the last photo or act; forgotten so long after it. refused: the files that were set aside, by SHA-256,
    each with its "name" and "cause" (the name of a PhotoRefused).
    """

    __tablename__ = "photo_lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    touched_at: Mapped[datetime]
    refused: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[Case] = relationship()
    photos: Mapped[list["LotPhoto"]] = relationship(
        back_populates="lot", cascade="all, delete-orphan", order_by="LotPhoto.id"
    )


class LotPhoto(Base):
    """A photo that belongs to no item yet. Never public: nothing but its unit's back office reads this table.

    name: as the officer's computer calls the file. taken, camera: as imaging.Capture has them.
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
    created_at: Mapped[datetime]

    lot: Mapped[PhotoLot] = relationship(back_populates="photos")

    __table_args__ = (UniqueConstraint("lot_id", "original_sha256"),)
