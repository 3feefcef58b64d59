from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import Case, Item, Unit
from gallery.services import cases, revision
from gallery.services.cases import TheftWindow
from gallery.services.gallery import browsing
from gallery.services.gallery.browsing import Cursor, GalleryPart, Portion
from gallery.services.gallery.gallery_index import Filters
from gallery.services.gallery.index_entries import Facet, Sort
from gallery.services.gallery.public_gallery import PublicGallery
from gallery.services.items import changes, publication
from gallery.services.transaction import atomic
from tests import pictures
from tests.databases import asked_of
from tests.factories import AUTHORISED, Factory

HOUR = timedelta(hours=1)
PHOTO = pictures.jpeg(pictures.picture(1))


@pytest.fixture
def gallery(sessions: sessionmaker[Session]) -> PublicGallery:
    return PublicGallery(sessions)


class Shop:
    """Publishes items a minute apart, all with the same photo, and looks at them."""

    def __init__(self, make: Factory, gallery: PublicGallery, case: Case) -> None:
        self.make, self.gallery, self.case = make, gallery, case

    def published(self, title: str, *, case: Case | None = None, **fields: Any) -> Item:
        self.make.now += timedelta(minutes=1)
        return self.make.published(case or self.case, PHOTO, title=title, **fields)

    def look(self, filters: Filters | None = None, **how: Any) -> GalleryPart:
        return browsing.look(self.make.session, self.gallery, filters or Filters(), Portion(**({"size": 10} | how)))

    def titles(self, filters: Filters | None = None, **how: Any) -> list[str]:
        return [item.title for item in self.look(filters, **how).items]


@pytest.fixture
def shop(make: Factory, unit: Unit, gallery: PublicGallery) -> Shop:
    return Shop(make, gallery, make.case(unit))


def test_an_empty_gallery_has_an_empty_page(shop: Shop) -> None:
    page = shop.look()
    assert (page.items, page.total, page.before, page.after) == ([], 0, None, None)


def test_the_only_item_is_found_by_every_filter(shop: Shop) -> None:
    shop.published("Bague", brand="Lip", materials="or jaune, émail", colours=("gold",))
    chosen = {
        Facet.CATEGORY: ("jewellery",),
        Facet.DEPARTEMENT: ("35",),
        Facet.COLOUR: ("gold", "red"),
        Facet.BRAND: ("lip",),
        Facet.MATERIAL: ("email",),
    }
    filters = Filters("bagues", chosen, date(2026, 4, 1))
    assert shop.titles(filters) == ["Bague"]


@pytest.mark.parametrize(
    "filters",
    [
        Filters("collier"),
        Filters("", {Facet.CATEGORY: ("watches",)}),
        Filters("", {Facet.DEPARTEMENT: ("44",)}),
        Filters("", {Facet.COLOUR: ("red",)}),
        Filters("", {Facet.BRAND: ("unknown",)}),
        Filters("", {Facet.MATERIAL: ("or",)}),
        Filters("", {}, date(2027, 1, 1), 7),
    ],
    ids=lambda filters: filters.conditions[0],
)
def test_what_does_not_meet_a_filter_is_not_shown_and_loosening_it_would(shop: Shop, filters: Filters) -> None:
    shop.published("Bague", brand="Lip", materials="or jaune, émail", colours=("gold",))
    page = shop.look(filters)
    assert (page.items, page.total) == ([], 0)
    assert page.total_without == {filters.conditions[0]: 1}


def test_the_name_of_a_category_finds_its_items(shop: Shop) -> None:
    shop.published("Bague")
    shop.published("Oméga en acier", category="watches")
    assert shop.titles(Filters("montres acier")) == ["Oméga en acier"]


@pytest.mark.parametrize(
    ("day", "margin", "is_found"),
    [
        (date(2026, 3, 1), 0, True),
        (date(2026, 6, 27), 0, True),
        (date(2026, 2, 28), 0, False),
        (date(2026, 2, 28), 1, True),
        (date(2026, 7, 5), 7, False),
        (date(2026, 7, 4), 7, True),
    ],
)
def test_a_theft_is_looked_for_within_the_window_and_a_margin(
    shop: Shop, day: date, margin: int, is_found: bool
) -> None:
    shop.published("Bague")
    assert bool(shop.titles(Filters(stolen_on=day, margin_days=margin))) is is_found


