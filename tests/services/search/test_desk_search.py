import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery import imaging
from gallery.matching import Likelihood
from gallery.models import Officer, Unit
from gallery.services.items import renditions
from gallery.services.search import desk_search
from gallery.services.search.desk_search import FoundPhoto
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.search import PhotoCatalogue
from tests import pictures
from tests.factories import Factory
from tests.services.search.test_search import Meanwhile, withdrawing

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


@pytest.fixture
def catalogue(sessions: sessionmaker[Session]) -> MemoryCatalogue:
    return MemoryCatalogue(sessions, scope=Scope.ALL)


class Searcher:
    """Officers who look for an object, with one catalogue for all."""

    def __init__(self, make: Factory, catalogue: PhotoCatalogue) -> None:
        self.make, self.catalogue = make, catalogue

    def search(self, officer: Officer, photo: bytes = AGAIN) -> list[FoundPhoto]:
        given = [imaging.decode(photo, renditions.limits_of(self.make.settings))]
        return desk_search.by_photos(self.make.session, given, catalogue=self.catalogue, by=officer)

    def surely_finds(self, officer: Officer) -> list[str]:
        found = self.search(officer)
        return [each.photo.item.public_number for each in found if each.likelihood is Likelihood.STRONG]


@pytest.fixture
def searcher(make: Factory, catalogue: MemoryCatalogue) -> Searcher:
    return Searcher(make, catalogue)


def test_an_officer_finds_the_drafts_of_the_unit_with_the_details_that_agree(
    make: Factory, unit: Unit, officer: Officer, searcher: Searcher
) -> None:
    item = make.item(make.case(unit))
    photo = make.photo(item, pictures.jpeg(RING))
    first, *_ = searcher.search(officer)
    assert (first.photo.id, first.likelihood) == (photo.id, Likelihood.STRONG)
    assert first.details == len(first.points) > 20
    assert all(0 <= share <= 1 for each in first.points for share in each)


def test_another_units_officer_never_finds_a_draft_even_by_the_very_same_photo(
    make: Factory, unit: Unit, colleague: Officer, outsider: Officer, searcher: Searcher
) -> None:
    item = make.item(make.case(unit))
    make.photo(item, pictures.jpeg(RING))
    assert searcher.surely_finds(colleague) == [item.public_number]
    assert searcher.search(outsider, pictures.jpeg(RING)) == []


def test_every_unit_finds_what_is_published_by_its_hidden_photos_too(
    make: Factory, unit: Unit, outsider: Officer, searcher: Searcher
) -> None:
    item = make.published(make.case(unit), pictures.jpeg(pictures.picture(9, kind="watch")))
    hidden = make.photo(item, pictures.jpeg(RING))
    assert hidden.is_private
    assert searcher.surely_finds(outsider) == [item.public_number]


def test_a_draft_is_found_by_others_once_it_is_published(
    make: Factory, unit: Unit, outsider: Officer, searcher: Searcher
) -> None:
    item = make.item(make.case(unit))
    make.photo(item, pictures.jpeg(RING))
    assert searcher.surely_finds(outsider) == []
    make.publish(item)
    assert searcher.surely_finds(outsider) == [item.public_number]


def test_what_is_withdrawn_while_another_unit_looks_is_not_shown(
    make: Factory, unit: Unit, outsider: Officer, searcher: Searcher, sessions: sessionmaker[Session]
) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    assert searcher.surely_finds(outsider) == [ring.public_number]
    searcher.catalogue = Meanwhile(searcher.catalogue, withdrawing(make, sessions, ring))
    assert searcher.search(outsider) == []
