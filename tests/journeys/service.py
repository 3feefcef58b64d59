"""The whole program, started with its own commands as its operator would, in an instance folder of its own."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.waiting import LONG_PATIENCE, PATIENCE, free_port, wait_until

ROOT = Path(__file__).parents[2]
EMAIL = "camille@rennes.example"
# Settings of an instance that takes declarations and claims, from a test as often as it likes.
FOR_VICTIMS = """declarations_legal_act = "PLAN-1"
declarations_impact_assessment = "2026-11-29"
claims_legal_act = "PLAN-2"
claims_impact_assessment = "2026-11-29"
declaration_rate = "1000 per minute"
claim_rate = "1000 per minute"
declaration_overall_rate = "10000 per minute"
claim_overall_rate = "10000 per minute"
"""
# Linux asks the service to end, with its children, when the tests' process has gone without a word.
WITH_ITS_PARENT = ("setpriv", "--pdeathsig", "TERM") if sys.platform == "linux" and shutil.which("setpriv") else ()


@dataclass(frozen=True)
class Service:
    """A running service. address: without a final slash; email, password: an officer's."""

    address: str
    email: str
    password: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Press Ctrl-C, and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it and all that it has started at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


def flask(instance: Path, *arguments: str) -> str:
    """Run a command of the program and return what it printed."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi:app", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(instance), capture_output=True, text=True, check=False, timeout=LONG_PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(instance: Path, **more: str) -> dict[str, str]:
    """What the program is given: its folder, and of this process the path only."""
    given = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "GALLERY_INSTANCE": str(instance)}
    rates = {"GALLERY_SEARCH_RATE": "1000 per minute", "GALLERY_SIGN_IN_RATE": "1000 per minute"}
    # By the clock: a photo that a slow machine decodes for eight seconds is no attack.
    return given | rates | {"GALLERY_ENCODER": "", "GALLERY_MAX_DECODE_SECONDS": "60"} | more


def start(instance: Path, *, with_unit: bool, encoder: str = "", port: int = 0, **settings: str) -> Service:
    """Start the service, on a free port unless one is given.

    with_unit: with one unit and one officer instead of the demo's data. settings: by the names of the environment.
    """
    password = ""
    if with_unit:
        made, password = _with_unit()
        shutil.copytree(made, instance, dirs_exist_ok=True)
    port = port or free_port()
    process = subprocess.Popen(
        [*WITH_ITS_PARENT, sys.executable, "-m", "flask", "--app", "wsgi:app", "serve"],
        cwd=ROOT,
        env=environment(instance, PORT=str(port), GALLERY_ENCODER=encoder, **settings),
        start_new_session=True,
        text=True,
    )
    service = Service(f"http://127.0.0.1:{port}", EMAIL, password, process)
    try:
        wait_until(lambda: answers(f"{service.address}/vivant", process), "the service", seconds=LONG_PATIENCE)
    except AssertionError:
        process.kill()
        raise
    return service


@cache
def _with_unit() -> tuple[Path, str]:
    """The folder of an instance with one unit and one administrator, made once in a process; and the password."""
    folder = tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    atexit.register(folder.cleanup)
    instance = Path(folder.name)
    make_tables(instance)
    flask(instance, "create-unit", "BTA35", "--name", "Gendarmerie d’Ille-et-Vilaine", "--departement", "35",
          "--phone", "02 61 91 00 35")  # fmt: skip
    printed = flask(instance, "create-officer", EMAIL, "--unit", "BTA35", "--name", "Camille Le Goff",
                    "--role", "administrator")  # fmt: skip
    return instance, re.findall(r"once: (\S+)", printed)[0]


def make_tables(instance: Path) -> None:
    """Do what `flask migrate` does in an instance that has nothing yet: it is run once in a process, and copied."""
    shutil.copytree(_migrated(), instance, dirs_exist_ok=True)


@cache
def _migrated() -> Path:
    folder = tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    atexit.register(folder.cleanup)
    flask(Path(folder.name), "migrate")
    return Path(folder.name)


def answers(address: str, process: "subprocess.Popen[Any]", *, host: str = "") -> bool:
    """Whether a server answers by now; fails when its process has ended."""
    assert process.poll() is None, f"the server of {address} ended before it answered"
    try:
        asked = urllib.request.Request(address, headers={"Host": host} if host else {})
        with urllib.request.urlopen(asked, timeout=5):
            return True
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
