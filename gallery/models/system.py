"""The journal, the number by which every process sees a change, and whose the stores are and how they were swept."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gallery.database import Base, word
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


class CatalogueChange(Base):
    """What a number of the catalogue's revision has changed, where that was certain items alone.

    item_ids: rows of items of which something changed that the gallery lists; photo_item_ids: of those of which only
    what a search compares did, None if that isn't known. They may be gone. Only the last numbers are kept.
    """

    __tablename__ = "catalogue_changes"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_ids: Mapped[list[int]] = mapped_column(JSON)
    photo_item_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))


class DatabaseIdentity(Base):
    """One row, drawn once: what a store says it belongs to. A dump has it too; a new database has another.

    sweep_begun_at: when a worker last took the turn to keep house, whatever came of it.
    """

    __tablename__ = "database_identity"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(32))
    sweep_begun_at: Mapped[datetime | None]


class ReleasedFile(Base):
    """A file that an officer's act has left without a row: the sweep removes it without asking."""

    __tablename__ = "released_files"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    released_at: Mapped[datetime] = mapped_column(index=True)


class StoreName(enum.StrEnum):
    """The two stores."""

    PUBLIC = "public"
    PRIVATE = "private"


class SweepRefusal(enum.StrEnum):
    """Why the last sweep removed nothing from a store."""

    OF_ANOTHER_DATABASE = "of_another_database"
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"


class SweepReport(Base):
    """How the last sweep of a store ended. refusal: None when it was swept."""

    __tablename__ = "sweep_reports"

    store: Mapped[StoreName] = mapped_column(word(StoreName), primary_key=True)
    at: Mapped[datetime]
    refusal: Mapped[SweepRefusal | None] = mapped_column(word(SweepRefusal))
    # Files without a row that no act of an officer explains, and the number of all files.
    unexplained: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
