"""Items: created, described and listed by the officers of their unit."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from gallery.errors import ChangedMeanwhile, ItemNotFound, NumbersExhausted
from gallery.models import Case, Category, Item, ItemStatus, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit, catalogue, publication, search_words
from gallery.services.numbers import draw_public_number

NUMBER_DRAWS = 50


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
    """What is never public about an item."""

    serial_number: str = ""
    exhibit_number: str = ""
    withheld_details: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a list. number: from 1; total: items in all pages."""

    items: list[Item]
    number: int
    pages: int
    total: int


def create(
    session: Session,
    case: Case,
    category: Category,
    description: ItemDescription,
    secret: ItemSecrets,
    *,
    sealer: Sealer,
    by: Officer | None,
    now: datetime,
) -> Item:
    """Record an item as a draft, in the unit of its case, under a new public number."""
    item = Item(
        public_number=_free_number(session, case.unit),
        unit=case.unit,
        case=case,
        category=category,
        status=ItemStatus.DRAFT,
        created_at=now,
        updated_at=now,
    )
    _write(item, description)
    item.sealed = sealer.seal(asdict(secret), row=_row(item))
    session.add(item)
    session.flush()
    audit.record(session, by, "create", item, now=now)
    return item


def edit(
    session: Session,
    item: Item,
    case: Case,
    category: Category,
    description: ItemDescription,
    secret: ItemSecrets,
    *,
    expected_version: int,
    sealer: Sealer,
    by: Officer,
    now: datetime,
) -> None:
    """Change an item; raise ChangedMeanwhile, or PublicationRefused when it is public and could not stay so."""
    if item.version != expected_version:
        raise ChangedMeanwhile
    changed = _changed_fields(item, case, category, description, secret, sealer)
    if not changed:
        return
    _write(item, description)
    item.case, item.category, item.updated_at = case, category, now
    item.sealed = sealer.seal(asdict(secret), row=_row(item))
    publication.check_may_stay_public(item, sealer=sealer)
    catalogue.touch(session)
    audit.record(session, by, "edit", item, now=now, fields=changed)


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


def take(session: Session, public_number: str, *, by: Officer) -> Item:
    """The same item, to be changed: it and its case are locked until the transaction ends; raise ItemNotFound."""
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


def open_secrets(item: Item, sealer: Sealer) -> ItemSecrets:
    """Open what is sealed in an item."""
    return ItemSecrets(**sealer.unseal(item.sealed, row=_row(item)))


def kept_by(
    session: Session, unit: Unit, *, status: ItemStatus | None, case: Case | None = None, page: int, page_size: int
) -> Page:
    """One page of a unit's items, the last changed first; status None: all. A page past the end is the last one."""
    wanted = select(Item).where(Item.unit_id == unit.id)
    if status is not None:
        wanted = wanted.where(Item.status == status)
    if case is not None:
        wanted = wanted.where(Item.case_id == case.id)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // page_size))
    number = min(max(page, 1), pages)
    items = session.scalars(
        wanted.order_by(Item.updated_at.desc(), Item.id.desc())
        .options(joinedload(Item.category), selectinload(Item.photos))
        .limit(page_size)
        .offset((number - 1) * page_size)
    )
    return Page(list(items), number, pages, total)


def counts_by_status(session: Session, unit: Unit, *, case: Case | None = None) -> dict[ItemStatus, int]:
    """How many items of a unit, or of one of its cases, stand where; every status is a key."""
    wanted = select(Item.status, func.count()).where(Item.unit_id == unit.id)
    if case is not None:
        wanted = wanted.where(Item.case_id == case.id)
    found = {row[0]: row[1] for row in session.execute(wanted.group_by(Item.status))}
    return {status: found.get(status, 0) for status in ItemStatus}


def _write(item: Item, description: ItemDescription) -> None:
    for name, value in asdict(description).items():
        setattr(item, name, list(value) if name == "colours" else value)
    search_words.write(item)


def _changed_fields(
    item: Item, case: Case, category: Category, description: ItemDescription, secret: ItemSecrets, sealer: Sealer
) -> list[str]:
    before = open_secrets(item, sealer)
    fields = asdict(description) | {"colours": list(description.colours)}
    changed = [name for name, value in fields.items() if value != getattr(item, name)]
    changed += [name for name, value in asdict(secret).items() if value != getattr(before, name)]
    if item.case_id != case.id:
        changed.append("case")
    if item.category_id != category.id:
        changed.append("category")
    return sorted(changed)


def _free_number(session: Session, unit: Unit) -> str:
    for _ in range(NUMBER_DRAWS):
        number = draw_public_number(unit.departement)
        if session.scalar(select(Item.id).where(Item.public_number == number)) is None:
            return number
    raise NumbersExhausted(unit.departement)


def _row(item: Item) -> str:
    return f"item:{item.public_number}"
