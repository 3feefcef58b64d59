from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.errors import AccountNotFound, AccountRefused, AccountTaken, DepartementHasAccounts, FieldInvalid
from gallery.models import Officer, OfficialAccount, Unit
from gallery.services import audit
from gallery.services.people import official_accounts
from gallery.services.people.official_accounts import register
from gallery.services.transaction import atomic
from tests.factories import Factory

FACEBOOK = "https://www.facebook.com/gendarmerie35"


def added(session: Session, unit: Unit, officer: Officer, make: Factory, address: str = FACEBOOK) -> OfficialAccount:
    with atomic(session):
        return official_accounts.add(session, unit, address, by=officer, now=make.now)


def test_it_works(session: Session, unit: Unit, outsider: Officer, make: Factory) -> None:
    added(session, unit, outsider, make, "https://m.facebook.com/gendarmerie35?ref=x")
    (known,) = register(session).units
    (account,) = known.accounts
    assert known.unit.name == unit.name
    assert (account.network.name, account.address, account.shown) == (
        "Facebook", FACEBOOK, "facebook.com/gendarmerie35",
    )  # fmt: skip
    assert (account.checked_by, account.checked_at) == ("Commissariat de Nantes", make.now)


def test_units_are_listed_by_departement_and_units_without_account_are_not(
    session: Session, unit: Unit, officer: Officer, make: Factory
) -> None:
    second = make.unit("GGD01", "Gendarmerie de l’Ain", departement="01")
    make.unit("GGD29", "Gendarmerie du Finistère", departement="29")
    added(session, unit, officer, make)
    added(session, second, officer, make, "https://x.com/gend01")
    added(session, second, officer, make, "https://www.facebook.com/gend01")
    assert [(each.unit.code, len(each.accounts)) for each in register(session).units] == [("GGD01", 2), ("GGD35", 1)]


def test_each_act_is_in_the_journal_of_the_unit(session: Session, unit: Unit, officer: Officer, make: Factory) -> None:
    reference = added(session, unit, officer, make).reference
    with atomic(session):
        official_accounts.check_again(session, reference, by=officer, now=make.now)
        official_accounts.remove(session, reference, by=officer, now=make.now)
    entries = audit.history(session, unit)
    assert [each.action for each in entries] == ["remove_account", "check_account", "add_account", "create"]
    assert {(each.officer, each.details["address"]) for each in entries[:3]} == {(officer, FACEBOOK)}


def test_checking_again_changes_who_and_when(
    session: Session, unit: Unit, officer: Officer, outsider: Officer, make: Factory
) -> None:
    reference = added(session, unit, officer, make).reference
    later = make.now + timedelta(days=90)
    with atomic(session):
        official_accounts.check_again(session, reference, by=outsider, now=later)
    account = register(session).units[0].accounts[0]
    assert (account.checked_by, account.checked_at) == (outsider.unit.name, later)


def test_a_removed_account_is_nowhere(session: Session, unit: Unit, officer: Officer, make: Factory) -> None:
    reference = added(session, unit, officer, make).reference
    with atomic(session):
        official_accounts.remove(session, reference, by=officer, now=make.now)
    assert register(session).units == ()


@pytest.mark.parametrize("address", [FACEBOOK, "https://m.facebook.com/GENDARMERIE35/"])
def test_an_account_belongs_to_one_unit(
    session: Session, unit: Unit, officer: Officer, outsider: Officer, make: Factory, address: str
) -> None:
    added(session, unit, officer, make)
    with pytest.raises(AccountTaken) as taken:
        added(session, outsider.unit, officer, make, address)
    assert taken.value.unit == unit.name


def test_a_dangerous_address_is_refused(session: Session, unit: Unit, officer: Officer, make: Factory) -> None:
    with pytest.raises(AccountRefused):
        added(session, unit, officer, make, "https://faceb00k.com/gendarmerie35")
    assert [each.action for each in audit.history(session, unit)] == ["create"]


@pytest.mark.parametrize("act", [official_accounts.check_again, official_accounts.remove])
def test_an_unknown_account_is_not_found(session: Session, officer: Officer, make: Factory, act: object) -> None:
    with pytest.raises(AccountNotFound), atomic(session):
        act(session, "nowhere", by=officer, now=make.now)  # type: ignore[operator]


def test_a_departement_is_declared_to_have_none(session: Session, officer: Officer, make: Factory) -> None:
    with atomic(session):
        official_accounts.declare_none(session, "48", by=officer, now=make.now)
        official_accounts.declare_none(session, "48", by=officer, now=make.now + timedelta(days=1))
    (declared,) = register(session).accountless
    assert (declared.departement, declared.checked_by) == ("48", officer.unit.name)
    assert declared.checked_at == make.now + timedelta(days=1)
    assert audit.history(session, officer.unit)[0].details == {"departement": "48"}


def test_nothing_is_said_of_a_departement_that_nobody_has_declared(session: Session, unit: Unit) -> None:
    assert register(session).accountless == ()


def test_a_departement_with_an_account_is_not_declared(
    session: Session, unit: Unit, officer: Officer, make: Factory
) -> None:
    added(session, unit, officer, make)
    with pytest.raises(DepartementHasAccounts), atomic(session):
        official_accounts.declare_none(session, "35", by=officer, now=make.now)


def test_an_account_ends_the_declaration_of_its_departement(
    session: Session, unit: Unit, officer: Officer, make: Factory
) -> None:
    with atomic(session):
        official_accounts.declare_none(session, "35", by=officer, now=make.now)
    added(session, unit, officer, make)
    assert register(session).accountless == ()


def test_a_declaration_is_withdrawn(session: Session, officer: Officer, make: Factory) -> None:
    with atomic(session):
        official_accounts.declare_none(session, "48", by=officer, now=make.now)
        official_accounts.withdraw_declaration(session, "48", by=officer, now=make.now)
        official_accounts.withdraw_declaration(session, "48", by=officer, now=make.now)
    assert register(session).accountless == ()
    assert [each.action for each in audit.history(session, officer.unit)] == [
        "withdraw_no_account", "declare_no_account", "create",
    ]  # fmt: skip


def test_what_is_no_departement_is_refused(session: Session, officer: Officer, make: Factory) -> None:
    with pytest.raises(FieldInvalid), atomic(session):
        official_accounts.declare_none(session, "99", by=officer, now=make.now)
