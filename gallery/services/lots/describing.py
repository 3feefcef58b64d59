"""Waiting photos are described by the worker: what each looks like, and which items it resembles. State is in rows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.models import (
    Case,
    Category,
    Item,
    ItemPhoto,
    LotPhoto,
    PhotoLot,
    StoredSignature,
    WaitingResemblance,
    WaitingSignature,
)
from gallery.services import revision
from gallery.services.items import items, signatures
from gallery.services.items.signatures import MAX_ATTEMPTS, DuePhoto, MadeSignature, described_rendition
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, giving_back, in_turn
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic, end_reading

MAX_RESEMBLANCES = 3


@dataclass(frozen=True)
class Likely:
    """What a waiting photo looks like: items by their photos' rows, and a category and colours as codes."""

    resembles: Sequence[tuple[int, matching.Candidate]] = ()
    category: str = ""
    colours: tuple[str, ...] = ()


@dataclass
class SeenItems:
    """The items that the officers of the unit at hand may see, by their rows: read again once the catalogue changed."""

    _of: tuple[int, int] = field(default=(-1, -1), init=False)
    _rows: set[int] = field(default_factory=set, init=False)

    def of(self, session: Session, unit_id: int) -> set[int]:
        """The items that this unit may see."""
        asked = revision.current(session), unit_id
        if asked != self._of:
            self._of, self._rows = asked, set(session.scalars(select(Item.id).where(items.seen_by_unit(unit_id))))
        return self._rows


def describe_next(
    session: Session, given: Resources, opened: Callable[[], PhotoCatalogue], seen: SeenItems | None = None
) -> bool:
    """Describe one waiting photo and look for it among the items that its unit may see; False when none is due.

    opened: gives the catalogue of all photos, those of other units' drafts among them, which never come out of here.
    seen: as kept since the photo before.
    If it is killed half-way, another worker takes the photo after its lease; after three attempts nothing is proposed.
    What goes wrong is raised; an outage is no attempt.
    """
    lease = timedelta(minutes=given.settings.worker_lease_minutes)
    with atomic(session):
        due = _take(session, lease=lease, now=given.now())
    if due is None:
        return False
    with giving_back(lambda: _give_back(session, due, until=given.now() + GIVEN_BACK_FOR)):
        made = signatures.make(due, settings=given.settings, private=given.private)
        likely = _looked_for(
            session, due, matching.Signature.from_bytes(made.compact, made.details), opened(), seen or SeenItems()
        )
    with atomic(session):
        _keep(session, made, likely)
    return True


def count_due(session: Session, lot: PhotoLot) -> int:
    """How many photos of a lot have not been looked at yet."""
    wanted = select(func.count(LotPhoto.id)).where(LotPhoto.lot_id == lot.id, *_is_due())
    return session.scalar(wanted) or 0


def hand_over(session: Session, photo: LotPhoto, row: ItemPhoto, *, now: datetime) -> None:
    """Give the signature of a waiting photo to the item's photo that it has become: it need not be made again."""
    waiting = photo.signature
    is_of_it = photo.described_digest == row.rendition_digest and row.box is None
    if waiting is None or waiting.version != matching.current_version() or not is_of_it or row.signature is not None:
        return
    session.flush()
    findability = signatures.findability_kept(photo)
    made = MadeSignature(signatures.due_of(row), waiting.version, waiting.compact, waiting.details, findability)
    signatures.keep(session, made, now=now)


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return (LotPhoto.described_digest != LotPhoto.rendition_digest, LotPhoto.description_attempts < MAX_ATTEMPTS)


def _free(now: datetime) -> Select[LotPhoto]:
    is_free = or_(LotPhoto.leased_until.is_(None), LotPhoto.leased_until <= now)
    return select(LotPhoto).where(*_is_due(), is_free).with_for_update(skip_locked=True)


def _take(session: Session, *, lease: timedelta, now: datetime) -> DuePhoto | None:
    photo = session.scalar(_free(now).order_by(in_turn(LotPhoto.leased_until), LotPhoto.id).limit(1))
    if photo is None:
        return None
    photo.description_attempts, photo.leased_until = photo.description_attempts + 1, now + lease
    return DuePhoto(photo.id, photo.rendition_digest, described_rendition(photo))


