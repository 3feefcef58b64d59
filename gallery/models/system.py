"""The journal, and the number by which every process sees that the catalogue changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base
from gallery.models.units import Officer


class AuditEntry(Base):
    """Who did what, when. details: names of changed fields and counts, never a confidential value."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # None: the command line or the worker.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(32))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    officer: Mapped[Officer | None] = relationship()

    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject", "id"),)


class SchemaReach(Base):
    """One row: how old a program may be that still works with the tables.

    revision: of the newest migration that it must know.
    """

    __tablename__ = "schema_reach"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(String(32))


class CatalogueRevision(Base):
    """One row. Its number grows in every transaction that changes what a search may find."""

    __tablename__ = "catalogue_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
