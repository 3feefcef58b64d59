"""Which item of the unit a planned one is already, so that no photo becomes a second item.

By the name that the list gives it, else by the bytes of its photos.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePath

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from gallery.errors import PhotoRefused
from gallery.models import AuditEntry, Item, ItemPhoto
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.imports.destination import Destination
from gallery.services.imports.plan import Plan, PlannedItem, ReadPhoto, Refusal
from gallery.services.imports.refusals import KeyOfOtherItem, PhotoOfOtherItem, PhotoTwiceFirst
from gallery.services.items import deleted_files, items
from gallery.services.items.items import ItemDescription
from gallery.services.people import units
from gallery.storage import sha256_of

BY_PHOTO = "photo:"
# What has been done to an item that nobody has described: it was imported, and shown or hidden.
UNTOUCHED = frozenset(("create", "add_photo", "publish", "vouch_for_photos", "withdraw"))


@dataclass(frozen=True)
class Known:
    """An item that an import may be about. item_id: None for one that this import would make."""

    item_id: int | None
    public_number: str
    import_key: str | None
    digests: frozenset[str]
    is_undescribed: bool


@dataclass(frozen=True)
class Listed:
    """What the list at hand describes, by content. keys: import keys of its rows.

    named, held: digest of a photo -> sources of the rows that describe it, of the refused rows that may mean it.
    """

    keys: frozenset[str] = frozenset()
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOT_LISTED = Listed()


class Digests:
    """The digests of the photos of one import, each file read once."""

    def __init__(self, read: ReadPhoto) -> None:
        self._read = read
        self._known: dict[PurePath, str | None] = {}

    def of(self, path: PurePath) -> str | None:
        """The SHA-256 of a photo; None when it can't be read."""
        if path not in self._known:
            try:
                self._known[path] = sha256_of(self._read(path))
            except PhotoRefused:
                self._known[path] = None
        return self._known[path]

    def of_all(self, paths: Iterable[PurePath]) -> list[str]:
        """Those of several photos, without what can't be read."""
        return [digest for path in paths if (digest := self.of(path))]


def read_listed(plan: Plan, digests: Digests, *, sealer: Sealer) -> tuple[Plan, Listed]:
    """The plan with every row called by a key, and what its rows describe; reads the photos that rows name.

    Rows without a key that begin with the same photo under several file names are all refused.
    """
    rows = [_keyed(planned, digests) for planned in plan.items if planned.is_listed]
    doubles = _doubles(rows)
    refusals = [Refusal(row.source, PhotoTwiceFirst(doubles[row.source])) for row in rows if row.source in doubles]
    taken = [row for row in rows if row.source not in doubles]
    held = {path: (row.source,) for row in rows if row.source in doubles for path in row.photos}
    listed = Listed(
        frozenset(import_key(row.key, sealer) for row in taken if row.key),
        _sources(((path, (row.source,)) for row in taken for path in row.photos), digests),
        _sources([*plan.held.items(), *held.items()], digests),
    )
    alone = [each for each in plan.items if not each.is_listed]
    return replace(plan, items=(*taken, *alone), refusals=(*plan.refusals, *refusals)), listed


def import_key(key: str, sealer: Sealer) -> str:
    """The digest under which an item remembers what a list calls it."""
    return sealer.fingerprint(key, purpose="import key")


def find_by_key(session: Session, key: str, *, destination: Destination) -> Item | None:
    """The unit's item that an import file calls so."""
    unit = units.get_by_code(session, destination.unit_code)
    wanted = select(Item).where(Item.unit_id == unit.id, Item.import_key == import_key(key, destination.given.sealer))
    return session.scalar(wanted)


def candidates(session: Session, planned: PlannedItem, digests: Set[str], *, destination: Destination) -> list[Known]:
    """The unit's items of this key or with one of these photos, the oldest first.

    What officers have deleted counts as theirs: an import adds it to none of them.
    """
    unit = units.get_by_code(session, destination.unit_code)
    deleted = deleted_among(session, digests, destination=destination)
    same_photo = select(ItemPhoto.item_id).where(ItemPhoto.original_sha256.in_(digests))
    same: list[ColumnElement[bool]] = [Item.id.in_(same_photo)]
    if planned.key:
        same.append(Item.import_key == import_key(planned.key, destination.given.sealer))
        # What an export calls it.
        same.append(Item.public_number == planned.key)
    wanted = select(Item).where(Item.unit_id == unit.id, or_(*same)).order_by(Item.id)
    return [
        Known(
            item.id,
            item.public_number,
            item.import_key,
            frozenset(photo.original_sha256 for photo in item.photos) | deleted,
            is_undescribed=planned.is_listed and _is_undescribed(session, item, destination.given.sealer),
        )
        for item in session.scalars(wanted.options(selectinload(Item.photos)))
    ]


