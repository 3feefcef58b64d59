"""Files of albums: asked for by an officer, made by the worker (`export_work`), fetched by the unit, forgotten.

What was published at the moment of the download counts: a file of which anything is not public any more, or not as it
was, photo or description, is not given away. Words that an officer has typed stay theirs in the file made anew.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, joinedload, undefer

from gallery.errors import ExportNotFound, ExportOutdated, TooManyExports
from gallery.models import AlbumExport, ExportState, Network, Officer, Unit
from gallery.services.albums import compose, package, postings, told
from gallery.services.albums.compose import Surroundings
from gallery.services.resources import Resources
from gallery.sharing import Album
from gallery.storage import export_key

# Waiting or being made, of one unit: each may fill a disk with gigabytes.
MAX_AT_ONCE = 10
UNDER_WAY = (ExportState.WAITING, ExportState.MAKING)
# Files of one page of the list: whether one is outdated takes the whole of its album.
AT_ONCE = 20


@dataclass(frozen=True)
class ExportRecord:
    """A file as its unit sees it. is_outdated: something of it is not public any more, or not as it was."""

    export: AlbumExport
    is_outdated: bool

    @property
    def is_under_way(self) -> bool:
        """The worker still has work to do on it."""
        return self.export.state in UNDER_WAY

    @property
    def is_there(self) -> bool:
        """It may be fetched."""
        return self.export.state is ExportState.READY and not self.is_outdated


def ask(session: Session, given: Resources, album: Album, network: Network, *, by: Officer) -> AlbumExport:
    """Ask for the file of an album of the officer's unit; raise TooManyExports.

    The same album asked for again, as by a second press of the button, is the file that is there or on its way.
    """
    now = given.now()
    expires_at = now + timedelta(hours=given.settings.export_hours)
    postings.hold(session, by.unit)
    digest = _digest(album, network)
    same = _same(session, digest, by=by, now=now)
    if same is not None:
        same.expires_at = expires_at
        return same
    _check_count(session, by.unit)
    export = AlbumExport(
        reference=secrets.token_hex(6),
        unit=by.unit,
        officer=by,
        network=network,
        title=album.title[:160],
        album=asdict(album),
        album_digest=digest,
        photos={},
        state=ExportState.WAITING,
        total=album.photo_count,
        asked_at=now,
        expires_at=expires_at,
    )
    session.add(export)
    session.flush()
    return export


def ask_again(
    session: Session, given: Resources, export: AlbumExport, around: Surroundings, *, by: Officer
) -> AlbumExport:
    """Ask for a file of what is public of an album now, in its words, in place of another file; raise AlbumEmpty.

    The key of the file that it replaces stays the caller's to delete.
    """
    old = Album.of_table(export.album)
    items = compose.of_numbers(session, by.unit, package.numbers_of(old))
    album = compose.renewed(old, items, around)
    session.delete(export)
    session.flush()
    return ask(session, given, album, export.network, by=by)


def kept_by(
    session: Session, unit: Unit, *, limit: int = AT_ONCE, offset: int = 0, now: datetime
) -> list[ExportRecord]:
    """The unit's files, and those on their way, newest first."""
    wanted = select(AlbumExport).where(AlbumExport.unit_id == unit.id, AlbumExport.expires_at > now)
    found = session.scalars(
        wanted.order_by(AlbumExport.asked_at.desc(), AlbumExport.id.desc())
        .limit(limit)
        .offset(offset)
        .options(joinedload(AlbumExport.officer), undefer(AlbumExport.album))
    )
    records = found.all()
    now_public = _public_now(session, records)
    return [_record(export, now_public) for export in records]


def get(session: Session, reference: str, *, by: Officer, now: datetime) -> ExportRecord:
    """The file of the officer's unit under this reference; raise ExportNotFound."""
    return record_of(session, _found(session, reference, AlbumExport.expires_at > now, by=by))


def lock(session: Session, reference: str, *, by: Officer) -> AlbumExport:
    """The file under this reference, locked to be changed, and its unit before it; raise ExportNotFound."""
    postings.hold(session, by.unit)
    return _found(session, reference, by=by, is_changed=True)


def to_fetch(session: Session, reference: str, *, by: Officer, now: datetime) -> AlbumExport:
    """The file, if all that it shows is public as it shows it; raise ExportNotFound or ExportOutdated."""
    record = get(session, reference, by=by, now=now)
    if record.export.state is not ExportState.READY:
        raise ExportNotFound(reference)
    if record.is_outdated:
        raise ExportOutdated(reference)
    return record.export


