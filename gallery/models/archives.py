"""Archives of Facebook albums that officers have given, until their photos have become drafts."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
from gallery.models.items import Case, Category
from gallery.models.units import Officer, Unit


class ArchiveState(enum.StrEnum):
    """How far an archive has come; the worker looks for READING and IMPORTING."""

    RECEIVING = "receiving"
    READING = "reading"
    READ = "read"
    IMPORTING = "importing"
    DONE = "done"
    REFUSED = "refused"


class GivenArchive(Base):
    """An archive that an officer has given. The file lies in the private store until DONE or REFUSED.

    report: services.facebook.archives.Report; fault: why it was refused; done: of total photos, in this state.
    """

    __tablename__ = "given_archives"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"))
    # None: a case an album.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    # As the officer's computer calls it.
    name: Mapped[str] = mapped_column(String(120))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ArchiveState] = mapped_column(word(ArchiveState), default=ArchiveState.RECEIVING)
    fault: Mapped[str] = mapped_column(String(32), default="")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    leased_until: Mapped[datetime | None]
    # How often the work at hand was taken and not finished.
    attempts: Mapped[int] = mapped_column(default=0)
    given_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    officer: Mapped[Officer] = relationship()
    case: Mapped[Case | None] = relationship()
    category: Mapped[Category] = relationship()

    __table_args__ = (Index("ix_given_archives_due", "state", "leased_until"),)
