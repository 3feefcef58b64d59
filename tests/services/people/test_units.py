from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.errors import LastAdministrator, OfficerNotFound, UnitUnreachable
from gallery.models import Item, Officer, OfficerRole, SignatureState, Unit
from gallery.services.gallery import public_items
from gallery.services.items import failed, signatures
from gallery.services.people import officers, units
from gallery.services.transaction import atomic
from tests.factories import Factory


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit))


def change(session: Session, unit: Unit, officer: Officer, now: datetime, **values: str) -> None:
    kept = {"name": unit.name, "public_phone": unit.public_phone, "public_email": unit.public_email}
    with atomic(session):
        units.edit_unit(
            session,
            unit,
            units.WrittenUnit(kind=unit.kind, version=unit.version, **{**kept, **values}),
            by=officer,
            now=now,
        )


def test_a_unit_that_shows_items_stays_reachable(
    session: Session, item: Item, unit: Unit, officer: Officer, now: datetime
) -> None:
    change(session, unit, officer, now, public_phone="")
    with pytest.raises(UnitUnreachable):
        change(session, unit, officer, now, public_email="")
    assert [each.code for each in public_items.units(session, [unit.code])] == [unit.code]


def test_a_unit_that_shows_nothing_may_be_silent(session: Session, unit: Unit, officer: Officer, now: datetime) -> None:
    change(session, unit, officer, now, public_phone="", public_email="")
    assert (unit.public_phone, unit.public_email) == ("", "")


def test_an_account_is_closed_and_opened_again(session: Session, make: Factory, unit: Unit, now: datetime) -> None:
    administrator = make.officer(unit, "chef@rennes.example", OfficerRole.ADMINISTRATOR)
    one, other = (make.officer(unit, f"{name}@rennes.example") for name in ("alix", "sasha"))
    assert officers.get(session, one.public_id, by=administrator) is one
    with pytest.raises(OfficerNotFound):
        officers.get(session, "nobody", by=administrator)
    for is_active in (False, True):
        with atomic(session):
            officers.set_active(session, one, is_active=is_active, by=administrator, now=now)
        assert (one.active, other.active) == (is_active, True)


def test_agents_do_not_stand_in_for_the_last_administrator(
    session: Session, make: Factory, unit: Unit, officer: Officer, now: datetime
) -> None:
    one, other = (make.officer(unit, f"{name}@rennes.example", OfficerRole.ADMINISTRATOR) for name in ("un", "deux"))
    with atomic(session):
        officers.set_active(session, other, is_active=False, by=one, now=now)
    with pytest.raises(LastAdministrator), atomic(session):
        officers.set_active(session, one, is_active=False, by=one, now=now)


def test_photos_that_could_not_be_described_are_counted_and_named(
    session: Session, make: Factory, item: Item, unit: Unit, officer: Officer, now: datetime
) -> None:
    elsewhere = make.unit("CPN44", "Commissariat de Nantes", departement="44")
    assert failed.count(session) == 0
    assert signatures.count_outdated(session) == 0
    assert signatures.outdated(session, 0, 10) == []
    (photo,) = item.photos
    with atomic(session):
        photo.signature_state = SignatureState.FAILED
        if photo.signature is not None:
            photo.signature.version = "0-older"
    assert (failed.count(session, unit), failed.count(session, elsewhere), failed.count(session)) == (1, 0, 1)
    assert failed.names_of(session, [photo.id]) == {photo.id: f"{item.public_number}, photo 1"}
    assert [due.photo_id for due in failed.after(session, 0, 10)] == [photo.id]
    assert failed.after(session, photo.id, 10) == []
    assert signatures.count_outdated(session) == 1
    assert [due.photo_id for due in signatures.outdated(session, 0, 10)] == [photo.id]
    with atomic(session):
        assert failed.try_again(session, unit, by=officer, now=now) == 1
    assert failed.count(session) == 0
