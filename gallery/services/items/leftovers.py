"""Files that a photo has had, and that no row names any more: found by what they must have been called."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.models import ItemPhoto, LotPhoto, PhotoFiles, RenditionSize
from gallery.services.items.renditions import digest_of_shown
from gallery.storage import original_key, rendition_key

QUARTERS, VERSIONS = range(4), range(1, imaging.RENDITION_VERSION + 1)


@dataclass(frozen=True)
class Files:
    """What a photo's files are or were made of. digests: of its renditions; sizes: one for each file of them."""

    original_sha256: str
    digests: frozenset[str]
    sizes: tuple[RenditionSize, ...]


def digests_of(photo: PhotoFiles, hidden: Sequence[imaging.Place]) -> set[str]:
    """The digests of a photo's renditions without these places, however it was turned, and of those that it has."""
    made = {
        digest_of_shown(photo.original_sha256, turns, hidden, version) for turns in QUARTERS for version in VERSIONS
    }
    return made | {photo.rendition_digest}


def keys_without_row(session: Session, files: Files, *, apart_from: ItemPhoto | None = None) -> list[str]:
    """Where these renditions and the original lie, but for what a row names. apart_from: whose row does not count."""
    kept = _named(session, files, apart_from)
    keys = [original_key(files.original_sha256)] if files.original_sha256 not in kept else []
    return keys + [rendition_key(each, size.name) for each in files.digests - kept for size in files.sizes]


def _named(session: Session, files: Files, apart_from: ItemPhoto | None) -> set[str]:
    found: set[str] = set()
    for table in (ItemPhoto, LotPhoto):
        same = (table.original_sha256 == files.original_sha256) | table.rendition_digest.in_(files.digests)
        wanted = select(table.original_sha256, table.rendition_digest).where(same)
        if apart_from is not None and table is ItemPhoto:
            wanted = wanted.where(ItemPhoto.id != apart_from.id)
        found |= {digest for row in session.execute(wanted) for digest in row}
    return found
