"""What an inspection finds: each part of an installation that is not as it should be, and what to do about it."""

import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import rules
from gallery.models import (
    DeclarationKey,
    InboxDrop,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services.operating import inspection, machine
from gallery.services.operating.diagnoses import Diagnosis, Level
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from tests.factories import Factory
from tests.victim import ALERTS
from tests.waiting import free_port


def levels(found: Iterable[Diagnosis]) -> list[tuple[str, str]]:
    return [(each.part, each.level.value) for each in found]


def whats(found: Iterable[Diagnosis]) -> list[str]:
    return [each.what for each in found]


def test_a_clock_five_minutes_off_is_a_fault_where_the_database_has_its_own(
    make: Factory, sessions: sessionmaker[Session], database_address: str
) -> None:
    given = make.resources(sessions, now=lambda: datetime.now(UTC) + timedelta(minutes=5))
    (clock,) = (each for each in inspection.of_database(given) if each.part == "clock")
    assert clock.level is (Level.OK if database_address.startswith("sqlite") else Level.FAULT)


def test_servers_that_do_not_answer_are_faults(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)
    nobody = free_port()
    settings = replace(
        given.settings,
        redis_url=f"redis://127.0.0.1:{nobody}/0",
        public_address="https://objets.example",
        **ALERTS,
        smtp_host="127.0.0.1",
        smtp_port=nobody,
        smtp_security="none",
        mail_sender="objets@retrouves.example",
    )
    given = replace(given, settings=settings)
    found = [*inspection.of_limits(given), *inspection.of_mail(given)]
    assert [(each.part, each.level) for each in found] == [("limits", Level.FAULT), ("mail", Level.FAULT)]


def test_an_instance_that_can_not_be_written_is_a_fault(
    make: Factory, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make.resources(sessions)
    given.settings.instance.mkdir(parents=True, exist_ok=True)
    given.settings.instance.chmod(0o700)

    def found(allowed: int) -> list[Level]:
        monkeypatch.setattr(machine.os, "access", lambda _path, asked: asked & allowed == asked and asked > 0)
        return [each.level for each in machine.permissions(given)]

    assert Level.FAULT not in found(os.W_OK | os.X_OK)
    assert [found(each) for each in (os.W_OK, os.X_OK, 0)] == [[Level.FAULT]] * 3


def test_settings_that_are_allowed_and_not_right_are_named(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)

    def found(**changed: object) -> list[str]:
        told = dict.fromkeys(rules.LEGAL_FIELDS, "x")
        given_ones = {
            "production": True, "trusted_proxies": 1, "redis_url": "redis://x", "second_factor_for": "all",
            "sends_mail": True, "security_contact": "mailto:securite@rennes.example",
        }  # fmt: skip
        settings = SimpleNamespace(**told | given_ones | changed)
        return whats(inspection.of_settings(replace(given, settings=settings)))  # type: ignore[arg-type]

    assert found() == ["made for production"]
    assert found(production=False, trusted_proxies=0) == ["production is off: a trial"]
    assert found(dpo_contact="", operator_name="") == ["legal pages lack operator_name, dpo_contact"]
    assert found(trusted_proxies=0, redis_url="") == ["trusted_proxies is 0", "redis_url is empty"]
    assert found(security_contact="") == ["security_contact is empty"]
    assert found(second_factor_for="none", sends_mail=False) == [
        "nobody needs a second factor", "no mail is sent to victims",
    ]  # fmt: skip
    assert whats([*inspection.of_limits(given), *inspection.of_mail(given)]) == [
        "counted in each process",
        "none is sent",
    ]


def test_tables_of_another_version_are_a_fault(
    make: Factory, sessions: sessionmaker[Session], session: Session
) -> None:
    given = make.resources(sessions)
    known = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.rollback()
    found, *_ = inspection.of_database(given)
    assert (found.level, found.what) == (Level.OK, f"answers; schema {known}, program {known}")
    try:
        with atomic(session):
            session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        older, *_ = inspection.of_database(given)
    finally:
        with atomic(session):
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert (older.level, older.advice) == (Level.FAULT, inspection.MIGRATE)


def test_keys_and_inbox_are_looked_into(
    make: Factory, sessions: sessionmaker[Session], session: Session, unit: Unit
) -> None:
    given = make.resources(sessions)
    assert whats(inspection.of_keys(given)) == ["nothing is sealed yet"]
    assert whats(inspection.of_inbox(given)) == ["nothing lies there that could not be filed"]
    make.case(unit)
    assert whats(inspection.of_keys(given)) == ["sealing_identity opens what is sealed"]
    with atomic(session):
        session.add(DeclarationKey(id=1, recipient="age1another"))
        session.add(InboxDrop(receipt="a" * 32, sealed=b"", received_at=make.now, attempts=5, unreadable_at=make.now))
        session.add(InboxDrop(receipt="b" * 32, sealed=b"", received_at=make.now, attempts=5))
        session.add(InboxDrop(receipt="c" * 32, sealed=b"", received_at=make.now, attempts=4))
    assert levels(inspection.of_keys(given)) == [("keys", "warning")]
    unread, unfiled = inspection.of_inbox(given)
    assert unread.what == "1 drops of victims are opened by no key"
    ends = (make.now + timedelta(days=given.settings.unreadable_drop_days)).date()
    assert unread.advice.endswith(f"erased from {ends} on.")
    assert unfiled.what == "1 drops of victims could not be filed"
    with atomic(session):
        session.get_one(DeclarationKey, 1).recipient = make.sealer.recipient
    assert levels(inspection.of_keys(given)) == [("keys", "ok")]


def test_a_damaged_case_is_told_from_a_wrong_key(
    make: Factory, sessions: sessionmaker[Session], session: Session, unit: Unit
) -> None:
    given = make.resources(sessions)
    _, newest = make.case(unit), make.case(unit)
    with atomic(session):
        newest.sealed = b"damaged"
    assert whats(inspection.of_keys(given)) == [
        "1 of the newest cases can't be opened",
        "sealing_identity opens what is sealed",
    ]
    wrong = replace(given, sealer=Sealer(str(pyrage.x25519.Identity.generate())))
    assert [(each.level, each.what) for each in inspection.of_keys(wrong)] == [
        (Level.FAULT, "sealing_identity opens none of the newest cases")
    ]


def test_stores_of_another_database_and_broken_ones_are_faults(
    make: Factory, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    given = make.resources(sessions)
    assert levels(inspection.of_stores(given)) == [("stores", "ok")] * 2
    make.public.adopt("another database")
    folder = tmp_path / "store"
    given = replace(given, private_store=PhotoStore(str(folder)))
    folder.rmdir()
    folder.touch()
    other, broken = inspection.of_stores(given)
    assert (other.level, broken.level) == (Level.FAULT, Level.FAULT)
    assert "store adopt public" in other.advice
    assert broken.what.startswith("the private store: ")


def test_what_others_can_read_is_a_fault(make: Factory, sessions: sessionmaker[Session]) -> None:
    given = make.resources(sessions)
    instance = given.settings.instance
    secret = instance / "secrets" / "secret_key"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.touch()
    for path, mode in ((instance, 0o700), (secret.parent, 0o700), *((each, 0o600) for each in secret.parent.iterdir())):
        path.chmod(mode)
    assert levels(machine.permissions(given)) == [("permissions", "ok")]
    secret.chmod(0o640)
    assert [(each.what, each.advice) for each in machine.permissions(given)] == [
        (f"{secret} can be read by others", f"Run `chmod 600 {secret}`.")
    ]
    secret.parent.chmod(0o701)
    assert f"Run `chmod 700 {secret.parent}`." in [each.advice for each in machine.permissions(given)]
    instance.chmod(0o702)
    assert f"{instance} can be written by everybody" in whats(machine.permissions(given))


def test_room_that_ends_soon_is_a_warning(
    make: Factory, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make.resources(sessions)
    least = given.settings.least_free_bytes

    def found(free: int) -> set[str]:
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
        diagnoses = list(machine.room(given))
        assert len(diagnoses) == 4, "instance, both stores, temporary files"
        assert all(f"{free / 1e9:.1f} GB free" in each.what for each in diagnoses)
        return {each.level.value for each in diagnoses}

    assert [found(each) for each in (least - 1, least, 4 * least - 1, 4 * least)] == [
        {"fault"}, {"warning"}, {"warning"}, {"ok"},
    ]  # fmt: skip

    def gone(_folder: Path) -> None:
        raise FileNotFoundError(2, "No such file")

    monkeypatch.setattr(machine.shutil, "disk_usage", gone)
    assert {each.level for each in machine.room(given)} == {Level.FAULT}


def test_room_is_looked_at_where_the_snapshot_will_lie(
    make: Factory, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    given = make.resources(sessions)
    (tmp_path / "elsewhere").mkdir()
    there = replace(given, settings=replace(given.settings, snapshot_folder=str(tmp_path / "elsewhere" / "catalogue")))
    assert [each for each in machine.room(there) if f"{tmp_path / 'elsewhere'}:" in each.what]
    by_database = replace(there, settings=replace(there.settings, catalogue="pgvector"))
    assert not [each for each in machine.room(by_database) if "elsewhere" in each.what]


def test_versions_are_those_that_were_tested(
    make: Factory, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make.resources(sessions)
    pinned = tmp_path / "requirements.txt"
    monkeypatch.setattr(machine, "PINNED", pinned)
    for python, is_known in ((("3", "10"), False), (("3", "11"), True), (("3", "13"), True), (("3", "14"), False)):
        monkeypatch.setattr(machine.platform, "python_version_tuple", lambda python=python: (*python, "0"))
        assert levels(machine.versions(given)) == [("versions", "fault")] * (not is_known) + [("versions", "ok")]
    installed = machine.metadata.version("flask")
    pinned.write_text(f"flask[async]=={installed} \\\nno-such-library==1.0 \\\nclick==0.1 \\\n")
    monkeypatch.setattr(machine.platform, "python_version_tuple", lambda: ("3", "12", "0"))
    (diagnosis,) = machine.versions(given)
    known = machine.metadata.version("click")
    assert diagnosis.level is Level.WARNING
    assert diagnosis.what.endswith(f": click {known} (0.1), no-such-library (1.0)")
