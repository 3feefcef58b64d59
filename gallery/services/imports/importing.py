"""Many photos at once: files prepared and described by a pool of processes, rows written by one, and never twice."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import GalleryError, PhotoTooLarge, PhotoUnreadable, PublicationRefused
from gallery.models import Case, Item, ItemPhoto, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit, cases, revision
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.services.imports.plan import PlannedItem, Refusal
from gallery.services.items import categories, items, photos, publication, renditions, signatures
from gallery.services.items.renditions import PreparedPhoto
from gallery.services.items.signatures import DuePhoto, MadeSignature
from gallery.services.people import units
from gallery.storage import PhotoStore, sha256_of

# Reads a planned item's photo; raises PhotoRefused.
ReadPhoto = Callable[[PurePath], bytes]


@dataclass(frozen=True)
class DescribedPhoto:
    """A photo whose files are kept and whose signature is made, before it has a row. signature.due.photo_id is 0."""

    prepared: PreparedPhoto
    signature: MadeSignature


@dataclass(frozen=True)
class PreparedItem:
    """A planned item with those of its photos that could be read."""

    planned: PlannedItem
    photos: tuple[DescribedPhoto, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class ImportedItem:
    """What became of a planned item. obstacles: why it was not published although it was to be."""

    planned: PlannedItem
    public_number: str
    is_new: bool
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Foreseen:
    """What an import would make of a planned item. photos: those that can be read, before any is decoded."""

    planned: PlannedItem
    is_known: bool
    photos: int
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Authorisation:
    """Who allowed publication, and when, in ISO form."""

    by: str
    on: str


@dataclass(frozen=True)
class Destination:
    """Where an import puts its items, with whose keys, and who does it. by: None for the command line."""

    unit_code: str
    publish: bool
    sealer: Sealer
    private: PhotoStore
    public: PhotoStore
    by: Officer | None = None


def read_photo(path: PurePath, settings: Settings) -> bytes:
    """The bytes of a photo file; raise PhotoTooLarge before reading too many, PhotoUnreadable when it can't be read."""
    path = Path(path)
    try:
        if path.stat().st_size > settings.max_upload_bytes:
            raise PhotoTooLarge(limit_megabytes=settings.max_upload_bytes // 2**20)
        return path.read_bytes()
    except OSError as error:
        raise PhotoUnreadable from error


def describe(data: bytes, *, settings: Settings, private: PhotoStore, public: PhotoStore | None) -> DescribedPhoto:
    """Keep a photo's files, in the public store too when there is one, and make its signature; raise PhotoRefused."""
    prepared = renditions.prepare(data, settings=settings, private=private)
    if public is not None:
        renditions.expose(prepared, private=private, public=public)
    due = DuePhoto(0, prepared.rendition_digest, signatures.described_rendition(prepared))
    return DescribedPhoto(prepared, signatures.make(due, settings=settings, private=private))


def prepare(
    planned: PlannedItem, *, read: ReadPhoto, settings: Settings, private: PhotoStore, public: PhotoStore | None
) -> PreparedItem:
    """Do the slow part of one item; what can't be read is refused, and the rest goes on."""
    described, refusals = [], []
    for path in planned.photos:
        try:
            described.append(describe(read(path), settings=settings, private=private, public=public))
        except GalleryError as error:
            refusals.append(Refusal(_source(planned, path), error))
    return PreparedItem(planned, tuple(described), tuple(refusals))


def foresee(
    session: Session, planned: PlannedItem, *, destination: Destination, read: ReadPhoto, seen: set[str]
) -> Foreseen:
    """Say what an import would do with this item; nothing is written. seen: digests of photos before it, added to."""
    digests, refusals = set(), []
    for path in planned.photos:
        try:
            digests.add(sha256_of(read(path)))
        except GalleryError as error:
            refusals.append(Refusal(_source(planned, path), error))
    item = _existing(session, planned, digests, destination)
    there = {photo.original_sha256 for photo in item.photos} if item else set()
    is_known = bool(digests) and digests <= there | (seen if planned.key is None else set())
    seen |= digests
    return Foreseen(planned, is_known, len(digests), tuple(refusals))


@dataclass(frozen=True)
class FoundCase:
    """A case that an import puts items in."""

    case_id: int
    is_authorised: bool


def find_cases(
    session: Session, wanted: Mapping[str, Authorisation | None], *, destination: Destination, now: datetime
) -> Mapping[str, FoundCase]:
    """The unit's cases of these numbers, opened where there is none; inside atomic().

    An authorisation is recorded in a case that has none.
    """
    unit = units.get_by_code(session, destination.unit_code)
    sealer = destination.sealer
    known = {record.secrets.case_number: record for record in cases.kept_by(session, unit, sealer=sealer)}
    found = {}
    for number, leave in wanted.items():
        record = known.get(number)
        case = record.case if record else _open_case(session, unit, number, leave, destination, now)
        if record and leave and not record.secrets.is_authorised:
            _authorise(session, record, leave, sealer=sealer, now=now)
        found[number] = FoundCase(case.id, cases.open_secrets(case, sealer).is_authorised)
    return found


def never_public_categories(session: Session) -> set[str]:
    """Codes of the categories whose photos must not even reach the public store."""
    return {category.code for category in categories.all_in_order(session) if category.never_public}


def find_known(session: Session, planned: PlannedItem, *, destination: Destination, read: ReadPhoto) -> Item | None:
    """The item that an earlier import made of this one with all the photos that it names; None: there is work to do."""
    try:
        digests = {sha256_of(read(path)) for path in planned.photos}
    except GalleryError:
        return None
    item = _existing(session, planned, digests, destination)
    if item is None or not digests <= {photo.original_sha256 for photo in item.photos}:
        return None
    return item


def find_by_key(session: Session, key: str, *, destination: Destination) -> Item | None:
    """The unit's item that an import file calls so."""
    unit = units.get_by_code(session, destination.unit_code)
    import_key = _import_key(key, destination.sealer)
    return session.scalar(select(Item).where(Item.unit_id == unit.id, Item.import_key == import_key))


def add(
    session: Session, prepared: PreparedItem, case_id: int, *, destination: Destination, now: datetime
) -> ImportedItem:
    """Write the rows of an item that has a photo, or add to the item there is the photos that it lacks.

    Inside atomic(), which other imports wait for: two at once make no item twice. An item that is there already keeps
    its words and its status; on a published one the added photos wait as private.
    """
    revision.hold(session)
    planned = prepared.planned
    item = _existing(session, planned, {each.prepared.original_sha256 for each in prepared.photos}, destination)
    is_new = item is None
    if item is None:
        item = _create(session, planned, session.get_one(Case, case_id), destination, now)
    for photo in prepared.photos:
        _add_photo(session, item, photo, destination.by, now)
    obstacles = _publish(session, item, destination, now) if is_new and destination.publish else ()
    return ImportedItem(planned, item.public_number, is_new, obstacles)


def _source(planned: PlannedItem, path: PurePath) -> str:
    return planned.source if planned.key is None else f"{planned.source} {path.name}"


def _open_case(
    session: Session, unit: Unit, number: str, leave: Authorisation | None, destination: Destination, now: datetime
) -> Case:
    secret = CaseSecrets(
        case_number=number, authorised_by=leave.by if leave else "", authorised_on=leave.on if leave else ""
    )
    return cases.create(session, unit, TheftWindow(), secret, sealer=destination.sealer, by=destination.by, now=now)


def _authorise(
    session: Session, record: cases.CaseRecord, leave: Authorisation, *, sealer: Sealer, now: datetime
) -> None:
    case = record.case
    cases.edit(
        session,
        case,
        TheftWindow(case.theft_from, case.theft_until),
        replace(record.secrets, authorised_by=leave.by, authorised_on=leave.on),
        expected_version=case.version,
        sealer=sealer,
        by=None,
        now=now,
    )


def _existing(session: Session, planned: PlannedItem, digests: set[str], destination: Destination) -> Item | None:
    """By its key when a file gave one, else by its content: within the unit, the same bytes are the same photo."""
    if planned.key is not None:
        return find_by_key(session, planned.key, destination=destination)
    unit = units.get_by_code(session, destination.unit_code)
    wanted = select(Item).where(Item.unit_id == unit.id)
    return session.scalar(
        wanted.join(Item.photos).where(ItemPhoto.original_sha256.in_(digests)).order_by(Item.id).limit(1)
    )


def _create(session: Session, planned: PlannedItem, case: Case, destination: Destination, now: datetime) -> Item:
    item = items.create(
        session,
        case,
        categories.get_by_code(session, planned.category_code),
        planned.description,
        planned.secret,
        sealer=destination.sealer,
        by=destination.by,
        now=now,
    )
    if planned.key is not None:
        item.import_key = _import_key(planned.key, destination.sealer)
    if planned.origin is not None:
        audit.record(session, destination.by, "take_over", item, now=now, **asdict(planned.origin))
    return item


def _import_key(key: str, sealer: Sealer) -> str:
    return sealer.fingerprint(key, purpose="import key")


def _add_photo(session: Session, item: Item, photo: DescribedPhoto, by: Officer | None, now: datetime) -> None:
    row = photos.add_to_item(session, item, photo.prepared, by=by, now=now)
    session.flush()
    due = replace(photo.signature.due, photo_id=row.id)
    signatures.keep(session, replace(photo.signature, due=due), now=now)


def _publish(session: Session, item: Item, destination: Destination, now: datetime) -> tuple[str, ...]:
    """Publish an item, or say what stands in the way."""
    try:
        publication.publish(
            session,
            item,
            private=destination.private,
            public=destination.public,
            sealer=destination.sealer,
            by=destination.by,
            now=now,
        )
    except PublicationRefused as refusal:
        return refusal.obstacles
    return ()
