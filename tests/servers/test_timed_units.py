"""What the timers start, run as it stands: the nightly backup, and the monthly test of its restoration."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.journeys.service import environment, make_tables
from tests.servers.running import ROOT, command_of
from tests.waiting import LONG_PATIENCE

pytestmark = pytest.mark.slow


def run(unit: str, instance: Path, places: dict[str, str], **more: str) -> str:
    """Run a unit's command with these folders in place of its variables; returns what it printed."""
    command = command_of(unit)
    for name, place in places.items():
        command = [each.replace(f"${{{name}}}", place) for each in command]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(instance, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG_PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_backup_is_made_and_its_restoration_tested(tmp_path: Path) -> None:
    instance, key = tmp_path / "instance", tmp_path / "backups.key"
    make_tables(instance)
    made = subprocess.run(
        [*command_of("backup")[:4], "wsgi:setup", "backup-key", str(key)],
        cwd=ROOT,
        env=environment(instance),
        capture_output=True,
        text=True,
        check=True,
        timeout=LONG_PATIENCE,
    )
    places = {"BACKUP_DESTINATION": str(tmp_path / "backups"), "CREDENTIALS_DIRECTORY": str(tmp_path)}
    recipient = re.findall(r"age1\w+", made.stdout)[0]
    told = run("backup", instance, places, GALLERY_BACKUP_RECIPIENTS=recipient)
    assert "objects read back" in told
    # On another machine, without anything of the first but the backups and their key.
    assert "can be restored" in run("restore-test", tmp_path / "elsewhere", places)
