"""The worker's description of declared photos that this version of the matcher has not described, one by one.

Those of another version are compared with nothing: a signature says by which it was made, and is refused by any other.
"""

import logging

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.config import Settings
from gallery.errors import PhotoRefused, SealBroken
from gallery.models import DeclaredObject, DeclaredPhoto
from gallery.services.declarations import changes, sealed_rows
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.sealed_rows import SignatureParts
from gallery.services.items.renditions import decode
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading

log = logging.getLogger(__name__)


def describe_next(session: Session, given: Resources, *, unreadable: set[int]) -> bool:
    """Describe the next photo; False when there is none. Twice is harmless.

    unreadable: row ids of those that could not be described: these are left out, and more are added. Once all other
    photos of an object are described it is due to be compared: what was published meanwhile may resemble it.
    """
    wanted = select(DeclaredPhoto).where(_is_outdated(), DeclaredPhoto.id.not_in(unreadable)).order_by(DeclaredPhoto.id)
    due = session.scalar(wanted.limit(1))
    if due is None:
        return False
    photo_id, object_id = due.id, due.object_id
    try:
        jpeg = sealed_rows.picture_of(due, given.sealer)
        end_reading(session)
        parts = described(jpeg, given.settings)
    except (PhotoRefused, SealBroken) as error:
        log.warning("declared photo %d can't be described: %s", photo_id, type(error).__name__)
        unreadable.add(photo_id)
        parts = None
    with atomic(session):
        if parts is not None:
            _keep(session, photo_id, parts, given)
        _let_compare(session, object_id, unreadable)
    return True


def described(jpeg: bytes, settings: Settings) -> SignatureParts:
    """The signature of a photo, or of the one that a screenshot shows; slow. Raises PhotoRefused."""
    picture = decode(jpeg, settings)
    shown = matching.find_photo(imaging.as_array(picture))
    described_part = imaging.cropped(picture, shown) if shown else picture
    signature = matching.describe(imaging.as_array(described_part), None)
    return SignatureParts(signature.version, signature.compact(), signature.details_bytes(), shown)


def _keep(session: Session, photo_id: int, parts: SignatureParts, given: Resources) -> None:
    photo = session.get(DeclaredPhoto, photo_id)
    if photo is None:
        # Its owner has deleted it meanwhile.
        return
    photo.sealed_signature = sealed_rows.seal_signature(parts, photo.public_id, given.sealer)
    photo.sealed_compact = sealed_rows.seal_compact(parts, photo.public_id, given.sealer)
    photo.version = parts.version
    session.flush()


def _let_compare(session: Session, object_id: int, unreadable: set[int]) -> None:
    """Have an object compared, unless it waits for another of its photos or none of them is described now."""
    of_object = select(DeclaredPhoto.id).where(DeclaredPhoto.object_id == object_id)
    waits = exists(of_object.where(_is_outdated(), DeclaredPhoto.id.not_in(unreadable)))
    is_described = exists(of_object.where(DeclaredPhoto.version == matching.current_version()))
    if session.scalar(select(and_(~waits, is_described))):
        session.get_one(DeclaredObject, object_id).compared_at = None
        changes.note(session, ChangeKind.OBJECTS)


def _is_outdated() -> ColumnElement[bool]:
    """Written as two ranges, which an index finds among very many that are not."""
    current = matching.current_version()
    return or_(DeclaredPhoto.version < current, DeclaredPhoto.version > current)
