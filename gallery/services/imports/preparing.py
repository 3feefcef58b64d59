"""The slow part of an import: a planned item's photos read, decoded, described and kept, before any row names them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import PhotoRefused, PhotoTooLarge, PhotoUnreadable
from gallery.imaging import Place
from gallery.services.imports.plan import PlannedItem, ReadPhoto, Refusal
from gallery.services.imports.recognition import Digests
from gallery.services.items import redaction, renditions, signatures
from gallery.services.items.renditions import PreparedPhoto
from gallery.services.items.signatures import DuePhoto, MadeSignature
from gallery.storage import PhotoStore, sha256_of

NOTHING_HIDDEN: Mapping[str, tuple[Place, ...]] = {}


@dataclass(frozen=True)
class ReadyPhoto:
    """A photo whose files are kept and whose signature is made, before it has a row. signature.due.photo_id is 0."""

    prepared: PreparedPhoto
    signature: MadeSignature


@dataclass(frozen=True)
class PreparedItem:
    """A planned item with those of its photos that could be read.

    damaged: what messages call those that look damaged.
    """

    planned: PlannedItem
    photos: tuple[ReadyPhoto, ...]
    refusals: tuple[Refusal, ...]
    damaged: tuple[str, ...] = ()

    @property
    def digests(self) -> frozenset[str]:
        """SHA-256 of the photos that could be read."""
        return frozenset(photo.prepared.original_sha256 for photo in self.photos)


@dataclass(frozen=True)
class ExaminedItem:
    """A planned item whose photos were read and decoded, and nothing kept.

    digests: of those that are photos; damaged: as in PreparedItem.
    """

    planned: PlannedItem
    digests: frozenset[str]
    refusals: tuple[Refusal, ...]
    damaged: tuple[str, ...] = ()


def read_photo(path: PurePath, settings: Settings) -> bytes:
    """The bytes of a photo file; raise PhotoTooLarge before reading too many, PhotoUnreadable when it can't be read."""
    path = Path(path)
    try:
        if path.stat().st_size > settings.max_upload_bytes:
            raise PhotoTooLarge(limit_megabytes=settings.max_upload_bytes // 2**20)
        return path.read_bytes()
    except OSError as error:
        raise PhotoUnreadable from error


def with_hidden(session: Session, planned: PlannedItem, digests: Digests, unit_id: int) -> PlannedItem:
    """A planned item with what the unit hides in other photos of the same files."""
    return replace(planned, hidden=redaction.hidden_of_files(session, digests.of_all(planned.photos), unit_id))


def describe(
    data: bytes,
    *,
    settings: Settings,
    private: PhotoStore,
    public: PhotoStore | None,
    hidden: Mapping[str, tuple[Place, ...]] = NOTHING_HIDDEN,
) -> ReadyPhoto:
    """Keep a photo's files, in the public store too when there is one, and make its signature; raise PhotoRefused.

    hidden: what its renditions do not show, as in PlannedItem.
    """
    prepared = renditions.prepare(data, settings=settings, private=private, hidden=hidden.get(sha256_of(data), ()))
    if public is not None:
        renditions.expose(prepared, private=private, public=public)
    due = DuePhoto(0, prepared.rendition_digest, signatures.described_rendition(prepared))
    return ReadyPhoto(prepared, signatures.make(due, settings=settings, private=private))


def prepare(
    planned: PlannedItem, *, read: ReadPhoto, settings: Settings, private: PhotoStore, public: PhotoStore | None
) -> PreparedItem:
    """Do the slow part of one item; what can't be read is refused, and the rest goes on. Raises Outage and its like."""
    described, refusals, damaged = [], [], []
    for path in planned.photos:
        try:
            data, hidden = read(path), planned.hidden
            described.append(describe(data, settings=settings, private=private, public=public, hidden=hidden))
            if described[-1].prepared.is_damaged:
                damaged.append(source_of(planned, path))
        except PhotoRefused as error:
            refusals.append(Refusal(source_of(planned, path), error))
    return PreparedItem(planned, tuple(described), tuple(refusals), tuple(damaged))


def examine(planned: PlannedItem, *, read: ReadPhoto, settings: Settings) -> ExaminedItem:
    """Find out what `prepare` would refuse, and keep nothing."""
    digests, refusals, damaged = set(), [], []
    for path in planned.photos:
        try:
            data = read(path)
            picture = renditions.decode(data, settings)
            digests.add(sha256_of(data))
            if picture.is_damaged:
                damaged.append(source_of(planned, path))
        except PhotoRefused as error:
            refusals.append(Refusal(source_of(planned, path), error))
    return ExaminedItem(planned, frozenset(digests), tuple(refusals), tuple(damaged))


def source_of(planned: PlannedItem, path: PurePath) -> str:
    """What messages call a photo of a planned item."""
    return planned.source if not planned.is_listed else f"{planned.source} {path.name}"
