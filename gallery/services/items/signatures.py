"""Signatures of photos: found due by the worker, made outside any transaction, kept once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.config import Settings
from gallery.errors import SignatureUnreadable
from gallery.models import ItemPhoto, PhotoFiles, SeenPhoto, SignatureState, StoredSignature
from gallery.services import rests, revision
from gallery.services.items.renditions import PreparedPhoto, decode
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, rendition_key

MAX_ATTEMPTS = 3
FILLED_AT_ONCE = 200
# Largest first: the signature is made of what the public may see, so that a search can't probe what is hidden.
DESCRIBED_RENDITIONS = ("1600.jpg", "800.jpg", "560.jpg", "320.jpg")


@dataclass(frozen=True)
class DuePhoto:
    """What the worker needs of a photo that it has taken. box: around the object, as shares of the sides, or None."""

    photo_id: int
    rendition_digest: str
    rendition_name: str
    box: matching.Box | None = None


@dataclass(frozen=True)
class MadeSignature:
    """A signature as it is kept, with the picture that it was made of and the version that made it."""

    due: DuePhoto
    version: str
    compact: bytes
    details: bytes
    findability: matching.Findability


def take_due(session: Session, *, limit: int, lease: timedelta, now: datetime) -> list[DuePhoto]:
    """Take photos without signature, for this long: another worker gets them only if this one has not finished by then.

    A photo that was taken three times in vain is FAILED, and stays findable by browsing.
    """
    for photo in session.scalars(_free(now).where(ItemPhoto.signature_attempts >= MAX_ATTEMPTS)):
        photo.signature_state = SignatureState.FAILED
        # An item that has waited for its photos waits no longer.
        revision.touch_items(session, [])
    session.flush()
    taken = []
    for photo in session.scalars(_free(now).order_by(rests.in_turn(ItemPhoto.leased_until), ItemPhoto.id).limit(limit)):
        photo.signature_attempts += 1
        photo.leased_until = now + lease
        taken.append(due_of(photo))
    return taken


def give_back(session: Session, due: DuePhoto, *, until: datetime) -> None:
    """Give back what could not be tried: this was no attempt, and until then others have their turn."""
    photo = session.get(ItemPhoto, due.photo_id, with_for_update=True)
    if photo is not None and photo.signature_state is SignatureState.DUE:
        photo.signature_attempts, photo.leased_until = max(0, photo.signature_attempts - 1), until


def ask_again(photo: ItemPhoto) -> None:
    """Mark a photo as due: the worker then describes it again, and discards what it may be describing now."""
    photo.signature_state, photo.signature_attempts, photo.leased_until = SignatureState.DUE, 0, None
    photo.object_box = None


def box_of(photo: ItemPhoto) -> matching.Box | None:
    """What an officer drew around the object of a photo: left, top, right and bottom as shares of its sides."""
    if photo.box is None:
        return None
    left, top, right, bottom = photo.box
    return left, top, right, bottom


def described_rendition(photo: PhotoFiles | PreparedPhoto) -> str:
    """Name of the rendition that a photo's signature is made of."""
    names = {size.name for size in photo.renditions}
    return next(name for name in DESCRIBED_RENDITIONS if name in names)


def make(due: DuePhoto, *, settings: Settings, private: PhotoStore) -> MadeSignature:
    """Describe a photo; slow. Raises FileAbsent or PhotoRefused if its files are damaged, Outage if out of reach."""
    data = private.get(rendition_key(due.rendition_digest, due.rendition_name))
    return of_picture(due, decode(data, settings))


def of_picture(due: DuePhoto, picture: imaging.Picture) -> MadeSignature:
    """Describe the picture that a photo's described rendition shows."""
    # Once for both, which would each reduce it.
    pixels = matching.reduce(imaging.as_array(picture)).colour
    signature = matching.describe(pixels, due.box)
    findability = matching.findability_of(signature, pixels)
    return MadeSignature(due, signature.version, signature.compact(), signature.details_bytes(), findability)


def keep(session: Session, made: MadeSignature, *, now: datetime) -> None:
    """Keep a signature, unless the photo is gone, or shows another picture or box by now (then it is due again)."""
    photo = session.get(ItemPhoto, made.due.photo_id, with_for_update=True)
    if photo is None or due_of(photo) != made.due:
        return
    session.execute(delete(StoredSignature).where(StoredSignature.photo_id == photo.id))
    session.add(
        StoredSignature(
            photo_id=photo.id,
            version=made.version,
            compact=made.compact,
            details=made.details,
            made_at=now,
        )
    )
    photo.signature_state, photo.leased_until = SignatureState.DONE, None
    keep_findability(photo, made.findability)
    photo.object_box = _object_box(made.details)
    revision.touch_items(session, [], photos_of=[photo.item_id] if photo.item_id else [])


