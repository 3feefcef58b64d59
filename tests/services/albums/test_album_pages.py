import pytest
from sqlalchemy.orm import Session

from gallery.errors import AlbumNoLongerPublic, AlbumNotFound
from gallery.models import Case, Item, Network, Officer, Posting, Unit
from gallery.services.albums import postings, public_page
from gallery.services.facebook import outbox
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory

CODE, OTHER = "abcdefghjk", "zyxwvutsrq"


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def exported(make: Factory, unit: Unit, *items: Item, code: str = CODE, network: Network = Network.FACEBOOK) -> Posting:
    numbers = [item.public_number for item in items]
    with atomic(make.session):
        return postings.record(
            make.session,
            unit,
            postings.ExportedAlbum(numbers=numbers, network=network, title="PLANTED", code=code),
            by=None,
            now=make.now,
        )


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


def numbers_of(session: Session, code: str = CODE) -> list[str]:
    return [item.public_number for item in public_page.get(session, code).items]


def test_a_page_has_the_items_in_the_order_of_the_album(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    one, two = make.published(case), make.published(case)
    exported(make, unit, two, one)
    album = public_page.get(session, CODE)
    assert [item.public_number for item in album.items] == [two.public_number, one.public_number]
    assert album.unit.name == unit.name


def test_what_is_withdrawn_is_left_out(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    one, two = make.published(case), make.published(case)
    exported(make, unit, one, two)
    withdraw(make, one)
    assert numbers_of(session) == [two.public_number]


def test_an_album_of_which_nothing_is_left_is_gone(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    item = make.published(case)
    exported(make, unit, item)
    withdraw(make, item)
    with pytest.raises(AlbumNoLongerPublic):
        public_page.get(session, CODE)


@pytest.mark.parametrize("code", [OTHER, "", "x", "a' or 1=1"])
def test_an_unknown_code_has_no_album(session: Session, code: str) -> None:
    with pytest.raises(AlbumNotFound):
        public_page.get(session, code)


def test_one_text_for_two_networks_is_one_page(make: Factory, session: Session, unit: Unit, case: Case) -> None:
    one, two = make.published(case), make.published(case)
    exported(make, unit, one, two)
    exported(make, unit, two, network=Network.X)
    assert numbers_of(session) == [two.public_number, one.public_number]


def test_an_album_exported_twice_within_the_hour_keeps_both_its_pages(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    item = make.published(case)
    assert exported(make, unit, item) is exported(make, unit, item, code=OTHER)
    assert numbers_of(session) == numbers_of(session, OTHER) == [item.public_number]


def test_an_export_that_never_went_online_has_no_page_any_more(
    make: Factory, session: Session, unit: Unit, case: Case
) -> None:
    posting = exported(make, unit, make.published(case))
    with atomic(session):
        outbox.forget(session, posting)
    with pytest.raises(AlbumNotFound):
        public_page.get(session, CODE)


def test_nobody_adds_to_another_units_page(
    make: Factory, session: Session, unit: Unit, case: Case, outsider: Officer
) -> None:
    exported(make, unit, make.published(case))
    assert public_page.own_code(session, CODE, unit) == CODE
    assert public_page.own_code(session, CODE, outsider.unit) != CODE
    assert public_page.own_code(session, OTHER, outsider.unit) == OTHER


@pytest.mark.parametrize("text", ["", "ABCDEFGHJK", "abcdefghj0", "abcdefghjkl", "../../aaaa"])
def test_what_is_no_code_is_replaced_by_one(session: Session, unit: Unit, text: str) -> None:
    assert public_page.CODE.fullmatch(public_page.own_code(session, text, unit))
