"""Archives of Facebook albums that officers give in the back office: received, read, confirmed, forgotten.

The worker does the long part (`archive_work`). The file holds comments and messages of other people: it is removed as
soon as its photos are drafts.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from gallery.errors import ArchiveNotFound
from gallery.models import ArchiveState, Case, Category, GivenArchive, Officer, Unit
from gallery.storage import archive_key

LONGEST_NAME = 120
NAMED_REFUSALS = 200
# Archives of one page of the list.
AT_ONCE = 20


@dataclass(frozen=True)
class AlbumCount:
    """An album of an archive. known: photos that are there already; refused: those that can't be taken."""

    name: str
    photos: int = 0
    known: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Report:
    """What an archive holds, or what has become of it. refusals: photo and error's name, the first ones.

    damaged: photos that were taken and look damaged, the first ones.
    """

    albums: tuple[AlbumCount, ...] = ()
    added: int = 0
    known: int = 0
    refused: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    damaged: tuple[str, ...] = ()

    @classmethod
    def of(cls, archive: GivenArchive) -> "Report":
        """The report as the row keeps it."""
        kept = archive.report
        return cls(
            albums=tuple(AlbumCount(**each) for each in kept.get("albums", ())),
            added=kept.get("added", 0),
            known=kept.get("known", 0),
            refused=kept.get("refused", 0),
            refusals=tuple((source, why) for source, why in kept.get("refusals", ())),
            damaged=tuple(kept.get("damaged", ())),
        )

    def kept(self) -> dict[str, Any]:
        """The report as a row keeps it."""
        return asdict(self)

    def with_refusals(self, refusals: Sequence[tuple[str, str]]) -> "Report":
        """The report with these photos refused too; all are counted, and the first are named."""
        named = (*self.refusals, *refusals)[:NAMED_REFUSALS]
        return replace(self, refused=self.refused + len(refusals), refusals=named)

    def with_damaged(self, sources: Sequence[str]) -> "Report":
        """The report with these photos said to look damaged."""
        return replace(self, damaged=(*self.damaged, *sources)[:NAMED_REFUSALS])


@dataclass(frozen=True)
class Choices:
    """What an officer chooses for the drafts. case: None for a case an album."""

    category: Category
    case: Case | None = field(default=None)


@dataclass(frozen=True)
class ArrivingFile:
    """The file of an archive that an officer sends. name: as it was called there."""

    name: str
    size_bytes: int


def receive(session: Session, choices: Choices, file: ArrivingFile, *, by: Officer, now: datetime) -> GivenArchive:
    """Note that an archive arrives; its file comes after, and then `received`."""
    archive = GivenArchive(
        reference=secrets.token_hex(6),
        unit=by.unit,
        officer=by,
        case=choices.case,
        category=choices.category,
        name=file.name[-LONGEST_NAME:],
        size_bytes=file.size_bytes,
        state=ArchiveState.RECEIVING,
        given_at=now,
    )
    session.add(archive)
    session.flush()
    return archive


def awaits_file(session: Session, reference: str, *, by: Officer) -> bool:
    """Whether the file of an archive is still to come; raise ArchiveNotFound."""
    return lock(session, reference, by=by).state is ArchiveState.RECEIVING


def received(session: Session, reference: str, *, by: Officer) -> None:
    """Note that the file is there: the worker now reads it, or has done so already; raise ArchiveNotFound."""
    archive = lock(session, reference, by=by)
    if archive.state is ArchiveState.RECEIVING:
        archive.state = ArchiveState.READING


def kept_by(session: Session, unit: Unit, *, limit: int = AT_ONCE, offset: int = 0) -> list[GivenArchive]:
    """The unit's archives that have arrived, newest first."""
    wanted = select(GivenArchive).where(GivenArchive.unit_id == unit.id, GivenArchive.state != ArchiveState.RECEIVING)
    return list(
        session.scalars(
            wanted.order_by(GivenArchive.given_at.desc(), GivenArchive.id.desc())
            .limit(limit)
            .offset(offset)
            .options(joinedload(GivenArchive.officer))
        )
    )


def lock(session: Session, reference: str, *, by: Officer) -> GivenArchive:
    """The archive of the officer's unit under this reference, to be changed; raise ArchiveNotFound."""
    wanted = select(GivenArchive).where(GivenArchive.reference == reference, GivenArchive.unit_id == by.unit_id)
    archive = session.scalar(wanted.with_for_update(of=GivenArchive))
    if archive is None:
        raise ArchiveNotFound(reference)
    return archive


def confirm(archive: GivenArchive) -> None:
    """Ask the worker to make the drafts that the report foresees; asking again changes nothing."""
    if archive.state is ArchiveState.READ:
        archive.state, archive.done, archive.report = ArchiveState.IMPORTING, 0, Report().kept()


def forget(session: Session, archive: GivenArchive) -> str:
    """Remove an archive from the list, and return the key of the file to delete once that is certain."""
    session.delete(archive)
    return archive_key(archive.reference)


def forget_old(session: Session, *, older_than: datetime) -> list[str]:
    """Forget the archives given before this moment, and return the keys of the files to delete after that."""
    keys = keys_of_old(session, older_than=older_than)
    session.execute(delete(GivenArchive).where(GivenArchive.given_at < older_than))
    return keys


def keys_of_old(session: Session, *, older_than: datetime) -> list[str]:
    """Where the private store has those that were given before this moment."""
    old = select(GivenArchive.reference).where(GivenArchive.given_at < older_than)
    return [archive_key(reference) for reference in session.scalars(old)]
