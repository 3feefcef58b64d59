"""Accounts of officers at their limits: links, roles, units, codes, and what of all this is told to whom."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.errors import (
    AccountNotFound,
    AccountTaken,
    AddressInvalid,
    AlreadyTaken,
    ChangedMeanwhile,
    FieldInvalid,
    LinkNotFound,
    NotAllowed,
    UnitNotFound,
)
from gallery.models import AccessLink, Officer, OfficerRole, Unit, UnitKind
from gallery.services import audit, revision
from gallery.services.people import (
    addresses,
    credentials,
    desk_sessions,
    false_accounts,
    officers,
    second_factor,
    sent_forms,
    units,
)
from gallery.services.people.officers import NewRole, WrittenOfficer
from gallery.services.people.units import NewOfficer, NewUnit, WrittenUnit
from gallery.services.transaction import atomic
from tests.factories import Factory

HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def chief(make: Factory, unit: Unit) -> Officer:
    return make.officer(unit, "chef@rennes.example", OfficerRole.ADMINISTRATOR)


def acts(session: Session, subject: Officer | Unit) -> list[str]:
    return [each.action for each in audit.history(session, subject)]


def test_a_link_opens_an_account_once_until_its_hour(
    session: Session, make: Factory, chief: Officer, officer: Officer, unit: Unit
) -> None:
    given, sealer = make.given, make.sealer
    with atomic(session):
        new = NewOfficer(unit, "Morgane@Rennes.example", "Morgane", OfficerRole.AGENT)
        pytest.raises(NotAllowed, officers.invite, session, given, new, valid_for=HOUR, by=officer)
        first = officers.invite(session, given, new, valid_for=HOUR, by=chief)
    invited = officers.by_link(session, first, now=make.now, sealer=sealer)
    assert (invited.email, invited.password, invited.active, invited.created_at) == (
        "morgane@rennes.example", None, True, make.now,
    )  # fmt: skip
    assert len(first) == 32
    assert officers.link_expiry(session, invited, now=make.now + HOUR - INSTANT) == make.now + HOUR
    assert officers.link_expiry(session, invited, now=make.now + HOUR) is None
    assert officers.link_expiry(session, officer, now=make.now) is None
    officers.by_link(session, first, now=make.now + HOUR - INSTANT, sealer=sealer)
    for token, at in ((first, make.now + HOUR), (first + "x", make.now)):
        pytest.raises(LinkNotFound, officers.by_link, session, token, now=at, sealer=sealer)
    with atomic(session):
        pytest.raises(NotAllowed, officers.renew_link, session, given, invited, valid_for=HOUR, by=officer)
        second = officers.renew_link(session, given, invited, valid_for=2 * HOUR, by=chief)
    pytest.raises(LinkNotFound, officers.by_link, session, first, now=make.now, sealer=sealer)
    assert session.scalar(select(func.count(AccessLink.id))) == 1
    with atomic(session):
        invited.active = False
    pytest.raises(LinkNotFound, officers.by_link, session, second, now=make.now, sealer=sealer)
    with atomic(session):
        invited.active = True
        desk_sessions.begin(session, invited, browser="Firefox", now=make.now)
        before = invited.fs_uniquifier
        officers.choose_password(session, second, "hash", now=make.now, sealer=sealer)
    assert (invited.password, invited.fs_uniquifier != before, len(invited.fs_uniquifier)) == ("hash", True, 32)
    limits = desk_sessions.SessionLimits(longest=HOUR, idle=HOUR)
    assert desk_sessions.open_of(session, invited, limits, now=make.now) == []
    pytest.raises(LinkNotFound, officers.by_link, session, second, now=make.now, sealer=sealer)
    assert acts(session, invited) == ["choose_password", "give_link", "create"]
    assert [each.action for each in credentials.unread(session, invited)] == ["choose_password", "give_link"]
    credentials.mark_read(invited)
    assert credentials.unread(session, invited) == []
    assert officers.find_by_session(session, invited.fs_uniquifier) is invited


def test_what_changes_nothing_is_not_noted_and_what_changes_is(
    session: Session, make: Factory, chief: Officer, officer: Officer, outsider: Officer
) -> None:
    now, agent, manager = make.now, OfficerRole.AGENT, OfficerRole.MANAGER
    seen = (officer.name, officer.unit.code)
    with atomic(session):
        officers.set_active(session, officer, is_active=True, by=chief, now=now)
        officers.change_role(session, officer, NewRole(agent, seen=agent), by=chief, now=now)
        officers.edit(session, officer, WrittenOfficer(officer.name, officer.unit, seen), by=chief, now=now)
    assert acts(session, officer) == ["create"]
    with atomic(session):
        before = officer.fs_uniquifier
        officers.change_role(session, officer, NewRole(manager, seen=agent), by=chief, now=now)
        officers.edit(session, officer, WrittenOfficer("Alix", outsider.unit, seen), by=chief, now=now)
    assert (officer.name, officer.unit, officer.fs_uniquifier) == ("Alix", outsider.unit, before)
    assert [each.details for each in audit.history(session, officer)[:2]] == [
        {"fields": ["name", "unit"]}, {"fields": ["role"]},
    ]  # fmt: skip
    written = WrittenOfficer("Sasha", outsider.unit, seen)
    pytest.raises(ChangedMeanwhile, officers.edit, session, officer, written, by=chief, now=now)
    with atomic(session):
        officers.set_active(session, officer, is_active=False, by=chief, now=now)
    assert (officer.fs_uniquifier != before, acts(session, officer)[0]) == (True, "disable")
    with atomic(session):
        officers.set_active(session, officer, is_active=True, by=chief, now=now)
    assert acts(session, officer)[0] == "enable"
    for act in (
        lambda: officers.set_active(session, chief, is_active=False, by=officer, now=now),
        lambda: officers.change_role(session, chief, NewRole(agent, seen=chief.role), by=officer, now=now),
        lambda: officers.edit(session, chief, WrittenOfficer("x", chief.unit, ("", "")), by=officer, now=now),
        lambda: officers.get(session, chief.public_id, by=officer),
    ):
        pytest.raises(NotAllowed, act)


def test_an_officer_reads_the_accounts_of_the_role(
    session: Session, make: Factory, chief: Officer, officer: Officer, outsider: Officer
) -> None:
    officer.name, chief.name, outsider.name = "B", "A", "C"
    session.commit()
    first, last = sorted((officer.unit, outsider.unit), key=lambda each: each.name)
    expected = [chief, officer, outsider] if first is officer.unit else [outsider, chief, officer]
    assert first.name < last.name
    assert officers.visible_to(session, chief) == expected
    pytest.raises(NotAllowed, officers.visible_to, session, officer)
    officer.role = OfficerRole.MANAGER
    assert officers.visible_to(session, officer) == [chief, officer]


def written(**changed: object) -> WrittenUnit:
    return replace(WrittenUnit("Brigade", UnitKind.GENDARMERIE, "0299000000", "a@b.example"), **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "departement", "phone", "error"),
    [
        ("A", "35", "", FieldInvalid),
        ("A" * 33, "35", "", FieldInvalid),
        ("a1", "35", "", FieldInvalid),
        ("AB", "99", "", FieldInvalid),
        ("AB", "35", "17 ou 18", FieldInvalid),
        ("GGD35", "35", "", AlreadyTaken),
        ("AB", "2A", "", None),
        ("A" * 32, "974", "", None),
    ],
)
def test_a_unit_has_a_code_and_a_departement(
    session: Session, make: Factory, unit: Unit, code: str, departement: str, phone: str, error: type[Exception] | None
) -> None:
    def create() -> Unit:
        return units.create_unit(
            session, NewUnit(code, departement, written(public_phone=phone)), by=None, now=make.now
        )

    if error is not None:
        pytest.raises(error, create)
        return
    made = create()
    assert (units.get_by_code(session, code), units.lock_by_code(session, code)) == (made, made)
    assert (made.departement, acts(session, made)) == (departement, ["create"])
    assert units.all_units(session) == sorted((made, unit), key=lambda each: each.name)


def test_a_unit_is_changed_in_what_is_other(session: Session, make: Factory, unit: Unit, officer: Officer) -> None:
    assert units.has_any(session)
    for get in (units.get_by_code, units.lock_by_code):
        pytest.raises(UnitNotFound, get, session, "NOBODY")
    now, same = make.now, WrittenUnit(unit.name, unit.kind, unit.public_phone, unit.public_email, unit.version)
    number = revision.current(session)
    with atomic(session):
        units.edit_unit(session, unit, same, by=officer, now=now)
    assert (acts(session, unit), revision.current(session)) == (["create"], number)
    with atomic(session):
        units.edit_unit(session, unit, replace(same, name="Autre", public_phone="0299000000"), by=officer, now=now)
    assert (unit.name, unit.public_phone, revision.current(session)) == ("Autre", "02 99 00 00 00", number + 1)
    assert audit.history(session, unit)[0].details == {"fields": ["name", "public_phone"]}
    pytest.raises(ChangedMeanwhile, units.edit_unit, session, unit, same, by=officer, now=now)


def test_an_address_has_one_account_in_one_spelling(session: Session, make: Factory, unit: Unit) -> None:
    made = make.officer(unit, "zoe@rennes.example")
    assert addresses.find_officer(session, "zoe@rennes.example") is made
    pytest.raises(AlreadyTaken, make.officer, unit, "ZOE@Rennes.example")
    assert addresses.normalised(f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 57}.example")[-8:] == ".example"
    for text in ("zoe", f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"):
        pytest.raises(AddressInvalid, addresses.normalised, text)


def test_what_an_officer_changes_is_told(session: Session, make: Factory, officer: Officer) -> None:
    changes: list[tuple[dict[str, object], list[str]]] = [
        ({"password": "x"}, ["change_password"]),
        ({"tf_totp_secret": "s"}, ["second_factor_on"]),
        ({"tf_totp_secret": None}, ["second_factor_off"]),
        ({"mf_recovery_codes": ["a"]}, ["new_recovery_codes"]),
        ({"mf_recovery_codes": []}, []),
        ({"language": "en"}, []),
    ]
    for place, (values, told) in enumerate(changes):
        with atomic(session):
            credentials.change(session, officer, values, now=make.now + place * HOUR)
            for name, value in values.items():
                assert getattr(officer, name) == value
        assert [each.action for each in credentials.unread(session, officer)][: len(told)] == told
    # Unread since the first of them.
    assert (len(credentials.unread(session, officer)), officer.changes_unread_since) == (4, make.now)


def _place_of(code: str, kept: Sequence[str]) -> int | None:
    return list(kept).index(code) if code in kept else None


def test_each_code_is_taken_once(session: Session, officer: Officer) -> None:
    with atomic(session):
        assert [second_factor.take_code(session, officer, each) for each in (5, 5, 4, 6)] == [True, False, False, True]
        session.refresh(officer)
        assert officer.tf_last_counter == 6
        officer.mf_recovery_codes = ["a", "b", "c"]
    taken = []
    for code in "bbx":
        with atomic(session):
            find = partial(_place_of, code)
            taken.append(second_factor.take_recovery_code(session, officer, find))
    assert (taken, officer.mf_recovery_codes) == ([True, False, False], ["a", "c"])


def test_a_form_sent_again_makes_nothing_more(
    session: Session, make: Factory, officer: Officer, colleague: Officer
) -> None:
    with atomic(session):
        assert sent_forms.made_by(session, "d", by=officer) is None
        sent_forms.keep(session, "d", "35-AAAA-A", by=officer, now=make.now)
    with atomic(session):
        assert sent_forms.made_by(session, "d", by=officer) == "35-AAAA-A"
        assert sent_forms.made_by(session, "e", by=officer) is None
        assert sent_forms.made_by(session, "d", by=colleague) is None
        sent_forms.forget_old(session, older_than=make.now)
        assert sent_forms.made_by(session, "d", by=officer) == "35-AAAA-A"
        sent_forms.forget_old(session, older_than=make.now + INSTANT)
        assert sent_forms.made_by(session, "d", by=officer) is None


def test_a_false_account_is_told_of_until_it_is_withdrawn_or_official(
    session: Session, make: Factory, officer: Officer
) -> None:
    first, second = "https://x.com/faux35", "https://x.com/Faux36"
    number = revision.current(session)
    with atomic(session):
        false_accounts.add(session, make.given, first, "vu hier", by=officer)
        false_accounts.add(session, make.at(make.now + HOUR), second, "", by=officer)
    assert revision.current(session) == number + 2
    noted = false_accounts.all_noted(session, sealer=make.sealer)
    assert [(each.account.address.casefold(), each.note, each.reported_at) for each in noted] == [
        (second.casefold(), "", make.now + HOUR), (first, "vu hier", make.now),
    ]  # fmt: skip
    with pytest.raises(AccountTaken) as taken:
        false_accounts.add(session, make.given, first.upper().replace("HTTPS", "https"), "", by=officer)
    assert taken.value.unit == ""
    assert false_accounts.is_any_false(session, ["https://x.com/other", second.upper()])
    assert not false_accounts.is_any_false(session, ["https://x.com/other"])
    pytest.raises(AccountNotFound, false_accounts.withdraw, session, "x", by=officer, now=make.now)
    with atomic(session):
        false_accounts.withdraw(session, noted[1].reference, by=officer, now=make.now)
    assert (false_accounts.is_any_false(session, [first]), revision.current(session)) == (False, number + 3)
    with atomic(session):
        false_accounts.forget(session, second.upper())
    assert false_accounts.all_noted(session, sealer=make.sealer) == []
    assert acts(session, officer.unit)[:3] == ["unreport_account", "report_account", "report_account"]