def _give_back(session: Session, due: DuePhoto, *, until: datetime) -> None:
    with atomic(session):
        photo = session.get(LotPhoto, due.photo_id, with_for_update=True)
        if photo is not None:
            photo.description_attempts, photo.leased_until = max(0, photo.description_attempts - 1), until


def _looked_for(
    session: Session, due: DuePhoto, signature: matching.Signature, catalogue: PhotoCatalogue, kept: SeenItems
) -> Likely:
    """What a photo looks like among what the officers of its unit may see."""
    wanted = select(Case.unit_id).join(PhotoLot, PhotoLot.case_id == Case.id).join(PhotoLot.photos)
    unit_id = session.scalar(wanted.where(LotPhoto.id == due.photo_id))
    if unit_id is None:
        return Likely()
    seen = kept.of(session, unit_id)

    def categories_of(item_ids: Collection[int]) -> dict[int, str]:
        known = select(Item.id, Category.code).join(Item.category)
        rows = session.execute(known.where(Item.id.in_(item_ids), items.seen_by_unit(unit_id)))
        return {row.id: row.code for row in rows}

    categories = matching.likely_categories([signature], catalogue.current(), categories_of)
    end_reading(session)
    searched = catalogue.current(narrowed_to=seen)
    ranked = matching.rank([signature], searched, narrowed_to=seen, limit=MAX_RESEMBLANCES)
    return Likely(
        resembles=_photos_of(session, ranked, unit_id),
        category=categories[0].code if categories else "",
        colours=matching.main_colours(signature),
    )


def _photos_of(
    session: Session, ranked: Sequence[matching.Candidate], unit_id: int
) -> list[tuple[int, matching.Candidate]]:
    """The likely ones with the row of the photo that each resembles; ranking lets the same photo appear anywhere."""
    likely = [each for each in ranked if each.likelihood is not matching.Likelihood.WEAK]
    rows = session.execute(
        select(StoredSignature.id, StoredSignature.photo_id)
        .join(StoredSignature.photo)
        .join(ItemPhoto.item)
        .where(StoredSignature.id.in_([each.entry_id for each in likely]), items.seen_by_unit(unit_id))
    )
    photos = {row.id: row.photo_id for row in rows}
    return [(photos[each.entry_id], each) for each in likely if each.entry_id in photos]


def _keep(session: Session, made: MadeSignature, likely: Likely) -> None:
    """Keep what was found, unless the photo is gone, or shows another picture by now (then it is due again)."""
    photo = session.get(LotPhoto, made.due.photo_id, with_for_update=True)
    if photo is None or photo.rendition_digest != made.due.rendition_digest:
        return
    session.execute(delete(WaitingSignature).where(WaitingSignature.photo_id == photo.id))
    _keep_resemblances(session, photo, likely)
    session.add(WaitingSignature(photo_id=photo.id, version=made.version, compact=made.compact, details=made.details))
    photo.described_digest, photo.leased_until, photo.description_attempts = photo.rendition_digest, None, 0
    photo.likely_category, photo.likely_colours = likely.category, list(likely.colours)
    signatures.keep_findability(photo, made.findability)
    photo.together = None


def _keep_resemblances(session: Session, photo: LotPhoto, likely: Likely) -> None:
    """Keep what a photo resembles in place of what it did, but for what an officer has answered already."""
    own = WaitingResemblance.photo_id == photo.id
    session.execute(delete(WaitingResemblance).where(own, WaitingResemblance.is_ignored.is_(False)))
    session.expire(photo, ["signature", "resemblances"])
    there = set(session.scalars(select(ItemPhoto.id).where(ItemPhoto.id.in_([each for each, _ in likely.resembles]))))
    answered = set(session.scalars(select(WaitingResemblance.item_photo_id).where(own)))
    for item_photo_id, candidate in likely.resembles:
        if item_photo_id in there - answered:
            session.add(
                WaitingResemblance(
                    photo_id=photo.id,
                    item_photo_id=item_photo_id,
                    likelihood=candidate.likelihood.value,
                    is_same_photo=matching.Evidence.SAME_PHOTO in candidate.evidence,
                )
            )