def test_an_unknown_window_hides_nothing(shop: Shop, make: Factory, unit: Unit) -> None:
    shop.published("Bague", case=make.case(unit, window=TheftWindow()))
    assert shop.titles(Filters(stolen_on=date(1999, 1, 1))) == ["Bague"]


def test_values_are_counted_as_the_other_filters_leave_them(shop: Shop) -> None:
    shop.published("Bague", colours=("gold",), materials="Or")
    shop.published("Broche", colours=("gold", "red"), materials="or et rubis")
    shop.published("Montre", category="watches", colours=("gold",))
    page = shop.look(Filters("", {Facet.CATEGORY: ("jewellery",)}))
    counts = {facet: {each.value: each.items for each in page.counts[facet]} for facet in Facet}
    assert counts[Facet.CATEGORY] == {"jewellery": 2, "watches": 1}
    assert counts[Facet.COLOUR] == {"gold": 2, "red": 1}
    assert counts[Facet.MATERIAL] == {"or": 2, "rubis": 1}


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        (Sort.NEWEST, ["Épée", "Bague", "Étui"]),
        (Sort.OLDEST, ["Étui", "Bague", "Épée"]),
        (Sort.TITLE, ["Bague", "Épée", "Étui"]),
        (Sort.STOLEN_LAST, ["Étui", "Bague", "Épée"]),
    ],
)
def test_it_is_sorted(shop: Shop, make: Factory, unit: Unit, sort: Sort, titles: list[str]) -> None:
    recent = make.case(unit, window=TheftWindow(None, date(2026, 9, 1)))
    shop.published("Étui", case=recent)
    shop.published("Bague")
    shop.published("Épée", case=make.case(unit, window=TheftWindow()))
    assert shop.titles(sort=sort) == titles


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_lead_through_everything_once_and_back(shop: Shop, sort: Sort) -> None:
    for number in range(5):
        shop.published(f"Bague {number % 2}")
    pages = [shop.look(sort=sort, size=2)]
    while pages[-1].after:
        pages.append(shop.look(sort=sort, cursor=pages[-1].after, size=2))
    numbers = [item.public_number for page in pages for item in page.items]
    assert len(set(numbers)) == len(numbers) == 5
    assert [page.first for page in pages] == [1, 3, 5]
    assert shop.look(sort=sort, cursor=pages[2].before, size=2).items == pages[1].items


def test_a_page_goes_on_where_a_withdrawn_item_stood(shop: Shop, make: Factory) -> None:
    rings = [shop.published(f"Bague {number}") for number in range(4)]
    cursor = shop.look(size=2).after
    with atomic(make.session):
        publication.withdraw(make.session, rings[2], by=None, now=make.now)
    assert shop.titles(cursor=cursor, size=2) == ["Bague 1", "Bague 0"]


def test_where_the_last_page_was_withdrawn_the_one_before_is_shown(shop: Shop, make: Factory) -> None:
    rings = [shop.published(f"Bague {number}") for number in range(3)]
    cursor = shop.look(size=2).after
    with atomic(make.session):
        publication.withdraw(make.session, rings[0], by=None, now=make.now)
    page = shop.look(cursor=cursor, size=2)
    assert ([item.title for item in page.items], page.first, page.total) == (["Bague 2", "Bague 1"], 1, 2)


@pytest.mark.parametrize("number", ["35-AAAA-A", "", "' or 1"])
def test_a_cursor_that_names_nothing_begins_anew(shop: Shop, number: str) -> None:
    shop.published("Bague")
    assert shop.titles(cursor=Cursor(number)) == ["Bague"]


def test_a_draft_is_no_cursor(shop: Shop, make: Factory) -> None:
    shop.published("Bague")
    draft = make.item(shop.case, title="Brouillon")
    assert shop.titles(cursor=Cursor(draft.public_number)) == ["Bague"]


def test_a_change_is_seen_at_the_next_look(shop: Shop, make: Factory) -> None:
    ring = shop.published("Bague")
    in_spring = Filters(stolen_on=date(2026, 4, 1))
    assert shop.titles(in_spring) == ["Bague"]
    with atomic(make.session):
        later = TheftWindow(date(2026, 8, 1), None)
        version = shop.case.version
        written = cases.WrittenCase(later, AUTHORISED, version)
        cases.edit(make.session, make.given, shop.case, written, by=None)
    assert shop.titles(in_spring) == []
    with atomic(make.session):
        publication.withdraw(make.session, ring, by=None, now=make.now)
    assert shop.titles() == []


