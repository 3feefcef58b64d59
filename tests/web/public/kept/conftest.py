"""A case, an item in an album, and the addresses of pages that are kept."""

import pytest

from gallery.models import Case, Item, Network, Unit
from gallery.services.albums import postings
from gallery.services.transaction import atomic
from tests.factories import Factory

ALBUM = "abcdefghjk"
OF_OBJECTS = (
    "/", "/objets", "/objets?categorie=jewellery", "/objets?tri=titre", "/objets/{number}", "/albums/" + ALBUM,
    "/unites", "/comptes-officiels", "/sitemap.xml", "/objets.atom?categorie=jewellery",
)  # fmt: skip
KEPT = (
    *OF_OBJECTS, "/aide", "/conseils", "/conseils/inventaire", "/mentions", "/donnees-personnelles", "/accessibilite",
)  # fmt: skip
NOT_KEPT = ("/objets?mots=bague", "/objets?vol=le+3+mai", "/recherche", "/verifier", "/numero", "/vivant")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def item(make: Factory, case: Case) -> Item:
    """A published item of an album that was exported."""
    item = make.item(case, with_photos=3, brand="Lip", colours=("gold",))
    make.publish(item)
    _export(make, item)
    return item


def _export(make: Factory, item: Item) -> None:
    numbers, network = [item.public_number], Network.FACEBOOK
    with atomic(make.session) as session:
        postings.record(
            session,
            item.unit,
            postings.ExportedAlbum(numbers=numbers, network=network, title="", code=ALBUM),
            by=None,
            now=make.now,
        )


@pytest.fixture
def addresses(item: Item) -> list[str]:
    return [address.format(number=item.public_number) for address in KEPT]
