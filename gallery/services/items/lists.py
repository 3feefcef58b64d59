"""The items of a unit, narrowed down and searched by its officers.

What is sealed is found by keyed digests (`number_keys`), so that no item is opened; a unit's few cases are.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from gallery.models import ITEM_STATUSES, Case, Category, Item, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.items.numbering import number_keys
from gallery.services.items.numbering.numbers import (
    is_in_three_parts,
    is_meant_as_number,
    near_numbers,
    read_public_number,
)
from gallery.services.words import asked, ranking
from gallery.services.words.asked import AskedWords
from gallery.services.words.folding import words_of, written_by_stem
from gallery.services.words.item_words import FoundWord

SHORTEST_NUMBER = 3


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. words: a public, exhibit, serial or case number, or words of the description."""

    status: ItemStatus | None = None
    case: Case | None = None
    category: Category | None = None
    words: str = ""


@dataclass(frozen=True)
class ItemsPart:
    """One page of a list of items. number: from 1; total: items in all pages."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Narrowed:
    """A unit's items as they were narrowed down: searched once, then listed and counted.

    scores: how well the items that the words found answer them, by row; words: what was understood of them;
    is_no_number: they are a number that no item has, and the items are those that have nearly the same.
    """

    conditions: tuple[ColumnElement[bool], ...]
    status: ItemStatus | None
    scores: Mapping[int, float] = field(default_factory=dict)
    words: AskedWords = AskedWords()
    is_no_number: bool = False


def narrow(session: Session, unit: Unit, wanted: Wanted, *, sealer: Sealer) -> Narrowed:
    """Find what is wanted among a unit's items."""
    numbered = list(_numbered(session, unit, wanted.words, sealer))
    words, scores = _described_as(session, unit, wanted.words)
    if words.unknown or words.respelt:
        if _has_any(session, unit, numbered):
            words = replace(words, unknown=())
        elif (near := _near(session, unit, wanted.words)) or (near is not None and not scores):
            conditions = _conditions(unit, wanted, {}, [Item.public_number.in_(near)])
            return Narrowed(tuple(conditions), wanted.status, is_no_number=True)
    return Narrowed(tuple(_conditions(unit, wanted, scores, numbered)), wanted.status, scores, words)


