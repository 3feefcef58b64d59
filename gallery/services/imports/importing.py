"""The rows that an import writes: each item once, described, published when it may be; or what they would be."""

import enum
from collections.abc import Set
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from gallery.errors import PhotoRefused, PublicationRefused
from gallery.errors.photos import PhotoDeleted
from gallery.models import Case, Category, Item, ItemStatus
from gallery.services import audit, cases, revision
from gallery.services.imports import recognition
from gallery.services.imports.destination import Destination
from gallery.services.imports.plan import PlannedItem, ReadPhoto, Refusal
from gallery.services.imports.preparing import PreparedItem, ReadyPhoto, source_of
from gallery.services.imports.recognition import NOT_LISTED, Digests, Known, Listed
from gallery.services.items import categories, checks, items, photos, publication, signatures, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.items.obstacles import Obstacle, is_reachable, obstacles_of, told_by_title
from gallery.storage import sha256_of


class Outcome(enum.StrEnum):
    """What becomes of a planned item. DESCRIBED: it was there without a word, and has its row's words now."""

    NEW = "new"
    DESCRIBED = "described"
    KNOWN = "known"


@dataclass(frozen=True)
class ImportedItem:
    """What became of a planned item. photos: how many it got; obstacles: why it is not public although it was to be.

    title_tells: its title, which the public sees, says what its row or its category hides.
    """

    planned: PlannedItem
    public_number: str
    outcome: Outcome
    photos: int = 0
    obstacles: tuple[str, ...] = ()
    title_tells: bool = False

    @property
    def is_new(self) -> bool:
        """It was not there before."""
        return self.outcome is Outcome.NEW


@dataclass(frozen=True)
class Foreseen:
    """What an import would make of a planned item. photos: those that can be read, before any is decoded."""

    planned: PlannedItem
    is_known: bool
    photos: int
    refusals: tuple[Refusal, ...]


def foresee(
    session: Session, planned: PlannedItem, *, destination: Destination, read: ReadPhoto, seen: set[str]
) -> Foreseen:
    """Say what an import would do with an item that no list describes; nothing is decoded or written.

    seen: digests of photos before it, added to.
    """
    digests, refusals = set(), []
    for path in planned.photos:
        try:
            digests.add(sha256_of(read(path)))
        except PhotoRefused as error:
            refusals.append(Refusal(source_of(planned, path), error))
    known = recognise(session, planned, digests, destination=destination)
    is_known = bool(digests) and digests <= (known.digests if known else frozenset()) | seen
    seen |= digests
    return Foreseen(planned, is_known, len(digests), tuple(refusals))


def recognise(
    session: Session,
    planned: PlannedItem,
    digests: Set[str],
    *,
    destination: Destination,
    listed: Listed = NOT_LISTED,
) -> Known | None:
    """The item of the unit that a planned one is already, None for none; raise PhotoOfOtherItem, or PhotoDeleted."""
    candidates = recognition.candidates(session, planned, digests, destination=destination)
    known = recognition.recognise(planned, digests, candidates, listed=listed, sealer=destination.given.sealer)
    if known is None and recognition.deleted_among(session, digests, destination=destination):
        raise PhotoDeleted
    return known


def find_known(
    session: Session,
    planned: PlannedItem,
    digests: Digests,
    *,
    destination: Destination,
    listed: Listed = NOT_LISTED,
) -> Known | None:
    """The item that has all that this one would bring; None: there is work to do. Raise PhotoOfOtherItem."""
    found = {*digests.of_all(planned.photos)}
    known = recognise(session, planned, found, destination=destination, listed=listed)
    has_read_all = all(digests.of(path) for path in planned.photos)
    return known if has_read_all and recognition.has_all(known, planned, found) else None


