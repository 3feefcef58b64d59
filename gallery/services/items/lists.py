"""The items of a unit, narrowed down and searched by its officers.

What is sealed is found by keyed digests (`number_keys`), so that no item is opened; a unit's few cases are.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.models import Case, Category, Item, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.items import number_keys

SEARCHED_COLUMNS = (
    Item.title,
    Item.object_type,
    Item.brand,
    Item.model,
    Item.maker,
    Item.materials,
    Item.inscriptions,
    Item.distinguishing_features,
    Item.subject,
    Item.period,
    Item.state_as_found,
)
SHORTEST_NUMBER = 3


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. words: a public, exhibit, serial or case number, or words of the description."""

    status: ItemStatus | None = None
    case: Case | None = None
    category: Category | None = None
    words: str = ""


@dataclass(frozen=True)
class Page:
    """One page of a list. number: from 1; total: items in all pages."""

    items: list[Item]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Narrowed:
    """A unit's items as they were narrowed down: searched once, then listed and counted."""

    conditions: tuple[ColumnElement[bool], ...]
    status: ItemStatus | None


def narrow(session: Session, unit: Unit, wanted: Wanted, *, sealer: Sealer) -> Narrowed:
    """Find what is wanted among a unit's items."""
    return Narrowed(tuple(_conditions(session, unit, wanted, sealer)), wanted.status)


def page_of(session: Session, narrowed: Narrowed, *, page: int, page_size: int) -> Page:
    """One page of these items, the last changed first. A page past the end is the last one."""
    found = select(Item).where(*narrowed.conditions)
    if narrowed.status is not None:
        found = found.where(Item.status == narrowed.status)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // page_size))
    number = min(max(page, 1), pages)
    items = session.scalars(
        found.order_by(Item.updated_at.desc(), Item.id.desc())
        .options(joinedload(Item.category), selectinload(Item.photos))
        .limit(page_size)
        .offset((number - 1) * page_size)
    )
    return Page(list(items), number, pages, total)


def counts_by_status(session: Session, narrowed: Narrowed) -> dict[ItemStatus, int]:
    """How many of these items stand where, whatever status is wanted; every status is a key."""
    wanted = select(Item.status, func.count()).where(*narrowed.conditions).group_by(Item.status)
    found = {row[0]: row[1] for row in session.execute(wanted)}
    return {status: found.get(status, 0) for status in ItemStatus}


def used_categories(session: Session, unit: Unit) -> list[Category]:
    """The categories that a unit has items of, in the order in which they are offered."""
    used = select(Item.category_id).where(Item.unit_id == unit.id)
    return list(session.scalars(select(Category).where(Category.id.in_(used)).order_by(Category.position)))


def fold(text: str) -> str:
    """Text without accents and capitals, and without letters that are not Latin.

    >>> fold("Émail d’Œuvre")
    "email d'oeuvre"
    """
    plain = text.casefold().replace("’", "'").replace("œ", "oe")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def _conditions(session: Session, unit: Unit, wanted: Wanted, sealer: Sealer) -> list[ColumnElement[bool]]:
    conditions = [Item.unit_id == unit.id]
    if wanted.case is not None:
        conditions.append(Item.case_id == wanted.case.id)
    if wanted.category is not None:
        conditions.append(Item.category_id == wanted.category.id)
    if wanted.words:
        conditions.append(or_(false(), *_meanings(session, unit, wanted.words, sealer)))
    return conditions


def _meanings(session: Session, unit: Unit, words: str, sealer: Sealer) -> Iterator[ColumnElement[bool]]:
    """Everything that the officer may have meant."""
    spelt = number_keys.same_spelling(words)
    if len(spelt) >= SHORTEST_NUMBER:
        yield func.replace(Item.public_number, "-", "").contains(spelt, autoescape=True)
        yield Item.case_id.in_(_cases_numbered(session, unit, spelt, sealer))
    if spelt:
        yield Item.exhibit_key == number_keys.exhibit_key(words, sealer)
        yield Item.serial_key == number_keys.serial_key(words, sealer)
    told = fold(words).split()
    if told:
        yield Item.id.in_(_described_as(session, unit, told))


def _cases_numbered(session: Session, unit: Unit, spelt: str, sealer: Sealer) -> list[int]:
    records = cases.kept_by(session, unit, sealer=sealer)
    return [each.case.id for each in records if spelt in number_keys.same_spelling(each.secrets.case_number)]


def _described_as(session: Session, unit: Unit, words: list[str]) -> list[int]:
    """Row ids of the items whose description has all these words, or their beginnings, in any order.

    Compared here, so that both databases find the same with and without accents.
    """
    rows = session.execute(_texts(unit))
    return [row[0] for row in rows if _has_all(fold(" ".join(row[1:])), words)]


def _texts(unit: Unit) -> Select[*tuple[Any, ...]]:
    return select(Item.id, *SEARCHED_COLUMNS).where(Item.unit_id == unit.id)


def _has_all(text: str, words: list[str]) -> bool:
    padded = f" {text}"
    return all(f" {word}" in padded or f"'{word}" in padded for word in words)
