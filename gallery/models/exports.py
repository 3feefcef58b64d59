"""Files of albums that officers asked for, from the asking until they are forgotten."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.postings import Network
from gallery.models.units import Officer, Unit


class ExportState(enum.StrEnum):
    """How far a file has come; the worker looks for WAITING, and for MAKING whose lease has ended."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class ExportFault(enum.StrEnum):
    """Why a file could not be made. WITHDRAWN: something of the album is not public any more, or not as it was."""

    WITHDRAWN = "withdrawn"
    NO_FILM = "no_film"
    BROKEN = "broken"


class AlbumExport(Base):
    """An album that becomes a file. READY: it lies in the private store until expires_at.

    album: its words and items (`sharing.Album.of_table`); album_digest: of them and the network, by which the album is
    known again; photos: what each photo showed when the file was made, digest by public id; done: of total photos;
    sha256: of the file; attempts: how often a worker has taken it.
    """

    __tablename__ = "album_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    network: Mapped[Network] = mapped_column(word(Network))
    title: Mapped[str] = mapped_column(String(160))
    album: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    album_digest: Mapped[str] = mapped_column(String(64))
    photos: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[ExportState] = mapped_column(word(ExportState), default=ExportState.WAITING)
    fault: Mapped[ExportFault | None] = mapped_column(word(ExportFault))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship()
    officer: Mapped[Officer] = relationship()

    __table_args__ = (Index("ix_album_exports_due", "state", "leased_until"),)