def record_of(session: Session, export: AlbumExport) -> ExportRecord:
    """The file, compared with what is public at this moment."""
    return _record(export, _public_now(session, [export]))


def is_current(session: Session, export: AlbumExport) -> bool:
    """Whether the items of the file are public and described as they were, and its photos, once made, the same."""
    return _shows(export, _public_now(session, [export]))


def keys_showing(session: Session, unit: Unit, public_id: str) -> list[str]:
    """Where the private store has the unit's files that show this photo: to be deleted once it shows something else.

    The rows stay, and say to officers that their file is outdated.
    """
    ready = select(AlbumExport).where(AlbumExport.unit_id == unit.id, AlbumExport.state == ExportState.READY)
    return [export_key(export.reference) for export in session.scalars(ready) if public_id in export.photos]


def forget(session: Session, export: AlbumExport) -> str:
    """Remove a file from the list, and return its key, to be deleted once that is certain."""
    session.delete(export)
    return export_key(export.reference)


def forget_old(session: Session, *, now: datetime) -> list[str]:
    """Forget the files whose time is over, and return their keys."""
    keys = keys_of_old(session, now=now)
    session.execute(delete(AlbumExport).where(AlbumExport.expires_at <= now))
    return keys


def keys_of_old(session: Session, *, now: datetime) -> list[str]:
    """Where the private store has the files whose time is over."""
    old = select(AlbumExport.reference).where(AlbumExport.expires_at <= now)
    return [export_key(reference) for reference in session.scalars(old)]


def of_use(session: Session, references: Sequence[str]) -> set[str]:
    """Those of these references whose file somebody may fetch, or is about to."""
    wanted = select(AlbumExport.reference).where(
        AlbumExport.reference.in_(references), AlbumExport.state != ExportState.FAILED
    )
    return set(session.scalars(wanted))


def _found(
    session: Session, reference: str, *more: ColumnElement[bool], by: Officer, is_changed: bool = False
) -> AlbumExport:
    wanted = select(AlbumExport).where(AlbumExport.reference == reference, AlbumExport.unit_id == by.unit_id, *more)
    export = session.scalar(wanted.with_for_update(of=AlbumExport) if is_changed else wanted)
    if export is None:
        raise ExportNotFound(reference)
    return export


def _same(session: Session, digest: str, *, by: Officer, now: datetime) -> AlbumExport | None:
    found = session.scalars(
        select(AlbumExport)
        .where(
            AlbumExport.officer_id == by.id,
            AlbumExport.album_digest == digest,
            AlbumExport.state != ExportState.FAILED,
            AlbumExport.expires_at > now,
        )
        .order_by(AlbumExport.id.desc())
    )
    return next((each for each in found if not record_of(session, each).is_outdated), None)


def _check_count(session: Session, unit: Unit) -> None:
    waiting = select(func.count()).where(AlbumExport.unit_id == unit.id, AlbumExport.state.in_(UNDER_WAY))
    if (session.scalar(waiting) or 0) >= MAX_AT_ONCE:
        raise TooManyExports(MAX_AT_ONCE)


def _digest(album: Album, network: Network) -> str:
    table = json.dumps([asdict(album), network.value], ensure_ascii=False, sort_keys=True)
    return sha256(table.encode()).hexdigest()


@dataclass(frozen=True)
class _PublicNow:
    """Digests of what is public at this moment: photos by public id, descriptions by item number."""

    photos: Mapping[str, str]
    told: Mapping[str, str]


def _public_now(session: Session, exports: Sequence[AlbumExport]) -> _PublicNow:
    """What of these files is public at this moment."""
    numbers = {number for export in exports for number in told.of_table(export.album)}
    photos = {public_id for export in exports for public_id in export.photos}
    return _PublicNow(compose.digests_of(session, photos), told.at_this_moment(session, numbers))


def _record(export: AlbumExport, now_public: _PublicNow) -> ExportRecord:
    return ExportRecord(export, export.state is ExportState.READY and not _shows(export, now_public))


def _shows(export: AlbumExport, now_public: _PublicNow) -> bool:
    photos, words = export.photos.items(), told.of_table(export.album).items()
    is_same = all(now_public.photos.get(public_id) == digest for public_id, digest in photos)
    return is_same and all(now_public.told.get(number) == digest for number, digest in words)