def part_of(session: Session, narrowed: Narrowed, *, number: int, size: int) -> ItemsPart:
    """One page of these items, the last changed first, or those that answer the words best. Past the end: the last."""
    ids = ids_of(session, narrowed)
    pages = max(1, -(-len(ids) // size))
    number = min(max(number, 1), pages)
    shown = ids[(number - 1) * size : number * size]
    items = session.scalars(
        select(Item).where(Item.id.in_(shown)).options(joinedload(Item.category), selectinload(Item.photos))
    )
    return ItemsPart(sorted(items, key=lambda item: shown.index(item.id)), number, pages, len(ids))


def numbers_of(session: Session, narrowed: Narrowed, *, limit: int) -> list[str]:
    """Public numbers of these items, in the order of the list, at most `limit`."""
    return [row.public_number for row in _in_order(session, narrowed)][:limit]


def ids_of(session: Session, narrowed: Narrowed) -> list[int]:
    """Ids of all of these items, in the order of the list."""
    return [row.id for row in _in_order(session, narrowed)]


def _in_order(session: Session, narrowed: Narrowed) -> list[Row[int, str]]:
    """Ids and public numbers, the last changed first, or those that answer the words best."""
    found = select(Item.id, Item.public_number).where(*narrowed.conditions)
    if narrowed.status is not None:
        found = found.where(Item.status == narrowed.status)
    rows = session.execute(found.order_by(Item.updated_at.desc(), Item.id.desc())).all()
    # What was found by its number is not scored: it is what was meant, so it comes first.
    return sorted(rows, key=lambda row: -narrowed.scores.get(row.id, math.inf))


def counts_by_status(session: Session, narrowed: Narrowed) -> dict[ItemStatus, int]:
    """How many of these items stand where, whatever status is wanted; every status is a key."""
    wanted = select(Item.status, func.count()).where(*narrowed.conditions).group_by(Item.status)
    found = {row[0]: row[1] for row in session.execute(wanted)}
    return {status: found.get(status, 0) for status in ITEM_STATUSES}


def used_categories(session: Session, unit: Unit) -> list[Category]:
    """The categories that a unit has items of, in the order in which they are offered."""
    used = select(Item.category_id).where(Item.unit_id == unit.id)
    return list(session.scalars(select(Category).where(Category.id.in_(used)).order_by(Category.position, Category.id)))


def _conditions(
    unit: Unit, wanted: Wanted, scores: Mapping[int, float], numbered: Sequence[ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    conditions = [Item.unit_id == unit.id]
    if wanted.case is not None:
        conditions.append(Item.case_id == wanted.case.id)
    if wanted.category is not None:
        conditions.append(Item.category_id == wanted.category.id)
    if wanted.words:
        conditions.append(or_(Item.id.in_(scores), *numbered))
    return conditions


def _numbered(session: Session, unit: Unit, words: str, sealer: Sealer) -> Iterator[ColumnElement[bool]]:
    """Every number that the officer may have meant; a public one however it is called or printed."""
    spelt = number_keys.same_spelling(words)
    public = read_public_number(words)
    if public is not None:
        yield Item.public_number == public
    if len(spelt) >= SHORTEST_NUMBER:
        yield func.replace(Item.public_number, "-", "").contains(spelt, autoescape=True)
        yield Item.case_id.in_(_cases_numbered(session, unit, spelt, sealer))
    if spelt:
        yield Item.exhibit_key == number_keys.exhibit_key(words, sealer)
        yield Item.serial_key == number_keys.serial_key(words, sealer)
        yield Item.exhibit_look_key == number_keys.exhibit_look_key(words, sealer)
        yield Item.serial_look_key == number_keys.serial_look_key(words, sealer)


def _near(session: Session, unit: Unit, text: str) -> list[str] | None:
    """The numbers of the unit's items that are near to one that none has; None for what is not meant as a number.

    Figures in one piece may be the maker's reference: they are a number where one is near.
    """
    if not is_meant_as_number(text):
        return None
    near = select(Item.public_number).where(Item.unit_id == unit.id, Item.public_number.in_(near_numbers(text)))
    found = list(session.scalars(near))
    return found if found or is_in_three_parts(text) else None


def _has_any(session: Session, unit: Unit, numbered: Sequence[ColumnElement[bool]]) -> bool:
    found = select(Item.id).where(Item.unit_id == unit.id, or_(*numbered)).limit(1)
    return bool(numbered) and session.scalar(found) is not None


def _cases_numbered(session: Session, unit: Unit, spelt: str, sealer: Sealer) -> list[int]:
    records = cases.kept_by(session, unit, sealer=sealer)
    return [each.case.id for each in records if spelt in number_keys.same_spelling(each.secrets.case_number)]


def _described_as(session: Session, unit: Unit, text: str) -> tuple[AskedWords, dict[int, float]]:
    """What was understood of a text, and how well the unit's items that answer it do so, by row."""
    if not words_of(text):
        return AskedWords(), {}
    rows = session.execute(select(Item.id, Category.code).join(Item.category).where(Item.unit_id == unit.id)).all()
    ids, codes = np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows])

    def having(word: FoundWord) -> tuple[np.ndarray, np.ndarray]:
        exact = np.isin(ids, word.item_ids) | np.isin(codes, list(word.category_codes))
        return exact, np.isin(ids, word.near_ids)

    understood = asked.read(
        session,
        text,
        has_any=lambda word: any(mask.any() for mask in having(word)),
        written=lambda: _written_words(session, unit),
    )
    scores = ranking.scores([having(word) for word in understood.found], len(ids))
    answering = ranking.answering(scores)
    return understood, dict(zip(ids[answering].tolist(), scores[answering].tolist(), strict=True))


def _written_words(session: Session, unit: Unit) -> dict[str, str]:
    rows = session.execute(select(Item.title, Item.brand, Item.materials).where(Item.unit_id == unit.id))
    return written_by_stem(text for row in rows for text in row)
