"""The gallery's index: conditions, orders, counts and what is alike, on a handful of entries."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.services.gallery.gallery_index import Filters, GalleryIndex
from gallery.services.gallery.index_entries import FACETS, FAR, Facet, IndexEntry, Sort
from gallery.services.words.item_words import FoundWord

DAY = date(2026, 3, 10).toordinal()


def entry(item_id: int, title: str, published_at: float, last_day: int = FAR, **values: str) -> IndexEntry:
    given = {Facet(name): tuple((each, each.title()) for each in text.split()) for name, text in values.items()}
    first_day = min(last_day, DAY) if last_day != FAR else 0
    every = tuple(given.get(facet, ()) for facet in FACETS)
    return IndexEntry(item_id, f"N{item_id}", title, published_at, every, first_day, last_day)


KIND, BRAND, COLOUR, MATERIAL = (each.value for each in (Facet.CATEGORY, Facet.BRAND, Facet.COLOUR, Facet.MATERIAL))
ENTRIES = [
    entry(1, "Émeraude", 10.0, DAY, **{KIND: "rings", BRAND: "lip", COLOUR: "gold", MATERIAL: "or"}),
    entry(2, "bague", 30.0, **{KIND: "rings", BRAND: "lip", COLOUR: "silver red"}),
    entry(3, "Épée", 20.0, DAY + 40, **{KIND: "arms", BRAND: "lip", COLOUR: "gold"}),
    entry(4, "Anneau", 20.0, DAY + 5, **{KIND: "rings", COLOUR: "gold red", MATERIAL: "or"}),
]
INDEX = GalleryIndex(ENTRIES)


def word(*exact: int, near: tuple[int, ...] = (), categories: tuple[str, ...] = ()) -> FoundWord:
    return FoundWord("x", np.array(exact, np.int64), np.array(near, np.int64), frozenset(categories))


def ids(filters: Filters, *words: FoundWord, sort: Sort = Sort.NEWEST) -> list[int]:
    choice = INDEX.choose(filters, words)
    order = choice.order(sort)
    return INDEX.ids[order[choice.mask[order]]].tolist()


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEWEST, [2, 4, 3, 1]),
        (Sort.OLDEST, [1, 3, 4, 2]),
        (Sort.STOLEN_LAST, [3, 4, 1, 2]),
        (Sort.TITLE, [4, 2, 1, 3]),
    ],
)
def test_orders(sort: Sort, order: list[int]) -> None:
    assert ids(Filters(), sort=sort) == order
    ranks = INDEX.order(sort)
    assert [INDEX.rank_of(INDEX.find(f"N{each}"), sort, ranks) for each in order] == [0, 1, 2, 3]  # type: ignore[arg-type]


def test_an_item_that_is_gone_stands_between_two_others() -> None:
    gone = entry(9, "Bague", 25.0)
    assert INDEX.rank_of(gone, Sort.NEWEST, INDEX.order(Sort.NEWEST)) == 0.5
    assert INDEX.rank_of(gone, Sort.OLDEST, INDEX.order(Sort.OLDEST)) == 2.5
    assert INDEX.rank_of(gone, Sort.BEST, INDEX.order(Sort.NEWEST)) == -1.0
    assert INDEX.find("N9") is None


def test_conditions_are_met_together_and_counted_alone() -> None:
    filters = Filters(chosen={Facet.CATEGORY: ("rings",), Facet.COLOUR: ("gold", "unknown")})
    choice = INDEX.choose(filters, [])
    assert ids(filters) == [4, 1]
    assert (choice.total, choice.total_without(KIND), choice.total_without(COLOUR), choice.total_without("text")) == (
        2,
        3,
        3,
        2,
    )
    assert (choice.total_with_only(KIND), choice.total_with_only(COLOUR)) == (3, 3)
    counted = {each.value: each.items for each in choice.counts(Facet.COLOUR)}
    assert counted == {"silver": 1, "red": 2, "gold": 2}
    assert {each.value: each.items for each in choice.counts(Facet.CATEGORY)} == {"rings": 2, "arms": 1}
    brands = INDEX.choose(Filters(chosen={Facet.MATERIAL: ("or",), Facet.BRAND: ("lip",)}), []).counts(Facet.BRAND)
    assert [(each.value, each.label, each.items) for each in brands] == [("lip", "Lip", 1)]
    assert sorted(filters.conditions) == sorted([KIND, COLOUR])
    assert INDEX.totals(Facet.BRAND) == {"lip": 3}


def test_a_value_that_none_has_is_told_only_where_it_is_chosen() -> None:
    filters = Filters(chosen={Facet.CATEGORY: ("arms",), Facet.MATERIAL: ("or",)})
    choice = INDEX.choose(filters, [])
    assert choice.total == 0
    assert [(each.value, each.items) for each in choice.counts(Facet.MATERIAL)] == [("or", 0)]
    assert [each.value for each in choice.counts(Facet.BRAND)] == []


@pytest.mark.parametrize(
    ("day", "margin", "found"),
    [
        (date(2026, 3, 10), 0, [2, 4, 3, 1]),
        (date(2026, 3, 11), 0, [2, 4, 3]),
        (date(2026, 3, 11), 1, [2, 4, 3, 1]),
        (date(2026, 3, 9), 0, [2]),
        (date(2026, 3, 9), 1, [2, 4, 3, 1]),
        (date(2026, 4, 19), 0, [2, 3]),
        (date(2026, 4, 20), 0, [2]),
    ],
)
def test_the_day_of_the_theft_and_its_margin(day: date, margin: int, found: list[int]) -> None:
    assert ids(Filters(stolen_on=day, margin_days=margin)) == found


def test_words_are_of_items_and_of_whole_categories_and_the_best_come_first() -> None:
    text = Filters(text="x")
    assert ids(text, word(3, near=(1,)), sort=Sort.BEST) == [3, 1]
    assert ids(text, word(categories=("rings",)), sort=Sort.BEST) == [2, 4, 1]
    assert ids(text, word(1, 4), word(4), sort=Sort.BEST) == [4]
    assert ids(text, word(99)) == []
    assert [INDEX.has_any(each) for each in (word(1), word(near=(1,)), word(categories=("arms",)), word(9))] == [
        True, True, True, False,
    ]  # fmt: skip


def test_what_is_alike_shares_its_kind_and_most_of_the_rest() -> None:
    assert INDEX.similar_to("N1", limit=9) == [2, 4]  # of equal points the newest
    assert INDEX.similar_to("N1", limit=1) == [2]
    assert INDEX.similar_to("N4", limit=9) == [1, 2]
    assert INDEX.similar_to("N3", limit=9) == []
    assert INDEX.similar_to("N9", limit=9) == []


def test_an_empty_index_answers() -> None:
    empty = GalleryIndex([])
    assert (empty.choose(Filters(text="x"), [word(1)]).total, empty.similar_to("N1", limit=2)) == (0, [])
    assert empty.totals(Facet.BRAND) == {}


def test_a_facet_of_which_nothing_is_chosen_is_no_condition() -> None:
    filters = Filters(chosen={Facet.CATEGORY: (), Facet.BRAND: ("lip",)})
    assert ids(filters) == [2, 3, 1]
    assert filters.conditions == [BRAND]


WORDS = st.lists(st.sampled_from(["or", "Or", "argent", "laiton"]), max_size=2, unique_by=str.casefold)


@st.composite
def drawn(draw: st.DrawFn, item_id: int) -> IndexEntry:
    values = tuple(tuple((each.casefold(), each) for each in draw(WORDS)) for _ in FACETS)
    title, last_day = draw(st.sampled_from(["Bague", "Épée"])), draw(st.sampled_from([DAY, DAY + 3, FAR]))
    return IndexEntry(item_id, f"N{item_id}", title, draw(st.sampled_from([1.0, 2.0, 3.0])), values, DAY, last_day)


@settings(max_examples=25)
@given(st.data())
def test_an_index_that_was_changed_is_the_one_that_would_be_built_of_all(data: st.DataObject) -> None:
    held: dict[int, IndexEntry] = {}
    index = GalleryIndex([])
    for _ in range(3):
        for sort in (Sort.TITLE, Sort.STOLEN_LAST):
            index.order(sort)
        assert index.written_words.keys() <= {"bagu", "epe", "or", "argent", "laiton"}
        gone = data.draw(st.sets(st.integers(1, 6)))
        come = [data.draw(drawn(each)) for each in data.draw(st.sets(st.integers(1, 6), max_size=4))]
        index = index.changed(gone, come)
        held = {key: each for key, each in held.items() if key not in gone} | {each.item_id: each for each in come}
    assert_same(index, GalleryIndex(held.values()))


def assert_same(index: GalleryIndex, fresh: GalleryIndex) -> None:
    assert index.entries == fresh.entries
    assert index.ids.tolist() == fresh.ids.tolist()
    for facet in FACETS:
        assert list(index.facets[facet].labels.items()) == list(fresh.facets[facet].labels.items())
        for key in fresh.facets[facet].labels:
            having = (each.facets[facet].having([key], len(fresh.entries)).tolist() for each in (index, fresh))
            assert len({tuple(each) for each in having}) == 1
    for sort in Sort:
        if sort is not Sort.BEST:
            assert index.order(sort).tolist() == fresh.order(sort).tolist()
    for day, margin in ((date(2026, 3, 10), 0), (date(2026, 3, 12), 1)):
        filters = Filters(stolen_on=day, margin_days=margin)
        assert index.choose(filters, []).mask.tolist() == fresh.choose(filters, []).mask.tolist()
    assert index.written_words == fresh.written_words
    assert [index.find(f"N{each}") for each in range(7)] == [fresh.find(f"N{each}") for each in range(7)]
