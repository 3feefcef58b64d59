"""Waiting photos are described by the worker: what each looks like, and which items it resembles. State is in rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import Settings
from gallery.models import (
    Case,
    Item,
    ItemPhoto,
    LotPhoto,
    PhotoLot,
    StoredSignature,
    WaitingResemblance,
    WaitingSignature,
)
from gallery.services.items import items, signatures
from gallery.services.items.signatures import MAX_ATTEMPTS, DuePhoto, MadeSignature, described_rendition
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore

MAX_RESEMBLANCES = 3


@dataclass(frozen=True)
class Likely:
    """What a waiting photo looks like: items by their photos' rows, and a category and colours as codes."""

    resembles: Sequence[tuple[int, matching.Candidate]] = ()
    category: str = ""
    colours: tuple[str, ...] = ()


def describe_next(
    session: Session,
    opened: Callable[[], PhotoCatalogue],
    *,
    settings: Settings,
    private: PhotoStore,
    lease: timedelta,
    now: datetime,
) -> bool:
    """Describe one waiting photo and look for it among the items that its unit may see; False when none is due.

    opened: gives the catalogue of all photos, those of other units' drafts among them, which never come out of here.
    Killed half-way, another worker takes it after its lease; after three attempts nothing is proposed for it. What goes
    wrong is raised.
    """
    with atomic(session):
        due = _take(session, lease=lease, now=now)
    if due is None:
        return False
    made = signatures.make(due, settings=settings, private=private)
    signature = matching.Signature.from_bytes(made.compact, made.details)
    unit_id = _unit_of(session, due)
    likely = _looked_for(session, signature, opened(), unit_id=unit_id) if unit_id is not None else Likely()
    with atomic(session):
        _keep(session, made, likely)
    return True


def count_due(session: Session, lot: PhotoLot) -> int:
    """How many photos of a lot have not been looked at yet."""
    wanted = select(func.count(LotPhoto.id)).where(LotPhoto.lot_id == lot.id, *_is_due())
    return session.scalar(wanted) or 0


def hand_over(session: Session, photo: LotPhoto, row: ItemPhoto, *, now: datetime) -> None:
    """Give the signature of a waiting photo to the item's photo that it has become, so that it need not be made again."""
    waiting = photo.signature
    is_of_it = photo.described_digest == row.rendition_digest and row.box is None
    if waiting is None or waiting.version != matching.current_version() or not is_of_it or row.signature is not None:
        return
    session.flush()
    made = MadeSignature(signatures.due_of(row), waiting.version, waiting.compact, waiting.details)
    signatures.keep(session, made, now=now)


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return (LotPhoto.described_digest != LotPhoto.rendition_digest, LotPhoto.description_attempts < MAX_ATTEMPTS)


def _free(now: datetime) -> Select[LotPhoto]:
    is_free = or_(LotPhoto.leased_until.is_(None), LotPhoto.leased_until <= now)
    return select(LotPhoto).where(*_is_due(), is_free).with_for_update(skip_locked=True)


def _take(session: Session, *, lease: timedelta, now: datetime) -> DuePhoto | None:
    photo = session.scalar(_free(now).order_by(LotPhoto.id).limit(1))
    if photo is None:
        return None
    photo.description_attempts, photo.leased_until = photo.description_attempts + 1, now + lease
    return DuePhoto(photo.id, photo.rendition_digest, described_rendition(photo))


def _unit_of(session: Session, due: DuePhoto) -> int | None:
    wanted = select(Case.unit_id).join(PhotoLot, PhotoLot.case_id == Case.id).join(PhotoLot.photos)
    return session.scalar(wanted.where(LotPhoto.id == due.photo_id))


def _looked_for(session: Session, signature: matching.Signature, catalogue: PhotoCatalogue, *, unit_id: int) -> Likely:
    seen = set(session.scalars(select(Item.id).where(items.seen_by_unit(unit_id))))
    end_reading(session)
    searched = catalogue.current(narrowed_to=seen)
    ranked = matching.rank([signature], searched, narrowed_to=seen, limit=MAX_RESEMBLANCES)
    likely = [each for each in ranked if each.evidence and each.likelihood is not matching.Likelihood.WEAK]
    rows = select(StoredSignature.id, StoredSignature.photo_id).where(
        StoredSignature.id.in_([each.entry_id for each in likely])
    )
    photos = {row.id: row.photo_id for row in session.execute(rows)}
    return Likely([(photos[each.entry_id], each) for each in likely if each.entry_id in photos])


def _keep(session: Session, made: MadeSignature, likely: Likely) -> None:
    """Keep what was found, unless the photo is gone, or shows another picture by now (then it is due again)."""
    photo = session.get(LotPhoto, made.due.photo_id, with_for_update=True)
    if photo is None or photo.rendition_digest != made.due.rendition_digest:
        return
    session.execute(delete(WaitingSignature).where(WaitingSignature.photo_id == photo.id))
    session.execute(delete(WaitingResemblance).where(WaitingResemblance.photo_id == photo.id))
    session.expire(photo, ["signature", "resemblances"])
    session.add(
        WaitingSignature(photo_id=photo.id, version=made.version, compact=made.compact, details=made.details)
    )
    there = set(session.scalars(select(ItemPhoto.id).where(ItemPhoto.id.in_([each for each, _ in likely.resembles]))))
    for item_photo_id, candidate in likely.resembles:
        if item_photo_id in there:
            session.add(
                WaitingResemblance(
                    photo_id=photo.id,
                    item_photo_id=item_photo_id,
                    likelihood=candidate.likelihood.value,
                    is_same_photo=matching.Evidence.SAME_PHOTO in candidate.evidence,
                )
            )
    photo.described_digest, photo.leased_until, photo.description_attempts = photo.rendition_digest, None, 0
    photo.likely_category, photo.likely_colours = likely.category, list(likely.colours)
    photo.together = None
