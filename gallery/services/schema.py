"""Whether the database's tables are those that this program works with (docs/operations.md, "Upgrades")."""

import enum
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, inspect, select, text
from sqlalchemy.orm import Session

from gallery.errors import SchemaUnfit
from gallery.models import SchemaReach

MIGRATIONS = Path(__file__).parents[2] / "migrations"
NUMBERED = re.compile(r"(\d{4})_\w+\.py")
# In the target of a move, until all is there.
HALF_MOVED = Table("half_moved", MetaData(), Column("identity", String(32), primary_key=True))


class Fit(enum.StrEnum):
    """How tables and program go together. NEWER: the tables are, and only gained what this program does without."""

    SAME = "same"
    NEWER = "newer"
    # The tables are newer, and this program could not work with them.
    TOO_NEW = "too_new"
    TOO_OLD = "too_old"
    ABSENT = "absent"
    # `flask move` has not ended: some of the rows are still elsewhere.
    HALF_MOVED = "half_moved"


@dataclass(frozen=True)
class Schema:
    """What was found. found, known: the newest migrations of the database and of the program."""

    fit: Fit
    found: str
    known: str

    @property
    def line(self) -> str:
        """What to write in a log."""
        return str(self.error)

    @property
    def error(self) -> SchemaUnfit:
        """What to raise when this program can't work with these tables."""
        return SchemaUnfit(self.fit, self.found, self.known)

    @property
    def can_be_used(self) -> bool:
        """Whether this program works with these tables."""
        return self.fit in (Fit.SAME, Fit.NEWER)


@cache
def known_revisions() -> tuple[str, ...]:
    """The migrations of this program, oldest first: their files are named by their numbers."""
    names = (NUMBERED.fullmatch(path.name) for path in (MIGRATIONS / "versions").iterdir())
    return tuple(sorted(name[1] for name in names if name))


def look(session: Session) -> Schema:
    """Compare the tables with the program; ends the transaction that it reads in."""
    known = known_revisions()
    try:
        found = _found(session)
        return Schema(_fit(session, found, known), found, known[-1])
    finally:
        session.close()


def require(session: Session) -> None:
    """Raise SchemaUnfit when this program can't work with the tables."""
    schema = look(session)
    if not schema.can_be_used:
        raise schema.error


def refuse_half_moved(session: Session) -> None:
    """Raise SchemaUnfit where nothing may be written before `flask move` has ended."""
    schema = look(session)
    if schema.fit is Fit.HALF_MOVED:
        raise schema.error


def _found(session: Session) -> str:
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return session.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _fit(session: Session, found: str, known: tuple[str, ...]) -> Fit:
    if not found:
        return Fit.ABSENT
    if inspect(session.connection()).has_table(HALF_MOVED.name):
        return Fit.HALF_MOVED
    if found == known[-1]:
        return Fit.SAME
    if found in known:
        return Fit.TOO_OLD
    reach = session.scalar(select(SchemaReach.revision))
    return Fit.NEWER if reach in known else Fit.TOO_NEW