def fill_from_signatures(session: Session) -> None:
    """Note where the object is, and how well it is found, in photos that an earlier program has described.

    Some at a time, each lot committed. One whose signature is damaged stays without, and so does one that another
    version of the matcher has described, until it is described again.
    """
    after = 0
    is_described = (
        ItemPhoto.signature_state == SignatureState.DONE,
        StoredSignature.version == matching.current_version(),
    )
    wanted = (
        select(ItemPhoto, StoredSignature.compact, StoredSignature.details)
        .join(StoredSignature, StoredSignature.photo_id == ItemPhoto.id)
        .where(or_(ItemPhoto.object_box.is_(None), ItemPhoto.object_share.is_(None)), *is_described)
        .order_by(ItemPhoto.id)
        .limit(FILLED_AT_ONCE)
        .with_for_update(of=ItemPhoto)
    )
    while True:
        with atomic(session):
            rows = session.execute(wanted.where(ItemPhoto.id > after)).all()
            for photo, compact, details in rows:
                _fill_from(photo, compact, details)
                after = photo.id
        if not rows:
            return


def _fill_from(photo: ItemPhoto, compact: bytes, details: bytes) -> None:
    try:
        signature = matching.Signature.from_bytes(compact, details)
    except SignatureUnreadable:
        return
    assert signature.details is not None, "it was read with its details"
    photo.object_box = list(signature.details.object_box)
    keep_findability(photo, matching.findability_of(signature))


def _object_box(details: bytes) -> list[float] | None:
    """Left, top, right and bottom of the object as shares of the sides; None of a damaged or another version's."""
    try:
        return list(matching.read_details(details).object_box)
    except SignatureUnreadable:
        return None


def keep_findability(photo: SeenPhoto, findability: matching.Findability) -> None:
    """Keep how well searches will find a photo."""
    photo.object_share, photo.point_size = findability.object_share, findability.point_size
    photo.lit_share = findability.lit_share


def findability_kept(photo: SeenPhoto) -> matching.Findability:
    """What is kept of how well searches will find a photo."""
    return matching.Findability(photo.object_share, photo.point_size, photo.lit_share)


def advise(photos: Iterable[SeenPhoto], *, lacks_number: bool) -> matching.Advice | None:
    """What would help most to find the object of these photos; None when nothing does, or there is no photo.

    lacks_number: whether such an object bears a number or an engraving, and none is noted.
    """
    kept = [findability_kept(photo) for photo in photos]
    return matching.advise(kept) or (matching.Advice.NUMBER if kept and lacks_number else None)


def outdated(session: Session, after_photo_id: int, limit: int) -> list[DuePhoto]:
    """The next photos, by id, whose signature another version of the matcher made."""
    wanted = _outdated().where(ItemPhoto.id > after_photo_id).order_by(ItemPhoto.id).limit(limit)
    return [due_of(photo) for photo in session.scalars(wanted)]


def take_outdated(session: Session, *, lease: timedelta, now: datetime) -> DuePhoto | None:
    """Take the next photo, for this long, whose signature an older version of the matcher made.

    None where a newer one made it, too: in an upgrade without a stop the newer processes are not to be undone.
    """
    wanted = (
        _outdated()
        .where(_is_unleased(now), ItemPhoto.signature_state == SignatureState.DONE)
        .order_by(ItemPhoto.id)
        .limit(1)
    )
    photo = session.scalar(wanted.with_for_update(skip_locked=True, of=ItemPhoto))
    if photo is None or photo.signature is None or matching.is_newer(photo.signature.version):
        return None
    photo.leased_until = now + lease
    return due_of(photo)


def count_outdated(session: Session) -> int:
    """How many photos have a signature of another version."""
    return session.scalar(select(func.count()).select_from(_outdated().subquery())) or 0


def due_of(photo: ItemPhoto) -> DuePhoto:
    """What is needed to describe a photo as it is now."""
    return DuePhoto(photo.id, photo.rendition_digest, described_rendition(photo), box_of(photo))


def _outdated() -> Select[ItemPhoto]:
    return select(ItemPhoto).join(ItemPhoto.signature).where(StoredSignature.version != matching.current_version())


def _free(now: datetime) -> Select[ItemPhoto]:
    """Photos without signature that no worker holds, and that no other transaction is taking."""
    return (
        select(ItemPhoto)
        .where(
            ItemPhoto.signature_state == SignatureState.DUE,
            _is_unleased(now),
        )
        .with_for_update(skip_locked=True)
    )


def _is_unleased(now: datetime) -> ColumnElement[bool]:
    return or_(ItemPhoto.leased_until.is_(None), ItemPhoto.leased_until <= now)
