"""Items: created, described and listed by the officers of their unit."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from gallery.errors import ChangedMeanwhile, ItemNotFound, SealBroken
from gallery.models import Case, Category, Item, ItemStatus, Officer
from gallery.sealing import Sealer
from gallery.services import audit, revision
from gallery.services.items import changes, obstacles
from gallery.services.items.categories import NUMBERED
from gallery.services.items.numbering import card_numbers, number_keys
from gallery.services.items.numbering.numbers import free_number
from gallery.services.resources import Resources
from gallery.services.words import item_words

FILLED_AT_ONCE = 200
MAX_BESIDE = 100
SECRET_TEXTS = ("serial_number", "exhibit_number", "withheld_details")
# In characters; withheld details are as long as the long texts of a description.
LONGEST_NUMBER = 120


@dataclass(frozen=True)
class ItemDescription:
    """What may be public about an item, under the headings of Object ID. colours: codes of models.Colour."""

    title: str
    object_type: str = ""
    materials: str = ""
    measurements: str = ""
    inscriptions: str = ""
    distinguishing_features: str = ""
    subject: str = ""
    period: str = ""
    maker: str = ""
    brand: str = ""
    model: str = ""
    colours: tuple[str, ...] = ()
    state_as_found: str = ""


@dataclass(frozen=True)
class ItemSecrets:
    """What is not public about an item. withheld: headings of its description that the public does not see, by name."""

    serial_number: str = ""
    exhibit_number: str = ""
    withheld_details: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_readable(self) -> bool:
        """Whether the item could be opened: these are its secrets."""
        return True


class UnreadableItem(ItemSecrets):
    """In place of the secrets of an item that no key opens: nothing is known of them."""

    @property
    def is_readable(self) -> bool:
        """They are lost, or another key opens them."""
        return False


@dataclass(frozen=True)
class WrittenItem:
    """All that was written of an item. version: of the item that was shown to whoever wrote; 0 for a new one.

    replaces_unreadable: whoever wrote was told that nothing opens the item's secrets, and that these replace them.
    """

    case: Case
    category: Category
    description: ItemDescription
    secret: ItemSecrets
    version: int = 0
    replaces_unreadable: bool = False


def create(session: Session, given: Resources, written: WrittenItem, *, by: Officer | None, number: str = "") -> Item:
    """Record an item as a draft, in the unit of its case, under a new public number.

    number: the one of a card that lies beside it, which is then used.
    """
    unit, now = written.case.unit, given.now()
    item = Item(
        public_number=number or free_number(session, unit),
        unit=unit,
        case=written.case,
        category=written.category,
        status=ItemStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    _write(item, written.description)
    _seal(item, written.secret, given.sealer)
    session.add(item)
    session.flush()
    card_numbers.use(session, item.public_number)
    # What is declared is compared with it, though nobody else sees it.
    revision.touch_items(session, [item.id])
    audit.record(session, by, "create", item, now=now)
    return item


def edit(session: Session, given: Resources, item: Item, written: WrittenItem, *, by: Officer | None) -> None:
    """Change an item; raise ChangedMeanwhile, or PublicationRefused when it is public and could not stay so.

    Raises SealBroken where it would seal over what no key opens and nobody was told: the right key may come back.
    """
    before = open_secrets(item, given.sealer)
    if item.version != written.version or (before.is_readable and written.replaces_unreadable):
        raise ChangedMeanwhile
    if not (before.is_readable or written.replaces_unreadable):
        raise SealBroken
    changed = _changed_fields(item, written, before)
    if not changed and before.is_readable:
        return
    _hold_category(session, item, written.category)
    title, category = item.title, item.category
    _write(item, written.description)
    item.case, item.category = written.case, written.category
    _seal(item, written.secret, given.sealer)
    obstacles.check_may_stay_public(item, sealer=given.sealer)
    obstacles.check_title_tells_no_more(item, written.secret.withheld, title=title, category=category)
    changes.note(session, item, "edit", by=by, now=given.now(), fields=changed)


def change_category(session: Session, given: Resources, item: Item, category: Category, *, by: Officer) -> None:
    """Put an item in another category; raise PublicationRefused when it is public and could not stay so."""
    if item.category_id == category.id:
        return
    _hold_category(session, item, category)
    before, item.category = item.category, category
    obstacles.check_may_stay_public(item, sealer=given.sealer)
    hidden = open_secrets(item, given.sealer).withheld
    obstacles.check_title_tells_no_more(item, hidden, title=item.title, category=before)
    changes.note(session, item, "edit", by=by, now=given.now(), fields=["category"])


def _hold_category(session: Session, item: Item, category: Category) -> None:
    """When a public item comes into a category, let nobody make that one never public before the transaction ends."""
    if item.status is ItemStatus.PUBLISHED:
        revision.hold(session)
        session.refresh(category)


def description_of(item: Item) -> ItemDescription:
    """What may be public about an item, as it is written."""
    names = ItemDescription.__dataclass_fields__
    return ItemDescription(**{name: getattr(item, name) for name in names} | {"colours": tuple(item.colours)})


def get_editable(session: Session, public_number: str, *, by: Officer) -> Item:
    """The item of the officer's unit under this number; raise ItemNotFound."""
    item = session.scalar(
        select(Item)
        .where(Item.public_number == public_number, Item.unit_id == by.unit_id)
        .options(joinedload(Item.case), joinedload(Item.category), selectinload(Item.photos))
    )
    if item is None:
        raise ItemNotFound(public_number)
    return item


