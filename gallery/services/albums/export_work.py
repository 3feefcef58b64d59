"""What the worker does with an album that an officer asked for: makes its file, a second's work at a time.

In between the worker does its other work. A file that was cut off is made again from the beginning, by whoever takes it
next, and comes out the same, byte for byte.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.errors import FilmMakerAbsent, PhotoNotFound
from gallery.models import AlbumExport, ExportFault, ExportState, StoreName, Unit
from gallery.services.albums import compose, exports, package, postings
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, in_turn, is_outage
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic
from gallery.sharing import Album
from gallery.storage import export_key

LOGGER = logging.getLogger(__name__)
STEP_SECONDS = 1.0
# A file that kills its worker, or can't be made: after this many attempts the export fails.
MAX_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=30)


@dataclass
class _AtHand:
    """The file that is being made. attempt: by which this taking is told from a later one of the same export."""

    export_id: int
    unit_id: int
    attempt: int
    reference: str
    album: Album
    photos: dict[str, str]
    file: IO[bytes] = field(default_factory=TemporaryFile)
    digest: Any = field(default_factory=sha256)
    size: int = 0
    done: int = 0
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))

    def count(self) -> None:
        """One more photo is in the file."""
        self.done += 1

    def close(self) -> None:
        """Give back what the making has opened: threads, temporary files."""
        close = getattr(self.pieces, "close", None)
        if close is not None:
            close()
        self.file.close()


class ExportMaker:
    """Makes the files of albums, one at a time. `close` when the worker ends: another one takes the file at hand."""

    def __init__(self, given: Resources) -> None:
        self._given = given
        self._at_hand: _AtHand | None = None

    def advance(self) -> bool:
        """Go on for a second with the file at hand, or with the one that has waited longest; False: none waits.

        Raises an outage when a store or a disk is out of order: that was no attempt.
        """
        if self._at_hand is None and not self._begin():
            return False
        if self._at_hand is not None:
            self._go_on(self._at_hand)
        return True

    def close(self) -> None:
        """Let another worker take the file at hand at once."""
        if self._at_hand is not None:
            self._give_back(self._at_hand, leased_until=None)

    def _begin(self) -> bool:
        """Take an export; whether there was one."""
        with self._given.sessions() as session:
            export = self._take(session)
            if export is None:
                return False
            if export.attempts > MAX_ATTEMPTS:
                self._fail(export.id, export.attempts, ExportFault.BROKEN)
                return True
            album = Album.of_table(export.album)
            wanted = {photo.public_id for item in album.items for photo in item.photos}
            public = compose.digests_of(session, wanted)
            making = _AtHand(export.id, export.unit_id, export.attempts, export.reference, album, public)
            network, asked_at, is_current = export.network, export.asked_at, exports.is_current(session, export)
        if wanted - public.keys() or not is_current:
            making.close()
            self._fail(making.export_id, making.attempt, ExportFault.WITHDRAWN)
            return True
        self._at_hand = making
        with self._what_fails_is_noted(making):
            try:
                files = package.entries(self._given, album, network, public, made_at=asked_at)
                making.pieces = package.streamed(files, told=making.count)
            except FilmMakerAbsent:
                self._give_up(making, ExportFault.NO_FILM)
        return True

    def _take(self, session: Session) -> AlbumExport | None:
        now = self._given.now()
        with atomic(session):
            export = session.scalar(
                select(AlbumExport)
                .where(
                    AlbumExport.state.in_(exports.UNDER_WAY),
                    AlbumExport.expires_at > now,
                    or_(AlbumExport.leased_until.is_(None), AlbumExport.leased_until <= now),
                )
                .order_by(in_turn(AlbumExport.leased_until), AlbumExport.asked_at, AlbumExport.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=AlbumExport)
            )
            if export is not None:
                export.state, export.leased_until, export.done = ExportState.MAKING, self._lease(), 0
                export.attempts += 1
        return export

    def _go_on(self, making: _AtHand) -> None:
        with self._what_fails_is_noted(making):
            try:
                is_whole = self._write_some(making)
            except PhotoNotFound:
                self._give_up(making, self._why_absent(making))
                return
            if not self._note(making, done=making.done, leased_until=self._lease()):
                # Forgotten by an officer, or taken by another worker since this one slept for longer than its lease.
                self._let_go()
            elif is_whole:
                self._finish(making)

    @contextmanager
    def _what_fails_is_noted(self, making: _AtHand) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError:
            # No fault of this file: the worker waits for its database, and the lease says when the file is taken again.
            self._let_go()
            raise
        except Exception as error:
            if is_outage(error):
                self._give_back(making, leased_until=self._given.now() + GIVEN_BACK_FOR)
                raise
            self._put_off(making)

    def _write_some(self, making: _AtHand) -> bool:
        """Write for a second; whether the file is whole."""
        until = time.monotonic() + STEP_SECONDS
        for piece in making.pieces:
            making.file.write(piece)
            making.digest.update(piece)
            making.size += len(piece)
            if time.monotonic() >= until:
                return False
        return True

    def _finish(self, making: _AtHand) -> None:
        """Put the file where officers fetch it from, then say that it is there."""
        key = export_key(making.reference)
        self._given.private.put_file(key, making.file)
        with self._given.sessions() as session:
            is_kept = self._keep(session, making)
        self._let_go()
        if not is_kept:
            self._given.private.delete([key])

    def _keep(self, session: Session, making: _AtHand) -> bool:
        """Note that the file is there, and its posting with it; whether anybody still asks for it."""
        now = self._given.now()
        with atomic(session):
            # In the order in which files are asked for, so that neither waits for the other.
            postings.hold(session, session.get_one(Unit, making.unit_id))
            mine = _is_mine(making.export_id, making.attempt)
            export = session.scalar(select(AlbumExport).where(mine).with_for_update(of=AlbumExport))
            if export is None:
                # Its twin, made by another worker, is the same file.
                return session.scalar(select(AlbumExport.id).where(AlbumExport.id == making.export_id)) is not None
            export.photos, export.size_bytes, export.sha256 = making.photos, making.size, making.digest.hexdigest()
            export.leased_until = None
            if not exports.is_current(session, export):
                export.state, export.fault = ExportState.FAILED, ExportFault.WITHDRAWN
                return False
            export.state, export.done, export.made_at = ExportState.READY, export.total, now
            export.expires_at = now + timedelta(hours=self._given.settings.export_hours)
            made = package.exported(making.album, export.network)
            postings.record(session, export.unit, made, by=export.officer, now=now)
        return True

    def _why_absent(self, making: _AtHand) -> ExportFault:
        """A photo's file has gone: with its publication, or without. Raises StoreRefused where its disk has gone."""
        with self._given.sessions() as session:
            ownership.check(session, self._given.public, StoreName.PUBLIC)
            is_public = compose.digests_of(session, making.photos) == making.photos
        return ExportFault.BROKEN if is_public else ExportFault.WITHDRAWN

    def _give_up(self, making: _AtHand, fault: ExportFault) -> None:
        self._let_go()
        self._fail(making.export_id, making.attempt, fault)

    def _give_back(self, making: _AtHand, *, leased_until: datetime | None) -> None:
        """Let a worker take it from then on, as if it had not been tried."""
        self._let_go()
        self._note(making, state=ExportState.WAITING, leased_until=leased_until, attempts=making.attempt - 1)

    def _put_off(self, making: _AtHand) -> None:
        """Leave it for a while."""
        LOGGER.exception("the file of album export %s could not be made", making.reference)
        self._let_go()
        self._note(making, leased_until=self._given.now() + RETRY_AFTER)

    def _let_go(self) -> None:
        making, self._at_hand = self._at_hand, None
        if making is not None:
            making.close()

    def _fail(self, export_id: int, attempt: int, fault: ExportFault) -> None:
        self._change(export_id, attempt, state=ExportState.FAILED, fault=fault, leased_until=None)

    def _note(self, making: _AtHand, **values: Any) -> bool:
        return self._change(making.export_id, making.attempt, **values)

    def _change(self, export_id: int, attempt: int, **values: Any) -> bool:
        """Change the row if it is still this worker's; whether it is."""
        mine = _is_mine(export_id, attempt)
        with self._given.sessions() as session, atomic(session):
            changed = session.scalar(update(AlbumExport).where(mine).values(**values).returning(AlbumExport.id))
        return changed is not None

    def _lease(self) -> datetime:
        return self._given.now() + timedelta(minutes=self._given.settings.worker_lease_minutes)


def _is_mine(export_id: int, attempt: int) -> ColumnElement[bool]:
    return and_(AlbumExport.id == export_id, AlbumExport.attempts == attempt, AlbumExport.state == ExportState.MAKING)
