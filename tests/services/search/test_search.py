from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from gallery import imaging, matching
from gallery.matching import Likelihood
from gallery.matching.ranking.comparison import question_of
from gallery.models import Item, Unit
from gallery.services.cases import TheftWindow
from gallery.services.items import publication, renditions
from gallery.services.search import search
from gallery.services.search.memory import MemoryCatalogue
from gallery.services.search.search import FoundItem, FoundObject, Hints, PhotoCatalogue
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory


@pytest.fixture
def catalogue(sessions: sessionmaker[Session]) -> MemoryCatalogue:
    return MemoryCatalogue(sessions)


class Victim:
    """Someone who looks for an object."""

    def __init__(self, make: Factory, catalogue: PhotoCatalogue) -> None:
        self.make, self.catalogue = make, catalogue

    def searches(self, *photos: bytes, **hints: Any) -> list[FoundItem]:
        return [item for each in self.searches_each(*photos, **hints) for item in each.items]

    def searches_each(self, *photos: bytes, **hints: Any) -> list[FoundObject]:
        limits = renditions.limits_of(self.make.settings)
        given = [imaging.decode(photo, limits) for photo in photos]
        return search.by_photos(self.make.session, given, catalogue=self.catalogue, hints=Hints(**hints))

    def finds(self, *photos: bytes, **hints: Any) -> list[str]:
        return [found.item.public_number for found in self.searches(*photos, **hints)]


@pytest.fixture
def victim(make: Factory, catalogue: MemoryCatalogue) -> Victim:
    return Victim(make, catalogue)


RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


def test_a_recompressed_photo_of_the_same_ring_comes_first(make: Factory, unit: Unit, victim: Victim) -> None:
    case = make.case(unit)
    ring = make.published(case, pictures.jpeg(RING))
    make.published(case, pictures.jpeg(pictures.picture(2, kind="ring")))
    first, *_ = victim.searches(AGAIN)
    assert first.item.public_number == ring.public_number
    assert first.likelihood is Likelihood.STRONG
    assert first.photo == first.item.cover


def test_with_an_encoder_what_was_described_without_it_waits_for_reindexing(
    make: Factory, unit: Unit, victim: Victim, sessions: sessionmaker[Session], encoder: Path
) -> None:
    case = make.case(unit)
    before = make.published(case, pictures.jpeg(RING))
    assert victim.finds(AGAIN) == [before.public_number]
    matching.configure(encoder)
    after = make.published(case, pictures.jpeg(pictures.picture(1, kind="watch")))
    opened_anew = Victim(make, MemoryCatalogue(sessions))
    found = opened_anew.finds(AGAIN, pictures.jpeg(pictures.picture(1, kind="watch")))
    assert set(found) == {after.public_number}


def test_an_empty_gallery_answers(victim: Victim) -> None:
    assert victim.searches(AGAIN) == []


def test_a_gallery_of_one_item_answers(make: Factory, unit: Unit, victim: Victim) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    assert victim.finds(AGAIN) == [ring.public_number]


def test_a_draft_is_not_found(make: Factory, unit: Unit, victim: Victim) -> None:
    make.photo(make.item(make.case(unit)), pictures.jpeg(RING))
    assert victim.finds(AGAIN) == []


def test_a_private_photo_is_not_found(make: Factory, unit: Unit, victim: Victim) -> None:
    item = make.published(make.case(unit), pictures.jpeg(pictures.picture(9, kind="watch")))
    make.photo(item, pictures.jpeg(RING))
    assert not [found for found in victim.searches(AGAIN) if found.likelihood is Likelihood.STRONG]


def test_what_is_published_withdrawn_and_published_again_is_seen_by_the_next_search(
    make: Factory, unit: Unit, victim: Victim
) -> None:
    item = make.item(make.case(unit))
    make.photo(item, pictures.jpeg(RING))
    assert victim.finds(AGAIN) == []
    make.publish(item)
    assert victim.finds(AGAIN) == [item.public_number]
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)
    assert victim.finds(AGAIN) == []
    make.publish(item)
    assert victim.finds(AGAIN) == [item.public_number]


class Meanwhile:
    """A catalogue that answers after somebody else has acted."""

    def __init__(self, catalogue: PhotoCatalogue, act: Callable[[], None]) -> None:
        self.catalogue, self.act = catalogue, act

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        found = self.catalogue.current(narrowed_to=narrowed_to)
        self.act()
        return found


def withdrawing(make: Factory, sessions: sessionmaker[Session], item: Item) -> Callable[[], None]:
    """What an officer does in another process."""
    item_id = item.id

    def act() -> None:
        with sessions() as session, atomic(session):
            publication.withdraw(session, session.get_one(Item, item_id), by=None, now=make.now)

    return act


SAID: list[dict[str, Any]] = [{}, {"category_code": "jewellery"}, {"stolen_on": date(2026, 5, 2)}]