def seen_by(officer: Officer) -> ColumnElement[bool]:
    """The condition on items that an officer may look at: those of the unit, and what any unit has published."""
    return seen_by_unit(officer.unit_id)


def seen_by_unit(unit_id: int) -> ColumnElement[bool]:
    """The condition of `seen_by`, for what is done on behalf of all officers of a unit."""
    return or_(Item.status == ItemStatus.PUBLISHED, Item.unit_id == unit_id)


def lock(session: Session, public_number: str, *, by: Officer) -> Item:
    """The item of the officer's unit, locked with its case until the transaction ends; raise ItemNotFound."""
    item = session.scalar(
        select(Item)
        .join(Item.case)
        .where(Item.public_number == public_number, Item.unit_id == by.unit_id)
        .options(contains_eager(Item.case), joinedload(Item.category), selectinload(Item.photos))
        .with_for_update(of=[Item, Case])
    )
    if item is None:
        raise ItemNotFound(public_number)
    return item


def lock_both(session: Session, number: str, other: str, *, by: Officer) -> tuple[Item, Item]:
    """Two items as `lock` has them, always locked in the same order, so that two officers never wait for each other."""
    locked = {each: lock(session, each, by=by) for each in sorted({number, other})}
    return locked[number], locked[other]


def beside(session: Session, item: Item) -> list[tuple[str, str]]:
    """Number and title of the other items of its case, the last recorded first; as many as a list can offer."""
    others = select(Item.public_number, Item.title).where(Item.case_id == item.case_id, Item.id != item.id)
    return [(number, title) for number, title in session.execute(others.order_by(Item.id.desc()).limit(MAX_BESIDE))]


def lacks_number(item: Item, secret: ItemSecrets) -> bool:
    """Whether such an object bears a number or an engraving, and neither is noted, where the public sees it or not."""
    engraved = item.inscriptions or secret.withheld.get("inscriptions")
    return item.category.code in NUMBERED and not (item.serial_key or engraved)


def open_secrets(item: Item, sealer: Sealer) -> ItemSecrets:
    """Open what is sealed in an item; an UnreadableItem where no key does: what else is known of it stays at hand."""
    try:
        return _opened(item, sealer)
    except SealBroken:
        return UnreadableItem()


def fill_number_keys(session: Session, *, sealer: Sealer) -> None:
    """Make the digests of the numbers of items that an earlier version recorded; inside atomic().

    An item that no key opens stays without: digests of nothing would stay when the right key is back.
    """
    missing, last = select(Item).where(Item.exhibit_look_key.is_(None)).order_by(Item.id).limit(FILLED_AT_ONCE), 0
    while items := session.scalars(missing.where(Item.id > last)).all():
        for item in items:
            with suppress(SealBroken):
                _write_keys(item, _opened(item, sealer), sealer)
        last = items[-1].id
        session.flush()


def _opened(item: Item, sealer: Sealer) -> ItemSecrets:
    return ItemSecrets(**sealer.unseal(item.sealed, row=_row(item)))


def _write(item: Item, description: ItemDescription) -> None:
    for name, value in asdict(description).items():
        setattr(item, name, list(value) if name == "colours" else value)
    item_words.write(item)


def _seal(item: Item, secret: ItemSecrets, sealer: Sealer) -> None:
    item.sealed = sealer.seal(asdict(secret), row=_row(item))
    _write_keys(item, secret, sealer)


def _write_keys(item: Item, secret: ItemSecrets, sealer: Sealer) -> None:
    item.exhibit_key = number_keys.exhibit_key(secret.exhibit_number, sealer)
    item.serial_key = number_keys.serial_key(secret.serial_number, sealer)
    item.exhibit_look_key = number_keys.exhibit_look_key(secret.exhibit_number, sealer)
    item.serial_look_key = number_keys.serial_look_key(secret.serial_number, sealer)


def _changed_fields(item: Item, written: WrittenItem, before: ItemSecrets) -> list[str]:
    secret = written.secret
    fields = asdict(written.description) | {"colours": list(written.description.colours)}
    changed = [name for name, value in fields.items() if value != getattr(item, name)]
    changed += [name for name in SECRET_TEXTS if getattr(secret, name) != getattr(before, name)]
    headings = {*secret.withheld, *before.withheld} - {*changed}
    changed += [name for name in headings if secret.withheld.get(name) != before.withheld.get(name)]
    if item.case_id != written.case.id:
        changed.append("case")
    if item.category_id != written.category.id:
        changed.append("category")
    return sorted(changed)


def _row(item: Item) -> str:
    return f"item:{item.public_number}"
