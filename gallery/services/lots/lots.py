"""The photos that wait in a case: taken in one by one, in any order, as often as they come, until they become items.

What a lot has is known by content, so whoever sends it asks first what is missing, and an interruption costs nothing.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.errors import LotFull, PhotoNotFound, PhotoRefused, PhotoThereAlready
from gallery.errors.photos import PhotoRemoved
from gallery.imaging import Place
from gallery.models import Case, Item, ItemPhoto, LotPhoto, Officer, PhotoLot, Unit
from gallery.services import audit
from gallery.services.items import redaction
from gallery.services.items.renditions import check_kept, file_columns
from gallery.services.lots import leaving
from gallery.services.lots.order import series_of
from gallery.services.lots.receiving import ReceivedPhoto
from gallery.services.resources import Resources
from gallery.services.storekeeping import released

# What is told of files that were set aside; they are named, not kept.
MAX_REFUSED = 500
# What is remembered of photos that were removed.
MAX_REMOVED = 1000
LONGEST_NAME = 120


@dataclass(frozen=True)
class RemovedPhoto:
    """A photo that an officer has removed. moved_to, camera, hidden: as its row had them; None where not remembered."""

    sha256: str
    name: str
    moved_to: str | None = None
    camera: str | None = None
    hidden: tuple[Place, ...] = ()


@dataclass(frozen=True)
class RefusedFile:
    """A file that is no photo. sha256: of its content; name: as the officer's computer calls it."""

    sha256: str
    name: str
    refusal: PhotoRefused


def of_case(session: Session, case: Case) -> PhotoLot | None:
    """The lot of a case with its photos; None when nothing waits."""
    wanted = select(PhotoLot).where(PhotoLot.case_id == case.id)
    return session.scalar(wanted.options(selectinload(PhotoLot.photos)))


def waiting(session: Session, case: Case) -> int:
    """How many photos wait in a case."""
    wanted = select(func.count(LotPhoto.id)).join(LotPhoto.lot).where(PhotoLot.case_id == case.id)
    return session.scalar(wanted) or 0


def waiting_by_case(session: Session, unit: Unit) -> dict[int, int]:
    """How many photos wait in each case of a unit, by the case's row; cases where none waits are absent."""
    counted = (
        select(PhotoLot.case_id, func.count(LotPhoto.id)).select_from(LotPhoto).join(LotPhoto.lot).join(PhotoLot.case)
    )
    rows = session.execute(counted.where(Case.unit_id == unit.id).group_by(PhotoLot.case_id))
    return {row[0]: row[1] for row in rows}


def missing(session: Session, case: Case, digests: Sequence[str]) -> list[str]:
    """Those of these SHA-256 that a case has neither waiting, nor set aside, nor in its items, in their order."""
    there = in_items(session, case, digests)
    lot = session.scalar(select(PhotoLot).where(PhotoLot.case_id == case.id))
    if lot is not None:
        known = select(LotPhoto.original_sha256).where(LotPhoto.lot_id == lot.id, LotPhoto.original_sha256.in_(digests))
        there |= set(session.scalars(known)) | set(lot.refused)
    return [digest for digest in digests if digest not in there]


def in_items(session: Session, case: Case, digests: Collection[str]) -> set[str]:
    """Those of these SHA-256 that items of a case have a photo of."""
    wanted = select(ItemPhoto.original_sha256).join(ItemPhoto.item)
    return set(session.scalars(wanted.where(Item.case_id == case.id, ItemPhoto.original_sha256.in_(digests))))


def holds(session: Session, case: Case, sha256: str) -> bool:
    """Whether the lot of a case has this file already."""
    wanted = select(LotPhoto.id).join(LotPhoto.lot)
    return (
        session.scalar(wanted.where(PhotoLot.case_id == case.id, LotPhoto.original_sha256 == sha256).limit(1))
        is not None
    )


def check_room(session: Session, case: Case, *, limit: int) -> None:
    """Raise LotFull when as many photos wait in a case as may."""
    if waiting(session, case) >= limit:
        raise LotFull(limit=limit)


