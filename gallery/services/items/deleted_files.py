"""Files whose photos officers have deleted: kept as keyed digests, so that no import takes them in again."""

from collections.abc import Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import DeletedFile, Item, ItemPhoto
from gallery.sealing import Sealer
from gallery.services import keyed_rows


def note(session: Session, unit_id: int, sha256: str, *, sealer: Sealer) -> None:
    """Note that an officer of the unit has deleted a photo of this file; inside atomic()."""
    keyed_rows.ensure(session, DeletedFile, unit_id=unit_id, digest=_digest(sha256, sealer))


def among(session: Session, unit_id: int, digests: Set[str], *, sealer: Sealer) -> set[str]:
    """Those of these files, by SHA-256, that were deleted, and of which no item of the unit has a photo now."""
    by_digest = {_digest(each, sealer): each for each in digests}
    noted = select(DeletedFile.digest).where(DeletedFile.unit_id == unit_id, DeletedFile.digest.in_(by_digest))
    deleted = {by_digest[each] for each in session.scalars(noted)}
    shown = select(ItemPhoto.original_sha256).join(ItemPhoto.item).where(Item.unit_id == unit_id)
    return deleted - set(session.scalars(shown.where(ItemPhoto.original_sha256.in_(deleted))))


def _digest(sha256: str, sealer: Sealer) -> str:
    return sealer.fingerprint(sha256, purpose="deleted file")
