"""A backup that fails, or can't be restored, is mailed to somebody: units that nobody watches."""

import os
import re
import shlex
import subprocess

import pytest

from tests.deployment.deployed import TIMED
from tests.parts import smtp_server
from tests.servers.running import DEPLOY, text_of
from tests.waiting import LONG_PATIENCE, free_port

UNIT = "gallery-restore-test.service"


def tell(server: str) -> "subprocess.CompletedProcess[str]":
    """Run what the unit runs once the test of the restoration has failed."""
    started = re.findall(r"^ExecStart=(.+)$", text_of(f"failed@{UNIT}"), re.MULTILINE)[0]
    script, *arguments = shlex.split(started)
    given = {"FAILED_MAIL_SERVER": server, "FAILED_MAIL_FROM": "server@x.example", "FAILED_MAIL_TO": "call@x.example"}
    command = [script.replace("/opt/gallery/deploy", str(DEPLOY)), *arguments]
    surroundings = {"PATH": os.environ["PATH"]} | given
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE)


@pytest.mark.parametrize("unit", TIMED)
def test_a_unit_that_a_timer_starts_tells_of_its_failure(unit: str) -> None:
    assert re.findall(r"^OnFailure=(.+)$", text_of(unit), re.MULTILINE) == ["gallery-failed@%n.service"]


def test_the_mail_arrives_and_names_the_unit() -> None:
    with smtp_server.running() as mailbox:
        done = tell(f"smtp://127.0.0.1:{mailbox.port}")
    assert done.returncode == 0, done.stderr
    (mail,) = mailbox.mails
    assert mail["Subject"].startswith(f"{UNIT} has failed on ")
    assert (mail["To"], f"journalctl -u {UNIT}" in mailbox.last) == ("call@x.example", True)


def test_a_mail_that_nobody_takes_is_a_failure_too() -> None:
    assert tell(f"smtp://127.0.0.1:{free_port()}").returncode != 0