def add(session: Session, given: Resources, case: Case, received: ReceivedPhoto, *, by: Officer) -> LotPhoto:
    """Let a received photo wait in its case; the same file again is the one there is. Raises LotFull.

    Raises PhotoThereAlready where an item of the case has it, ChangedMeanwhile where another photo of the same file was
    hidden in part, or destroyed, since this one was received.
    case: locked (`cases.lock`), so that two officers who drop at once fill one lot.
    """
    now, photo = given.now(), received.prepared
    lot = _opened(session, case, now)
    known = session.scalar(
        select(LotPhoto).where(LotPhoto.lot_id == lot.id, LotPhoto.original_sha256 == photo.original_sha256)
    )
    if known is not None:
        return known
    if in_items(session, case, [photo.original_sha256]):
        raise PhotoThereAlready(photo.original_sha256)
    check_room(session, case, limit=given.settings.max_lot_photos)
    redaction.check_shows_nothing_hidden(session, photo, case.unit_id)
    check_kept(photo, private=given.private)
    row = LotPhoto(
        public_id=secrets.token_urlsafe(12),
        lot_id=lot.id,
        name=received.name[-LONGEST_NAME:],
        taken=photo.capture.taken,
        camera=series_of(photo.capture.camera, received.folder),
        **file_columns(photo),
        number="" if received.captured_for else received.number,
        moved_to=received.captured_for or None,
        hidden=[list(place) for place in photo.hidden] or None,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.tally(session, by, "drop_photos", case, now=now)
    return row


def set_aside(session: Session, case: Case, file: RefusedFile, *, now: datetime) -> None:
    """Remember that a file is no photo, so that it is named to the officer and not sent again. case: locked."""
    lot = _opened(session, case, now)
    if len(lot.refused) - len(removed_from(lot)) < MAX_REFUSED:
        lot.refused = lot.refused | {
            file.sha256: {"name": file.name[-LONGEST_NAME:], "cause": type(file.refusal).__name__}
        }


def get_photo(session: Session, public_id: str, *, by: Officer) -> LotPhoto:
    """The waiting photo of the officer's unit under this identifier; raise PhotoNotFound."""
    photo = session.scalar(
        select(LotPhoto)
        .join(LotPhoto.lot)
        .join(PhotoLot.case)
        .where(LotPhoto.public_id == public_id, Case.unit_id == by.unit_id)
    )
    if photo is None:
        raise PhotoNotFound(public_id)
    return photo


def remove(session: Session, case: Case, public_ids: Collection[str], *, by: Officer, now: datetime) -> int:
    """Remove waiting photos of a case and return how many; `sweep` takes their files, by way of its trash."""
    lot = of_case(session, case)
    gone = [photo for photo in lot.photos if photo.public_id in public_ids] if lot else []
    if lot is None or not gone:
        return 0
    leaving.let_go(lot, gone)
    lot.refused, lot.touched_at = _with_removed(lot, gone), now
    _let_go(session, gone, now=now)
    audit.record(session, by, "remove_waiting_photos", case, now=now, photos=len(gone))
    return len(gone)


def removed_from(lot: PhotoLot) -> dict[str, RemovedPhoto]:
    """The photos that officers have removed, by SHA-256: given again, they come back only if asked for."""
    return {
        digest: RemovedPhoto(
            digest,
            each["name"],
            each.get("moved_to"),
            each.get("camera"),
            tuple((left, top, right, bottom) for left, top, right, bottom in each.get("hidden") or ()),
        )
        for digest, each in lot.refused.items()
        if each["cause"] == PhotoRemoved.__name__
    }


def was_removed(session: Session, case: Case, sha256: str) -> bool:
    """Whether an officer has removed this file from those that wait in a case."""
    lot = session.scalar(select(PhotoLot).where(PhotoLot.case_id == case.id))
    return lot is not None and sha256 in removed_from(lot)


def forget_refused(session: Session, case: Case) -> None:
    """Forget the files that were set aside; sent again, they are looked at again."""
    lot = session.scalar(select(PhotoLot).where(PhotoLot.case_id == case.id))
    if lot is not None:
        removed = removed_from(lot)
        lot.refused = {digest: each for digest, each in lot.refused.items() if digest in removed}


def forget_removed(session: Session, case: Case, digests: Collection[str]) -> None:
    """Forget that photos of these SHA-256 were removed; sent again, they wait again."""
    lot = session.scalar(select(PhotoLot).where(PhotoLot.case_id == case.id))
    if lot is not None:
        lot.refused = {digest: each for digest, each in lot.refused.items() if digest not in digests}


def count_old(session: Session, *, older_than: datetime) -> int:
    """How many photos wait in lots that nobody has touched since."""
    wanted = select(func.count(LotPhoto.id)).join(LotPhoto.lot).where(PhotoLot.touched_at < older_than)
    return session.scalar(wanted) or 0


def forget_old(session: Session, *, older_than: datetime, now: datetime) -> int:
    """Forget the lots that nobody has touched since; return how many photos waited there."""
    old = select(PhotoLot).where(PhotoLot.touched_at < older_than).with_for_update(of=PhotoLot)
    forgotten = 0
    for lot in session.scalars(old.options(joinedload(PhotoLot.case), selectinload(PhotoLot.photos))).unique():
        forgotten += len(lot.photos)
        _let_go(session, lot.photos, now=now)
        audit.record(session, None, "forget_waiting_photos", lot.case, now=now, photos=len(lot.photos))
        session.delete(lot)
    return forgotten


def _opened(session: Session, case: Case, now: datetime) -> PhotoLot:
    lot = session.scalar(select(PhotoLot).where(PhotoLot.case_id == case.id))
    if lot is None:
        lot = PhotoLot(case_id=case.id, touched_at=now, refused={}, words={}, undo=[], made=[])
        session.add(lot)
        session.flush()
    lot.touched_at = now
    return lot


def _with_removed(lot: PhotoLot, gone: Sequence[LotPhoto]) -> dict[str, dict[str, Any]]:
    """What a lot refuses once these photos are removed from it, too; the latest of them, where they are very many."""
    removed = removed_from(lot)
    before = {digest: each for digest, each in lot.refused.items() if digest in removed}
    latest = [*(before | {photo.original_sha256: _remembered(photo) for photo in gone}).items()][-MAX_REMOVED:]
    others = {digest: each for digest, each in lot.refused.items() if digest not in removed}
    return others | dict(latest)


def _remembered(photo: LotPhoto) -> dict[str, Any]:
    """What `removed_from` reads of a removed photo."""
    kept = {"moved_to": photo.moved_to, "camera": photo.camera, "hidden": photo.hidden}
    return {"name": photo.name, "cause": PhotoRemoved.__name__} | {name: one for name, one in kept.items() if one}


def _let_go(session: Session, photos: Iterable[LotPhoto], *, now: datetime) -> None:
    digests = {digest for each in photos for digest in (each.original_sha256, each.rendition_digest)}
    released.note(session, digests, now=now)