def add(
    session: Session,
    prepared: PreparedItem,
    case_id: int,
    *,
    destination: Destination,
    listed: Listed = NOT_LISTED,
) -> ImportedItem:
    """Write the rows of an item that has a photo, or add to the item there is the photos that it lacks.

    Inside atomic(), which other imports wait for: two at once make no item twice. An item that is there already keeps
    its words and its status, and on a published one the added photos wait as private; one that nobody has described
    gets the words of its row, and is hidden when these may not be public. Raises PhotoOfOtherItem.
    """
    # In the order in which whoever edits the case takes the two.
    case = session.get_one(Case, case_id, with_for_update={"of": Case})
    revision.hold(session)
    planned = prepared.planned
    known = recognise(session, planned, prepared.digests, destination=destination, listed=listed)
    outcome, obstacles = Outcome.KNOWN, tuple[str, ...]()
    if known is None:
        outcome = Outcome.NEW
        item = _create(session, planned, case, destination)
    else:
        item = session.get_one(Item, known.item_id)
    if known and known.is_undescribed:
        outcome = Outcome.DESCRIBED
        obstacles = _describe(session, item, planned, case, destination)
    before = len(item.photos)
    deleted = recognition.deleted_among(session, prepared.digests, destination=destination)
    for photo in prepared.photos:
        if photo.prepared.original_sha256 not in deleted:
            _add_photo(session, item, photo, destination)
    if destination.publish and outcome is not Outcome.KNOWN and item.status is ItemStatus.DRAFT:
        obstacles = _publish(session, item, destination)
    tells = outcome is not Outcome.KNOWN and title_tells(session, planned)
    return ImportedItem(planned, item.public_number, outcome, len(item.photos) - before, obstacles, tells)


def withheld(planned: PlannedItem, category: Category) -> tuple[ItemDescription, ItemSecrets]:
    """What may be public of a planned item, and what may not: as its row says, else as its category's custom is."""
    if planned.withheld is None:
        return withholding.by_default(planned.description, planned.secret, category)
    return withholding.withhold(planned.description, planned.secret, planned.withheld)


def title_tells(session: Session, planned: PlannedItem) -> bool:
    """Whether the title of an item that is described says what is hidden of it."""
    category = categories.get_by_code(session, planned.category_code)
    description, secret = withheld(planned, category)
    return bool(told_by_title(description.title, secret.withheld, category))


def with_title(obstacles: tuple[str, ...], *, tells: bool) -> tuple[str, ...]:
    """The obstacles of an item, and that its title tells what is hidden, where it does."""
    return (*obstacles, Obstacle.TELLING_TITLE) if tells else obstacles


def _create(session: Session, planned: PlannedItem, case: Case, destination: Destination) -> Item:
    category = categories.get_by_code(session, planned.category_code)
    written = WrittenItem(case, category, *withheld(planned, category))
    item = items.create(session, destination.given, written, by=destination.by)
    if planned.key is not None:
        item.import_key = recognition.import_key(planned.key, destination.given.sealer)
    if planned.origin is not None:
        audit.record(session, destination.by, "take_over", item, now=destination.given.now(), **asdict(planned.origin))
    return item


def _describe(
    session: Session, item: Item, planned: PlannedItem, case: Case, destination: Destination
) -> tuple[str, ...]:
    """Give an item the words of its row; it is hidden first when it could not stay public, and then it is said why."""
    category = categories.get_by_code(session, planned.category_code)
    case = case if planned.names_case else item.case
    is_authorised = cases.open_secrets(case, destination.given.sealer).is_authorised
    others = obstacles_of(
        never_public=category.never_public,
        is_authorised=is_authorised,
        is_reachable=is_reachable(item.unit),
    )
    found = with_title(others, tells=title_tells(session, planned))
    is_hidden = item.status is ItemStatus.PUBLISHED and bool(found)
    if is_hidden:
        publication.withdraw(session, item, by=destination.by, now=destination.given.now())
    written = WrittenItem(case, category, *withheld(planned, category), version=item.version)
    items.edit(session, destination.given, item, written, by=destination.by)
    item.import_key = recognition.import_key(planned.key, destination.given.sealer) if planned.key else None
    return found if is_hidden else ()


def _add_photo(session: Session, item: Item, photo: ReadyPhoto, destination: Destination) -> None:
    row = photos.add_new(session, destination.given, item, photo.prepared, by=destination.by)
    session.flush()
    due = replace(photo.signature.due, photo_id=row.id)
    signatures.keep(session, replace(photo.signature, due=due), now=destination.given.now())


def _publish(session: Session, item: Item, destination: Destination) -> tuple[str, ...]:
    """Publish an item, or say what stands in the way."""
    try:
        publication.publish(session, destination.given, item, by=destination.by)
    except PublicationRefused as refusal:
        return refusal.obstacles
    if destination.consulted is not None:
        checks.note(session, item, destination.consulted, by=destination.by, now=destination.given.now())
    return ()
