"""The worker's proposals of which waiting photos show one object: by look and time, once all of a lot are described.

Of photos that a card has placed it only says where another object may begin.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.models import LotPhoto, PhotoLot, WaitingSignature
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.items.signatures import MAX_ATTEMPTS
from gallery.services.lots.grouping import DOUBTED, keys_of, pauses_of
from gallery.services.lots.order import in_order
from gallery.services.transaction import atomic, end_reading

# Of a photo that was compared, and for which time alone may speak.
NOBODY = ""
# Photos under one card that are compared at once, and how many beside them are read along: a place is judged by few.
MAX_JUDGED, BEFORE, AFTER = 100, 8, 4
# Photos whose details are in memory at once; most that are compared closely were taken one soon after the other.
MAX_DETAILED = 300


@dataclass
class Proposer:
    """Puts photos together, again whenever more of a lot are described; only what is new is compared closely then."""

    _shared: dict[tuple[str, str], int] = field(default_factory=dict, init=False)

    def propose_next(self, session: Session) -> bool:
        """Compare the photos of a lot of which one was not compared yet; False when none is due.

        Not while the worker still has to look at a photo of it. Done twice it does no harm.
        """
        lot_id = session.scalar(_due_lots().limit(1))
        if lot_id is None:
            return False
        keyed = _keyed(session, lot_id)
        counts = DetailCounts(self._shared, partial(_read_details, session))
        found = _put_together(_described(session, _loose(keyed)), counts)
        for part in _placed(keyed):
            doubted = _doubted(_described(session, part.read), counts)
            found |= {public_id: doubted[public_id] for public_id in part.judged if public_id in doubted}
        self._shared = counts.asked
        with atomic(session):
            lot = session.scalar(
                select(PhotoLot).where(PhotoLot.id == lot_id).options(selectinload(PhotoLot.photos)).with_for_update()
            )
            # A photo that has arrived since is compared next time.
            read = {photo.public_id for photo, _ in keyed}
            for photo in lot.photos if lot else ():
                if photo.public_id in read:
                    photo.together = found.get(photo.public_id, photo.together or NOBODY)
        return True


@dataclass
class DetailCounts:
    """How many details pictures share: as known from the time before, else counted. asked: those of this time.

    read: gives the details of a photo as they are kept, a hundred kilobytes each, so only the last ones stay; None
    without.
    """

    known: Mapping[tuple[str, str], int]
    read: Callable[[LotPhoto], bytes | None]
    asked: dict[tuple[str, str], int] = field(default_factory=dict, init=False)
    _lately: dict[str, matching.Details | None] = field(default_factory=dict, init=False)
    # Two threads ask, and one session reads.
    _reading: Lock = field(default_factory=Lock, init=False)

    def of(self, series: Sequence[LotPhoto]) -> Callable[[int, int], int]:
        """What counts those of two of these photos, by their places."""

        def count(one: int, other: int) -> int:
            first, second = series[one], series[other]
            pair = _picture(first), _picture(second)
            known = self.known.get(pair)
            details = known if known is not None else matching.shared_details(self._of(first), self._of(second))
            self.asked[pair] = details
            return details

        return count

    def _of(self, photo: LotPhoto) -> matching.Details | None:
        picture = _picture(photo)
        with self._reading:
            if picture in self._lately:
                self._lately[picture] = self._lately.pop(picture)
            else:
                self._lately[picture] = _details_in(self.read(photo))
                if len(self._lately) > MAX_DETAILED:
                    del self._lately[next(iter(self._lately))]
            return self._lately[picture]


def _due_lots() -> Select[int]:
    other = aliased(LotPhoto)
    waits = other.described_digest != other.rendition_digest
    is_waited_for = (
        select(other.id)
        .where(other.lot_id == LotPhoto.lot_id, waits, other.description_attempts < MAX_ATTEMPTS)
        .exists()
    )
    return select(LotPhoto.lot_id).where(LotPhoto.together.is_(None), ~is_waited_for)


def _keyed(session: Session, lot_id: int) -> list[tuple[LotPhoto, str]]:
    """The photos of a lot in order, out of the session, each with the key of its group."""
    photos = in_order(session.scalars(select(LotPhoto).where(LotPhoto.lot_id == lot_id)))
    for photo in photos:
        session.expunge(photo)
    return keys_of(photos)


def _loose(keyed: Sequence[tuple[LotPhoto, str]]) -> list[int]:
    """The photos that belong to no number, by their rows; those moved by hand may come back."""
    return [photo.id for photo, key in keyed if read_public_number(key) is None]


@dataclass(frozen=True)
class PlacedPart:
    """Photos that one card has placed, and that are judged together. read: their rows, and those around them.

    judged: by public_id.
    """

    read: Sequence[int]
    judged: Sequence[str]


def _placed(keyed: Sequence[tuple[LotPhoto, str]]) -> list[PlacedPart]:
    """The photos that one card has placed in one series, in parts, where some that are read were not compared yet."""
    groups: dict[tuple[str, str], list[LotPhoto]] = {}
    for photo, key in keyed:
        if photo.moved_to is None and read_public_number(key) is not None:
            groups.setdefault((photo.camera, key), []).append(photo)
    return [part for some in groups.values() for part in _parts(some)]


def _parts(placed: Sequence[LotPhoto]) -> Iterator[PlacedPart]:
    """A group bit by bit: a card that was forgotten, or none but the first, may have placed thousands."""
    for start in range(0, len(placed), MAX_JUDGED):
        end = start + MAX_JUDGED
        around = placed[max(0, start - BEFORE) : end + AFTER]
        if any(each.together is None for each in around):
            yield PlacedPart([each.id for each in around], [each.public_id for each in placed[start:end]])


def _described(session: Session, ids: Sequence[int]) -> list[LotPhoto]:
    """Photos with their signatures but for the details, in order, out of the session."""
    wanted = select(LotPhoto).where(LotPhoto.id.in_(ids)).options(joinedload(LotPhoto.signature))
    photos = in_order(session.scalars(wanted))
    for photo in photos:
        session.expunge(photo)
    end_reading(session)
    return photos


def _read_details(session: Session, photo: LotPhoto) -> bytes | None:
    details = session.scalar(select(WaitingSignature.details).where(WaitingSignature.photo_id == photo.id))
    end_reading(session)
    return details


def _details_in(kept: bytes | None) -> matching.Details | None:
    try:
        return None if kept is None else matching.read_details(kept)
    except SignatureUnreadable:
        return None


def _put_together(loose: Sequence[LotPhoto], counts: DetailCounts) -> dict[str, str]:
    """For each photo with a readable signature, the public_id of the first one that it is put together with."""
    seen = [(photo, pause, _signature_of(photo)) for photo, pause in zip(loose, pauses_of(loose), strict=True)]
    read = [(photo, signature) for photo, _, signature in seen if signature is not None]
    pauses = [pause for _, pause, signature in seen if signature is not None]
    photos = [photo for photo, _ in read]
    first = matching.put_together([signature for _, signature in read], pauses, counts.of(photos))
    return {photo.public_id: read[place][0].public_id for photo, place in zip(photos, first, strict=True)}


def _doubted(placed: Sequence[LotPhoto], counts: DetailCounts) -> Mapping[str, str]:
    """For each photo that one card has placed, DOUBTED where another object may begin with it, else NOBODY."""
    read = [(photo, signature) for photo in placed if (signature := _signature_of(photo)) is not None]
    photos, signatures = [photo for photo, _ in read], [signature for _, signature in read]
    places = matching.doubtful_places(signatures, pauses_of(photos), counts.of(photos)) if len(read) > 1 else []
    return dict.fromkeys((each.public_id for each in placed), NOBODY) | {
        photos[place].public_id: DOUBTED for place in places
    }


def _picture(photo: LotPhoto) -> str:
    """What changes when the photo is described anew, as when a part of it is hidden."""
    return f"{photo.public_id} {photo.described_digest}"


def _signature_of(photo: LotPhoto) -> matching.Signature | None:
    if photo.signature is None:
        return None
    try:
        return matching.Signature.from_bytes(photo.signature.compact)
    except SignatureUnreadable:
        # Of an earlier version: what waited at an upgrade is proposed by time alone.
        return None
