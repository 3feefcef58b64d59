"""What the worker does with a given archive: reads it and reports, then, once an officer has agreed, makes its drafts.

Taken with a lease and done in steps; a step that was cut off is done again, and no photo becomes two drafts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import ObjectDeletedError

from gallery.errors import ArchiveRefused, FileAbsent, PhotoUnreadable, SealBroken
from gallery.errors.photos import PhotoDeleted
from gallery.models import ArchiveState, Case, GivenArchive, StoreName
from gallery.services import cases
from gallery.services.facebook import facebook_albums
from gallery.services.facebook.album_archive import AlbumArchive, ArchiveFault
from gallery.services.facebook.archive_parts import parted
from gallery.services.facebook.archives import AlbumCount, Report
from gallery.services.imports import importing, preparing
from gallery.services.imports.destination import Destination, ensure_cases
from gallery.services.imports.importing import Foreseen
from gallery.services.imports.plan import Defaults, Plan, PlannedItem, ReadPhoto, Refusal
from gallery.services.imports.preparing import PreparedItem
from gallery.services.imports.recognition import Digests
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, giving_back, in_turn
from gallery.services.storekeeping import ownership
from gallery.services.transaction import atomic, end_reading
from gallery.storage import archive_key

TITLE = "Objet retrouvé"
READ_AT_ONCE = 50
# A few seconds of work, between which the worker describes photos.
IMPORTED_AT_ONCE = 10
# After this many attempts an archive that kills the worker reading it is refused, and such a photo is left out.
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class _Work:
    """An archive that was taken, with what is in it."""

    session: Session
    given: Resources
    archive: GivenArchive
    plan: Plan
    read: ReadPhoto
    destination: Destination


def advance(session: Session, given: Resources) -> bool:
    """Do the next step of the archive that has waited longest; False when none waits."""
    taken = _take(session, given)
    if taken is None:
        return False
    archive, key = taken
    try:
        with giving_back(partial(_give_back, session, given, archive)):
            is_over = _do(session, given, archive, key)
    except ObjectDeletedError:
        # Forgotten by an officer while it was worked on.
        is_over = True
    if is_over:
        given.private.delete([key])
    end_reading(session)
    return True


def _do(session: Session, given: Resources, archive: GivenArchive, key: str) -> bool:
    """Do one step; True when the file is of no more use."""
    try:
        if archive.state is ArchiveState.READING and archive.attempts > MAX_ATTEMPTS:
            raise ArchiveRefused(ArchiveFault.DAMAGED)
        with given.private.open(key) as file:
            _step(_opened(session, given, archive, AlbumArchive(parted(file))))
    except ArchiveRefused as refusal:
        _refuse(session, archive, refusal.fault)
    except FileAbsent as error:
        if error.key != key:
            raise
        # The file is absent too where the disk of the store is, and then nothing is wrong with the archive.
        ownership.check(session, given.private, StoreName.PRIVATE)
        _refuse(session, archive, ArchiveFault.DAMAGED)
    return archive.state in (ArchiveState.DONE, ArchiveState.REFUSED)


def _take(session: Session, given: Resources) -> tuple[GivenArchive, str] | None:
    """An archive and the key of its file, to be deleted even when the row is gone."""
    now = given.now()
    with atomic(session):
        archive = session.scalar(
            select(GivenArchive)
            .where(
                GivenArchive.state.in_((ArchiveState.READING, ArchiveState.IMPORTING)),
                or_(GivenArchive.leased_until.is_(None), GivenArchive.leased_until <= now),
            )
            .order_by(in_turn(GivenArchive.leased_until), GivenArchive.given_at, GivenArchive.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=GivenArchive)
        )
        if archive is None:
            return None
        archive.leased_until = _lease(given)
        archive.attempts += 1
        return archive, archive_key(archive.reference)


def _give_back(session: Session, given: Resources, archive: GivenArchive) -> None:
    """Give back what could not be tried: this was no attempt, and others have their turn first."""
    end_reading(session)
    with atomic(session):
        archive.attempts, archive.leased_until = max(0, archive.attempts - 1), given.now() + GIVEN_BACK_FOR


def _lease(given: Resources) -> datetime:
    return given.now() + timedelta(minutes=given.settings.worker_lease_minutes)


def _opened(session: Session, given: Resources, archive: GivenArchive, file: AlbumArchive) -> _Work:
    number = cases.open_secrets(archive.case, given.sealer).case_number if archive.case else ""
    return _Work(
        session,
        given,
        archive,
        facebook_albums.read_plan(file, Defaults(TITLE, archive.category.code, number)),
        partial(file.read_photo, limit_bytes=given.settings.max_upload_bytes),
        Destination(given, archive.unit.code, publish=False, by=archive.officer),
    )


def _step(work: _Work) -> None:
    if work.archive.state is ArchiveState.READING:
        _read_all(work)
    else:
        _import_some(work)


def _read_all(work: _Work) -> None:
    """Foresee every photo, and tell how far it is on the way: what is twice in the archive shows only in one go."""
    seen: set[str] = set()
    found: list[Foreseen] = []
    items = work.plan.items
    for start in range(0, len(items), READ_AT_ONCE):
        for planned in items[start : start + READ_AT_ONCE]:
            found.append(_foresee(work, planned, seen))
        _keep(work, done=len(found), state=ArchiveState.READING)
    _keep(work, done=len(found), state=ArchiveState.READ, report=_foreseen(work.plan, found))


def _foresee(work: _Work, planned: PlannedItem, seen: set[str]) -> Foreseen:
    try:
        return importing.foresee(work.session, planned, destination=work.destination, read=work.read, seen=seen)
    except PhotoDeleted as error:
        return Foreseen(planned, is_known=False, photos=0, refusals=(Refusal(planned.source, error),))


def _foreseen(plan: Plan, found: Sequence[Foreseen]) -> Report:
    albums: dict[str, AlbumCount] = {}
    for each in found:
        name = each.planned.origin.album if each.planned.origin else ""
        count = albums.setdefault(name, AlbumCount(name))
        albums[name] = replace(
            count,
            photos=count.photos + 1,
            known=count.known + each.is_known,
            refused=count.refused + len(each.refusals),
        )
    refusals = [*plan.refusals, *(refusal for each in found for refusal in each.refusals)]
    report = Report(
        albums=tuple(albums.values()),
        added=sum(not each.is_known and each.photos > 0 for each in found),
        known=sum(each.is_known for each in found),
    )
    return report.with_refusals(_named(refusals))


def _import_some(work: _Work) -> None:
    """Make drafts of the next photos; after an attempt that was cut off, of one only, and at last leave it out."""
    archive, report = work.archive, Report.of(work.archive)
    done, attempts = archive.done, archive.attempts
    if done == 0:
        report = report.with_refusals(_named(work.plan.refusals))
    batch = work.plan.items[done : done + (IMPORTED_AT_ONCE if attempts == 1 else 1)]
    if attempts > MAX_ATTEMPTS:
        report = report.with_refusals(_named([Refusal(each.source, PhotoUnreadable()) for each in batch]))
        prepared = list[PreparedItem]()
    else:
        prepared, report = _prepared(work, batch, report)
    is_last = done + len(batch) >= len(work.plan.items)
    _keep(
        work,
        done=done + len(batch),
        state=ArchiveState.DONE if is_last else ArchiveState.IMPORTING,
        report=report,
        prepared=prepared,
    )


def _prepared(work: _Work, batch: Sequence[PlannedItem], report: Report) -> tuple[list[PreparedItem], Report]:
    given, prepared, digests = work.given, list[PreparedItem](), Digests(work.read)
    for planned in batch:
        try:
            known = importing.find_known(work.session, planned, digests, destination=work.destination)
        except PhotoDeleted as error:
            report = report.with_refusals(_named([Refusal(planned.source, error)]))
            continue
        if known is not None:
            report = replace(report, known=report.known + 1)
            continue
        planned = preparing.with_hidden(work.session, planned, digests, work.archive.unit_id)
        end_reading(work.session)
        made = preparing.prepare(planned, read=work.read, settings=given.settings, private=given.private, public=None)
        report = report.with_refusals(_named(made.refusals)).with_damaged(made.damaged)
        if made.photos:
            prepared.append(made)
    return prepared, report


def _keep(
    work: _Work,
    *,
    done: int,
    state: ArchiveState,
    report: Report | None = None,
    prepared: Sequence[PreparedItem] = (),
) -> None:
    """Write the drafts of this step and how far the archive is, in one transaction."""
    given, archive = work.given, work.archive
    with atomic(work.session) as session:
        # Locked, and read again: ObjectDeletedError when an officer has forgotten it.
        session.execute(select(GivenArchive.id).where(GivenArchive.id == archive.id).with_for_update())
        if prepared and report is not None:
            report = _with_drafts(work, prepared, report)
        archive.done, archive.total, archive.state = done, len(work.plan.items), state
        if state is ArchiveState.READING:
            # Cut off, reading begins again with the first photo: the attempt is not over yet.
            archive.leased_until = _lease(given)
        else:
            archive.leased_until, archive.attempts = None, 0
        if report is not None:
            archive.report = report.kept()


def _with_drafts(work: _Work, prepared: Sequence[PreparedItem], report: Report) -> Report:
    for each in prepared:
        try:
            case = work.archive.case or _case_of(work, each.planned)
            imported = importing.add(work.session, each, case.id, destination=work.destination)
        except (SealBroken, PhotoDeleted) as error:
            report = report.with_refusals(_named([Refusal(each.planned.source, error)]))
            continue
        report = replace(report, added=report.added + imported.is_new, known=report.known + (not imported.is_new))
    return report


def _case_of(work: _Work, planned: PlannedItem) -> Case:
    wanted = {planned.case_number: None}
    found = ensure_cases(work.session, wanted, destination=work.destination)
    return work.session.get_one(Case, found[planned.case_number].case_id)


def _refuse(session: Session, archive: GivenArchive, fault: str) -> None:
    with atomic(session):
        archive.state, archive.fault, archive.leased_until = ArchiveState.REFUSED, fault, None


def _named(refusals: Sequence[Refusal]) -> list[tuple[str, str]]:
    return [(refusal.source, type(refusal.error).__name__) for refusal in refusals]
