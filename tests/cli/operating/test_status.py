"""`flask status` and `flask doctor`: numbers as they are, an exit status to go by, and advice for each finding."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import AuditEntry, Item, ItemPhoto, SignatureState, StoreName, SweepReport, Unit
from gallery.services import audit
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore
from tests import factories, pictures

Run = Callable[..., Result]


def status(flask: Run) -> tuple[int, dict[str, object]]:
    result = flask("status", "--json")
    return result.exit_code, json.loads(result.output)


@pytest.fixture
def swept(session: Session) -> None:
    """Both stores were swept just now."""
    with atomic(session):
        for name in StoreName:
            session.add(SweepReport(store=name, at=datetime.now(UTC)))


@pytest.mark.usefixtures("swept")
def test_status_counts_and_is_healthy(flask: Run, make: factories.Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    code, said = status(flask)
    assert (code, said["healthy"], said["troubles"]) == (0, True, [])
    assert said["items"] == {"draft": 0, "published": 1, "returned": 0, "withdrawn": 0}
    assert said["stores"] == {"public": {"ours": True}, "private": {"ours": True}}
    assert flask("status").output.endswith("healthy\n")


@pytest.mark.usefixtures("swept")
def test_photos_that_wait_for_hours_are_a_trouble(
    flask: Run, make: factories.Factory, unit: Unit, session: Session
) -> None:
    make.published(make.case(unit))
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    with atomic(session):
        session.execute(update(ItemPhoto).values(signature_state=SignatureState.DUE, created_at=long_ago))
        session.execute(update(Item).values(updated_at=long_ago))
    code, said = status(flask)
    assert (code, said["troubles"]) == (1, ["queue"])
    assert said["queue"]["oldest_seconds"] >= 3 * 3600 - 5  # type: ignore[index]
    assert "3 h 0 min" in flask("status").output


def test_a_refused_sweep_and_an_old_one_are_a_trouble(flask: Run, session: Session) -> None:
    with atomic(session):
        session.add(SweepReport(store=StoreName.PRIVATE, at=datetime.now(UTC) - timedelta(hours=4)))
    assert status(flask)[1]["troubles"] == ["sweep"]


@pytest.mark.usefixtures("swept")
def test_a_backup_that_is_two_days_old_is_a_trouble(
    flask: Run, session: Session, backup_key: tuple[Path, str], tmp_path: Path
) -> None:
    assert "last backup: none yet" in flask("status").output
    assert flask("backup", tmp_path / "backups", "--to", backup_key[1], "--verify").exit_code == 0
    code, said = status(flask)
    assert (code, said["troubles"]) == (0, [])
    assert said["backup"]["age_seconds"] < 60  # type: ignore[index]
    with atomic(session):
        session.execute(
            update(AuditEntry).where(AuditEntry.action == "back_up").values(at=datetime.now(UTC) - timedelta(hours=51))
        )
    assert status(flask)[1]["troubles"] == ["backup"]
    found = next(each for each in findings(flask)[1].values() if each["part"] == "backups")
    assert (found["level"], found["what"]) == ("fault", "the last whole one is 51 hours old")


@pytest.mark.usefixtures("swept")
def test_how_the_last_restore_test_ended_is_seen_after_the_next_backup(
    flask: Run, session: Session, backup_key: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE", str(tmp_path / "another machine"))
    place = tmp_path / "backups"
    night, test = ("backup", place, "--to", backup_key[1]), ("restore", place, "--test", "--identity")
    flask(*night)
    assert status(flask)[1]["restore_test"] is None
    assert "last restore test: none noted yet" in flask("status").output
    assert flask(*test, backup_key[0]).exit_code == 0
    flask(*night)
    code, said = status(flask)
    assert (code, said["troubles"], said["restore_test"]["passed"]) == (0, [], True)  # type: ignore[index]
    flask("backup-key", tmp_path / "another.key")
    assert flask(*test, tmp_path / "another.key").exit_code == 2
    flask(*night)
    assert status(flask)[1]["troubles"] == ["restore_test"]
    assert "the last test of restoring one failed 0 days ago" in findings(flask)[1]
    assert flask(*test, backup_key[0]).exit_code == 0
    for _ in range(2):
        flask(*night)
        assert status(flask)[1]["troubles"] == []
    noted = select(func.count()).select_from(AuditEntry).where(AuditEntry.subject_kind == audit.RESTORE_TEST)
    assert session.scalar(noted) == 3, "each is noted once"
    with atomic(session):
        old = (
            update(AuditEntry)
            .where(AuditEntry.action == audit.PASSED)
            .values(at=datetime.now(UTC) - timedelta(days=41))
        )
        session.execute(old)
    assert status(flask)[1]["troubles"] == ["restore_test"]
    assert findings(flask)[1]["the last test of restoring one passed 41 days ago"]["level"] == "fault"


def test_a_restore_test_that_can_note_nothing_says_so_and_has_passed(
    flask: Run, backup_key: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GALLERY_INSTANCE", str(tmp_path / "another machine"))
    flask("backup", tmp_path / "backups", "--to", backup_key[1])
    # Where a folder would be.
    (tmp_path / "backups" / "restore-tests").write_bytes(b"")
    tested = flask("restore", tmp_path / "backups", "--test", "--identity", backup_key[0])
    assert (tested.exit_code, "the outcome could not be noted" in tested.output) == (0, True)


def test_status_tells_of_tables_of_another_version(flask: Run, session: Session) -> None:
    known = session.scalar(text("SELECT version_num FROM alembic_version"))
    with atomic(session):
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        code, said = status(flask)
        check = flask("migrate", "--check")
    finally:
        with atomic(session):
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    assert (code, said["troubles"], said["queue"]) == (1, ["schema"], None)
    assert (check.exit_code, check.output.splitlines()[0]) == (1, "0002 is due")
    assert flask("migrate", "--check").exit_code == 0


def findings(flask: Run) -> tuple[int, dict[str, dict[str, str]]]:
    result = flask("doctor", "--json")
    return result.exit_code, {each["what"]: each for each in json.loads(result.output)}


def test_doctor_finds_no_fault_in_a_sound_trial(flask: Run, make: factories.Factory, unit: Unit) -> None:
    make.published(make.case(unit))
    code, found = findings(flask)
    assert code == 0, found
    assert {each["part"] for each in found.values()} >= {
        "settings",
        "permissions",
        "database",
        "clock",
        "keys",
        "stores",
    }
    assert all(each["advice"].endswith(".") for each in found.values() if each["level"] != "ok")


def test_doctor_says_what_to_do_about_each_fault(
    flask: Run, settings: Settings, make: factories.Factory, unit: Unit, session: Session, public: PhotoStore
) -> None:
    make.published(make.case(unit))
    (settings.instance / "secrets" / "signing_key").chmod(0o644)
    public.adopt("another database")
    with atomic(session):
        session.execute(text("UPDATE cases SET sealed = :nothing"), {"nothing": pictures.jpeg(pictures.picture(1))})
    code, found = findings(flask)
    advice = "\n".join(each["advice"] for each in found.values() if each["level"] == "fault")
    assert code == 1
    assert "chmod 600" in advice
    assert "store adopt public" in advice
    assert "Put the former one back" in advice
