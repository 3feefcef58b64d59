"""Which photos' files a row names: those of items, and those that wait in lots."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import ItemPhoto, LotPhoto
from gallery.storage import digest_of


def among(session: Session, keys: Iterable[str]) -> set[str]:
    """The digests that a photo's row names, among those that these keys were made of."""
    digests = {digest for key in keys if (digest := digest_of(key)) is not None}
    return _of(session, ItemPhoto, digests) | _of(session, LotPhoto, digests)


def _of(session: Session, photo: type[ItemPhoto] | type[LotPhoto], digests: set[str]) -> set[str]:
    wanted = select(photo.original_sha256, photo.rendition_digest).where(
        photo.original_sha256.in_(digests) | photo.rendition_digest.in_(digests)
    )
    return {digest for row in session.execute(wanted) for digest in row}
