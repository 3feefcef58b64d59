"""The worker's proposals of which waiting photos show one object: by look and time, once all of a lot are described."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload, undefer

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.models import LotPhoto, PhotoLot, WaitingSignature
from gallery.services.items.numbers import read_public_number
from gallery.services.items.signatures import MAX_ATTEMPTS
from gallery.services.lots.grouping import keys_of, pauses_of
from gallery.services.lots.order import in_order
from gallery.services.transaction import atomic, end_reading

# Of a photo that was compared, and for which time alone may speak.
NOBODY = ""


@dataclass
class Proposer:
    """Puts photos together, again whenever more of a lot are described; only what is new is compared closely then."""

    _shared: dict[tuple[str, str], int] = field(default_factory=dict, init=False)

    def propose_next(self, session: Session) -> bool:
        """Put together the photos without a card of a lot of which one was not compared yet; False when none is due.

        Not while the worker still has to look at a photo of it. Done twice it does no harm.
        """
        lot_id = session.scalar(_due_lots().limit(1))
        if lot_id is None:
            return False
        loose = _loose(session, lot_id)
        end_reading(session)
        found = self._put_together(loose)
        with atomic(session):
            lot = session.scalar(
                select(PhotoLot).where(PhotoLot.id == lot_id).options(selectinload(PhotoLot.photos)).with_for_update()
            )
            for photo in lot.photos if lot else ():
                photo.together = found.get(photo.public_id, NOBODY)
        return True

    def _put_together(self, loose: Sequence[LotPhoto]) -> dict[str, str]:
        """For each photo with a readable signature, the public_id of the first one that it is put together with."""
        read = [(photo, pause, _signature_of(photo)) for photo, pause in zip(loose, pauses_of(loose), strict=True)]
        series = [(photo, pause, signature) for photo, pause, signature in read if signature is not None]
        signatures, shared = [each[2] for each in series], dict[tuple[str, str], int]()

        def count_shared(one: int, other: int) -> int:
            pair = _picture(series[one][0]), _picture(series[other][0])
            known = self._shared.get(pair)
            shared[pair] = matching.shared_details(signatures[one], signatures[other]) if known is None else known
            return shared[pair]

        first = matching.put_together(signatures, [each[1] for each in series], count_shared)
        self._shared = shared
        return {photo.public_id: series[place][0].public_id for (photo, *_), place in zip(series, first, strict=True)}


def _due_lots() -> Select[int]:
    other = aliased(LotPhoto)
    waits = other.described_digest != other.rendition_digest
    is_waited_for = (
        select(other.id)
        .where(other.lot_id == LotPhoto.lot_id, waits, other.description_attempts < MAX_ATTEMPTS)
        .exists()
    )
    return select(LotPhoto.lot_id).where(LotPhoto.together.is_(None), ~is_waited_for)


def _loose(session: Session, lot_id: int) -> list[LotPhoto]:
    """The photos of a lot that belong to no number, in order, with signatures; those moved by hand may come back."""
    wanted = select(LotPhoto).where(LotPhoto.lot_id == lot_id)
    detailed = joinedload(LotPhoto.signature).options(undefer(WaitingSignature.details))
    photos = list(session.scalars(wanted.options(detailed)))
    loose = [photo for photo, key in keys_of(in_order(photos)) if read_public_number(key) is None]
    for photo in loose:
        session.expunge(photo)
    return loose


def _picture(photo: LotPhoto) -> str:
    """What changes when the photo is described anew, as when a part of it is hidden."""
    return f"{photo.public_id} {photo.described_digest}"


def _signature_of(photo: LotPhoto) -> matching.Signature | None:
    if photo.signature is None:
        return None
    try:
        return matching.Signature.from_bytes(photo.signature.compact, photo.signature.details)
    except SignatureUnreadable:
        # Of an earlier version: what waits now and then is proposed by time alone.
        return None