@pytest.mark.parametrize("hints", SAID, ids=["nothing said", "a category", "a day"])
def test_what_is_withdrawn_while_we_look_is_not_shown(
    make: Factory, unit: Unit, victim: Victim, sessions: sessionmaker[Session], hints: dict[str, Any]
) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    assert victim.finds(AGAIN, **hints) == [ring.public_number]
    victim.catalogue = Meanwhile(victim.catalogue, withdrawing(make, sessions, ring))
    assert victim.finds(AGAIN, **hints) == []


def test_neither_is_it_where_the_photo_stays_with_the_visitor(
    make: Factory, unit: Unit, catalogue: MemoryCatalogue, sessions: sessionmaker[Session]
) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    fingerprint = matching.Fingerprint(np.ones(1280, np.int8), question_of(matching.describe(np.asarray(RING))).hash)
    meanwhile = Meanwhile(catalogue, withdrawing(make, sessions, ring))
    hints = Hints(stolen_on=date(2026, 5, 2))
    [found] = search.by_fingerprints(make.session, [fingerprint], catalogue=catalogue, hints=hints)
    assert [each.item.public_number for each in found.items] == [ring.public_number]
    [left] = search.by_fingerprints(make.session, [fingerprint], catalogue=meanwhile, hints=hints)
    assert left.items == []


def test_what_nobody_has_sorted_is_found_in_any_category(make: Factory, unit: Unit, victim: Victim) -> None:
    published = make.published(make.case(unit), pictures.jpeg(RING), category="other")
    alike = pictures.jpeg(pictures.picture(2, kind="ring"))
    for code in ("jewellery", "other", None):
        assert victim.finds(alike, category_code=code) == [published.public_number]


def test_a_category_narrows_and_never_hides_the_very_same_photo(make: Factory, unit: Unit, victim: Victim) -> None:
    case = make.case(unit)
    ring = make.published(case, pictures.jpeg(RING))
    make.published(case, pictures.jpeg(pictures.picture(4, kind="watch")), category="watches")
    other = make.published(case, pictures.jpeg(pictures.picture(2, kind="ring")))
    found = victim.finds(AGAIN, category_code="watches")
    assert found[0] == ring.public_number
    assert other.public_number not in found


def test_several_photos_of_several_objects_give_a_ranking_each(make: Factory, unit: Unit, victim: Victim) -> None:
    case = make.case(unit)
    watch_photo = pictures.picture(4, kind="watch")
    ring = make.published(case, pictures.jpeg(RING), pictures.jpeg(pictures.picture(5, kind="ring")))
    watch = make.published(case, pictures.jpeg(watch_photo))
    found = victim.searches_each(AGAIN, pictures.jpeg(pictures.recompressed(watch_photo, quality=50)))
    assert [each.pictures for each in found] == [(0,), (1,)]
    assert [each.items[0].item.public_number for each in found] == [ring.public_number, watch.public_number]
    assert [each.items[0].picture for each in found] == [0, 1]


def test_photos_of_one_object_give_one_ranking(make: Factory, unit: Unit, victim: Victim) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    found = victim.searches_each(AGAIN, pictures.jpeg(pictures.cropped(RING)))
    assert [each.pictures for each in found] == [(0, 1)]


def test_the_nearest_are_given_whatever_they_resemble(make: Factory, unit: Unit, victim: Victim) -> None:
    case = make.case(unit)
    for seed in range(search.NEAREST + 2):
        make.published(case, pictures.jpeg(pictures.picture(seed, kind="watch")))
    found = victim.searches(pictures.jpeg(Image.new("RGB", (640, 480), "#2d8f3a")))
    assert len(found) >= search.NEAREST


def test_the_day_of_the_theft_leaves_out_what_was_stolen_at_another_time(
    make: Factory, unit: Unit, victim: Victim
) -> None:
    march = make.published(make.case(unit), pictures.jpeg(RING))
    autumn = make.case(unit, window=TheftWindow(date(2026, 9, 1), date(2026, 10, 1)))
    other = make.published(autumn, pictures.jpeg(pictures.rotated(RING, 8)))
    open_ended = make.published(make.case(unit, window=TheftWindow()), pictures.jpeg(pictures.relit(RING)))
    turned = pictures.jpeg(pictures.rotated(RING, 16))
    assert set(victim.finds(turned)) == {march.public_number, other.public_number, open_ended.public_number}
    assert set(victim.finds(turned, stolen_on=date(2026, 5, 2))) == {march.public_number, open_ended.public_number}
    assert other.public_number in victim.finds(turned, stolen_on=date(2026, 8, 5))


def test_colours_and_the_departement_bring_forward_and_hide_nothing(make: Factory, unit: Unit, victim: Victim) -> None:
    case = make.case(unit)
    golden = make.published(case, pictures.jpeg(RING), colours=("gold",))
    silver = make.published(case, pictures.jpeg(RING, quality=60), colours=("silver",))
    assert victim.finds(AGAIN, colours=("silver",)) == [silver.public_number, golden.public_number]
    assert victim.finds(AGAIN, colours=("gold",), departement="35") == [golden.public_number, silver.public_number]