def deleted_among(session: Session, digests: Set[str], *, destination: Destination) -> set[str]:
    """Those of these photos that an officer of the unit has deleted, and nobody has added again."""
    unit = units.get_by_code(session, destination.unit_code)
    return deleted_files.among(session, unit.id, digests, sealer=destination.given.sealer)


def recognise(
    planned: PlannedItem, digests: Set[str], known: Sequence[Known], *, listed: Listed, sealer: Sealer
) -> Known | None:
    """The one of these items that the planned one is; None: it is new. Raise PhotoOfOtherItem, so no photo is doubled.

    And KeyOfOtherItem where the item that is called so has none of these photos: people number every list from 1.

    An item that another row of the same list describes may share photos with this one.
    """
    own_key = import_key(planned.key, sealer) if planned.key else None
    mine = next((each for each in known if own_key and _is_called(each, own_key, planned)), None)
    if mine is not None and mine.public_number != planned.key and _shares_nothing(mine, digests):
        raise KeyOfOtherItem(mine.public_number)
    if not planned.is_listed:
        return mine if planned.key else next((each for each in known if each.digests & digests), None)
    lacking = digests - mine.digests if mine else digests
    others = [
        each for each in known if each is not mine and each.digests & lacking and each.import_key not in listed.keys
    ]
    if mine is None and len(others) == 1 and _is_meant(planned, digests, others[0]):
        return others[0]
    if others:
        raise PhotoOfOtherItem(tuple(each.public_number for each in others))
    return mine


def has_all(known: Known | None, planned: PlannedItem, digests: Set[str]) -> bool:
    """Whether there is nothing left to do for an item."""
    return known is not None and digests <= known.digests and not (planned.is_listed and known.is_undescribed)


def _shares_nothing(known: Known, digests: Set[str]) -> bool:
    """Whether both have photos that could be read, and none of them in common."""
    return bool(digests and known.digests) and not known.digests & digests


def _is_called(known: Known, own_key: str, planned: PlannedItem) -> bool:
    return known.import_key == own_key or known.public_number == planned.key


def _is_meant(planned: PlannedItem, digests: Set[str], other: Known) -> bool:
    """Whether a new row means this item: nobody has described it, or the row's photo was called otherwise."""
    if other.is_undescribed:
        return True
    begins_with = (planned.key or "").removeprefix(BY_PHOTO)
    is_same = begins_with in other.digests or other.digests <= digests
    return not planned.has_own_key and other.import_key is not None and is_same


def _is_undescribed(session: Session, item: Item, sealer: Sealer) -> bool:
    """Made of a photo alone by an import, and not described by anybody since; nobody knows where no key opens it."""
    secret = items.open_secrets(item, sealer)
    if not secret.is_readable:
        return False
    words = [getattr(item, each.name) for each in fields(ItemDescription) if each.name != "title"]
    # What its category's custom withholds is a heading, and no word.
    words += [*secret.withheld.values(), *(getattr(secret, name) for name in items.SECRET_TEXTS)]
    if item.import_key is not None or any(words):
        return False
    return all(_is_untouched(entry) for entry in audit.history(session, item))


def _is_untouched(entry: AuditEntry) -> bool:
    return entry.action in UNTOUCHED and not (entry.action == "create" and entry.officer_id is not None)


def _doubles(rows: Sequence[PlannedItem]) -> dict[str, str]:
    """Source of each row that is called like another one -> source of that one."""
    by_key: dict[str, list[str]] = {}
    for row in rows:
        by_key.setdefault(row.key or row.source, []).append(row.source)
    return {
        each: next(other for other in same if other != each)
        for same in by_key.values()
        if len(same) > 1
        for each in same
    }


def _keyed(planned: PlannedItem, digests: Digests) -> PlannedItem:
    if planned.key:
        return planned
    first = next((digest for path in planned.photos if (digest := digests.of(path))), None)
    return replace(planned, key=f"{BY_PHOTO}{first}") if first else planned


def _sources(paths: Iterable[tuple[PurePath, tuple[str, ...]]], digests: Digests) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path, sources in paths:
        digest = digests.of(path)
        if digest:
            found[digest] = tuple(dict.fromkeys((*found.get(digest, ()), *sources)))
    return found
