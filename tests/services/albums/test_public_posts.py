from datetime import timedelta

import pytest

from gallery.models import Case, Item, Network, Officer, Unit
from gallery.services.albums import postings, public_posts
from gallery.services.albums.public_posts import PublicPost
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory

ADDRESS = "https://www.facebook.com/media/set/?set=a.123"


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def posts(make: Factory, item: Item) -> list[PublicPost]:
    return public_posts.of_item(make.session, item.public_number)


def test_posts_of_an_item_are_told_newest_first_and_once(make: Factory, case: Case) -> None:
    item, other = make.published(case), make.published(case)
    make.posting(item, address=ADDRESS)
    make.now += timedelta(hours=2)
    make.posting(item, other, address="https://x.com/Gendarmerie_035/status/1", network=Network.X)
    make.posting(item, other, address=ADDRESS)
    assert [post.network for post in posts(make, item)] == ["Facebook", "X"]
    assert posts(make, item)[0].address == ADDRESS
    assert len(posts(make, other)) == 2
    assert posts(make, make.published(case)) == []


@pytest.mark.parametrize(
    "address",
    ["", "http://www.facebook.com/1", "https://intranet.example/dossier", "https://faceboook.com/1",
     "https://www.facebook.com@example.fr/1", "https://www.facebook.com:8443/1", "https://www.facebook.com/l.php?u=https://evil.example"],
)  # fmt: skip
def test_no_other_address_is_told(address: str, make: Factory, case: Case) -> None:
    item = make.published(case)
    make.posting(item, address=address)
    assert posts(make, item) == []


def test_what_follows_the_reader_is_not_told(make: Factory, case: Case) -> None:
    item = make.published(case)
    make.posting(item, address=f"{ADDRESS}&fbclid=IwAR0")
    assert [post.address for post in posts(make, item)] == [ADDRESS]


def test_what_is_taken_down_or_withdrawn_is_not_told(make: Factory, case: Case, officer: Officer) -> None:
    down, withdrawn = make.published(case), make.published(case)
    posting = make.posting(down, withdrawn, address=ADDRESS)
    with atomic(make.session) as session:
        postings.tick(session, posting, down.public_number, by=officer, now=make.now)
        publication.withdraw(session, withdrawn, by=None, now=make.now)
    assert posts(make, down) == posts(make, withdrawn) == []
