"""The gallery: published items filtered, counted, sorted and shown page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import FORMER_ITEMS
from gallery.services.gallery import public_items
from gallery.services.gallery.facet_index import ValueCount
from gallery.services.gallery.gallery_index import MARGINS_DAYS, Filters, GalleryIndex
from gallery.services.gallery.index_entries import FAR, Facet, IndexEntry, Sort
from gallery.services.gallery.public_gallery import PublicGallery
from gallery.services.gallery.public_records import PublicItem, UnitCount
from gallery.services.items.numbering.numbers import near_numbers
from gallery.services.transaction import end_reading
from gallery.services.words import asked
from gallery.services.words.asked import AskedWords
from gallery.services.words.item_words import Among

NO_VALUES: tuple[tuple[tuple[str, str], ...], ...] = ((),) * len(Facet)


@dataclass(frozen=True)
class Cursor:
    """Where a page goes on from: the items after this number, or those before it."""

    number: str
    backwards: bool = False


@dataclass(frozen=True)
class Portion:
    """Which of the found items are looked at: this many of them in an order, from a cursor on, or the first ones."""

    size: int
    sort: Sort = Sort.BEST
    cursor: Cursor | None = None


@dataclass(frozen=True)
class GalleryPart:
    """Some items in their order. first: place of the first among all, from 1; before, after: where to go on, if any.

    counts: by facet, what each value would show; total_without, total_with_only: by condition in force, how many items
    there would be without it, and with no other. words: what was understood of the text.
    """

    items: Sequence[PublicItem]
    first: int
    total: int
    before: Cursor | None
    after: Cursor | None
    counts: Mapping[Facet, list[ValueCount]]
    total_without: Mapping[str, int]
    total_with_only: Mapping[str, int]
    words: AskedWords


@dataclass(frozen=True)
class Looser:
    """Filters that ask for less than others did. items: how many they show."""

    filters: Filters
    items: int


def look(session: Session, gallery: PublicGallery, filters: Filters, portion: Portion) -> GalleryPart:
    """This portion of the items that meet the filters; BEST means the newest first where no words are asked for."""
    index, size = gallery.current(), portion.size
    sort = portion.sort if filters.text or portion.sort is not Sort.BEST else Sort.NEWEST
    understood = _understood(session, index, filters.text)
    choice = index.choose(filters, understood.found)
    order = choice.order(sort)
    ranks = np.flatnonzero(choice.mask[order])
    places = order[ranks]
    start = _start(ranks, _rank(session, index, replace(portion, sort=sort), order), portion)
    if start >= len(places):
        # What stood after the page before is withdrawn.
        start = max(0, len(places) - size)
    shown = places[start : start + size]
    records = public_items.by_ids(session, index.ids[shown].tolist())
    numbers = [index.entries[place].number for place in shown]
    return GalleryPart(
        items=[records[key] for key in index.ids[shown].tolist() if key in records],
        first=start + 1,
        total=choice.total,
        before=Cursor(numbers[0], backwards=True) if start and numbers else None,
        after=Cursor(numbers[-1]) if start + size < len(places) else None,
        counts={facet: choice.counts(facet) for facet in Facet},
        total_without={condition: choice.total_without(condition) for condition in filters.conditions},
        total_with_only={condition: choice.total_with_only(condition) for condition in filters.conditions},
        words=understood,
    )


def in_pieces(
    session: Session, gallery: PublicGallery, filters: Filters, *, sort: Sort, size: int
) -> Iterator[list[PublicItem]]:
    """All items that meet the filters now, `size` at a time; those withdrawn meanwhile are left out.

    Between two pieces nothing is held in the database: whoever reads them may be slow.
    """
    index = gallery.current()
    choice = index.choose(filters, _understood(session, index, filters.text).found)
    order = choice.order(sort)
    ids = index.ids[order[choice.mask[order]]].tolist()
    for start in range(0, len(ids), size):
        wanted = ids[start : start + size]
        records = public_items.by_ids(session, wanted)
        end_reading(session)
        yield [records[key] for key in wanted if key in records]


def looser(session: Session, gallery: PublicGallery, filters: Filters) -> Looser | None:
    """The least inexact day of the theft that shows something; None when none does, or no day is asked for."""
    margins = (_looser(session, gallery, changed) for changed in _less_exact(filters))
    return next((each for each in margins if each.items), None)


def similar(session: Session, gallery: PublicGallery, public_number: str, *, limit: int) -> list[PublicItem]:
    """Published items of the same category that share most with this one."""
    ids = gallery.current().similar_to(public_number, limit=limit)
    records = public_items.by_ids(session, ids)
    return [records[key] for key in ids if key in records]


def near_to_number(session: Session, gallery: PublicGallery, text: str) -> list[PublicItem]:
    """The published items whose numbers are one slip away from what somebody noted."""
    index = gallery.current()
    entries = [entry for number in near_numbers(text) if (entry := index.find(number)) is not None]
    records = public_items.by_ids(session, [entry.item_id for entry in entries])
    return [records[entry.item_id] for entry in entries if entry.item_id in records]


def units(session: Session, gallery: PublicGallery) -> list[UnitCount]:
    """The units that have published items."""
    counts = gallery.current().totals(Facet.UNIT)
    return [UnitCount(unit, counts[unit.code]) for unit in public_items.units(session, counts.keys())]


def _understood(session: Session, index: GalleryIndex, text: str) -> AskedWords:
    return asked.read(session, text, among=Among.PUBLISHED, has_any=index.has_any, written=lambda: index.written_words)


def _looser(session: Session, gallery: PublicGallery, filters: Filters) -> Looser:
    index = gallery.current()
    choice = index.choose(filters, _understood(session, index, filters.text).found)
    return Looser(filters, choice.total)


def _less_exact(filters: Filters) -> Iterator[Filters]:
    for margin in MARGINS_DAYS if filters.stolen_on else ():
        if margin > filters.margin_days:
            yield replace(filters, margin_days=margin)


def _rank(session: Session, index: GalleryIndex, portion: Portion, order: np.ndarray) -> float | None:
    """The place of the cursor's item in the order of all; None without a cursor, or when it names nothing public."""
    if portion.cursor is None:
        return None
    entry = index.find(portion.cursor.number) or _formerly_public(session, portion.cursor.number)
    return None if entry is None else index.rank_of(entry, portion.sort, order)


def _start(ranks: np.ndarray, rank: float | None, portion: Portion) -> int:
    """Where a portion begins among the items that are found. ranks: their places in the order of all, ascending."""
    if rank is None or portion.cursor is None:
        return 0
    if portion.cursor.backwards:
        return max(0, int(np.searchsorted(ranks, rank, side="left")) - portion.size)
    return int(np.searchsorted(ranks, rank, side="right"))


def was_ever_public(session: Session, gallery: PublicGallery, number: str) -> bool:
    """Whether an item of this number is or was shown to the public."""
    return gallery.current().find(number) is not None or _formerly_public(session, number) is not None


def _formerly_public(session: Session, number: str) -> IndexEntry | None:
    """An item that was taken away while somebody looked at its page: its place among the newest is still known.

    By title or day of the theft its place is that of one without: nothing else of it is public any more.
    """
    former = FORMER_ITEMS.of(session)
    row = session.execute(select(former).where(former.c.public_number == number)).first()
    if row is None:
        return None
    return IndexEntry(row.id, number, "", row.published_at.timestamp(), NO_VALUES, 0, FAR)