def test_similar_items_are_of_the_same_category_and_share_most(shop: Shop, make: Factory) -> None:
    ring = shop.published("Bague", materials="or, rubis", colours=("gold",))
    shop.published("Broche", materials="or et rubis")
    shop.published("Chaîne", materials="argent", colours=("gold",))
    shop.published("Collier", materials="nacre", colours=("white",))
    shop.published("Montre", category="watches", materials="or, rubis", colours=("gold",))
    found = browsing.similar(make.session, shop.gallery, ring.public_number, limit=3)
    assert [item.title for item in found] == ["Broche", "Chaîne"]


def test_what_is_withdrawn_while_a_page_is_made_is_left_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = shop.published("Bague"), shop.published("Montre")
    by_ids = browsing.public_items.by_ids
    left = {kept.id}
    monkeypatch.setattr(
        browsing.public_items, "by_ids", lambda session, ids: by_ids(session, [each for each in ids if each in left])
    )
    assert shop.titles() == ["Montre"]
    pieces = browsing.in_pieces(shop.make.session, shop.gallery, Filters(), sort=Sort.NEWEST, size=1)
    assert [[item.title for item in piece] for piece in pieces] == [["Montre"], []]
    assert gone.id not in left


def test_after_a_change_the_changed_items_alone_are_read(shop: Shop, make: Factory) -> None:
    ring, watch = shop.published("Bague", brand="Lip"), shop.published("Montre", brand="Omega")
    shop.published("Vase")
    shop.titles()
    with asked_of(make.session.get_bind()) as asked:
        with atomic(make.session):
            publication.withdraw(make.session, ring, by=None, now=make.now)
        with atomic(make.session):
            watch.title = "Montre ancienne"
            changes.note(make.session, watch, "edit", by=None, now=make.now)
        page = shop.look()
    assert [item.title for item in page.items] == ["Vase", "Montre ancienne"]
    assert [each.label for each in page.counts[Facet.BRAND]] == ["Omega"]
    assert not any("string_agg" in each or "group_concat" in each for each in asked)


def test_whoever_missed_too_many_changes_looks_at_all_items(
    shop: Shop, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision, "MAX_REMEMBERED", 2)
    ring = shop.published("Bague")
    assert shop.titles() == ["Bague"]
    for title in ("Anneau", "Alliance", "Chevalière"):
        with atomic(make.session):
            ring.title = title
            changes.note(make.session, ring, "edit", by=None, now=make.now)
    assert shop.titles() == ["Chevalière"]


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_the_gallery_is_read_in_pieces_and_loosened(
    session: Session, sessions: sessionmaker[Session], make: Factory, unit: Unit
) -> None:
    gallery = PublicGallery(sessions)
    window = TheftWindow(date(2026, 3, 10), date(2026, 3, 12))
    cases = make.case(unit), make.case(unit, AUTHORISED, window), make.case(unit)
    for title, of in zip(("alpha", "bravo", "charlie"), cases, strict=True):
        make.now += HOUR
        item = make.published(of, PHOTO, title=title, brand="Lip")
    pieces = list(browsing.in_pieces(session, gallery, Filters(), sort=Sort.NEWEST, size=2))
    assert [[each.title for each in piece] for piece in pieces] == [["charlie", "bravo"], ["alpha"]]
    assert list(browsing.in_pieces(session, gallery, Filters(text="zèbre"), sort=Sort.NEWEST, size=2)) == []
    counts = browsing.units(session, gallery)
    assert [(each.unit.code, each.items) for each in counts] == [(unit.code, 3)]
    similar = browsing.similar(session, gallery, item.public_number, limit=1)
    assert [len(similar), item.public_number in {each.public_number for each in similar}] == [1, False]
    on = Filters(stolen_on=date(2026, 3, 20))
    assert browsing.looser(session, gallery, Filters(text="zèbre")) is None
    loosened = browsing.looser(session, gallery, replace(on, text="bravo"))
    assert loosened is not None
    assert (loosened.filters.margin_days, loosened.items) == (31, 1)
    assert browsing.looser(session, gallery, replace(on, text="bravo", margin_days=183)) is None
