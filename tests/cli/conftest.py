"""The commands, in this process and in one of their own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from gallery.cli import reindexing
from gallery.cli.imports import run
from gallery.config import Settings
from gallery.models import Item, Unit
from tests import pictures
from tests.factories import Factory
from tests.waiting import LONG_PATIENCE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def flask(backoffice_app: Flask) -> Callable[..., Result]:
    """Run a command in this process: flask("create-unit", "GGD35", ...)."""

    def run(*arguments: object, **options: object) -> Result:
        return backoffice_app.test_cli_runner().invoke(
            args=[str(each) for each in arguments], catch_exceptions=False, **options
        )

    return run


@pytest.fixture
def spawn(settings: Settings) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command as a shell does, with the test's instance: spawn("worker"). before: Python to be run first."""
    started: list[subprocess.Popen[str]] = []

    def start(
        *arguments: object, app: str = "wsgi:backoffice", before: str = "", **environ: str
    ) -> subprocess.Popen[str]:
        given = {
            "GALLERY_INSTANCE": str(settings.instance),
            "GALLERY_DATABASE_URL": settings.database_url,
            "GALLERY_PASSWORD_SALT": settings.password_salt,
            "GALLERY_ENCODER": settings.encoder,
            "PATH": "/usr/bin:/bin",
        }
        program = ("-c", f"{before}\nfrom flask.cli import main\nmain()") if before else ("-m", "flask")
        process = subprocess.Popen(
            [sys.executable, *program, "--app", app, *map(str, arguments)],
            cwd=ROOT,
            env=given | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(LONG_PATIENCE)
        process.stdout.close()


@pytest.fixture
def without_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command does here what its pool's processes do, for tests of what comes of it: starting them takes seconds."""
    for module in (run, reindexing):
        monkeypatch.setattr(module, "in_processes", map)


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    """Published, beside a draft: what is backed up."""
    case = make.case(unit)
    make.item(case, with_photos=1)
    return make.published(case, pictures.jpeg(pictures.picture(77, kind="ring")))


@pytest.fixture
def backup_key(flask: Callable[..., Result], tmp_path: Path) -> tuple[Path, str]:
    """The file of an operator's key, and its public half."""
    file = tmp_path / "key of backups"
    made = flask("backup-key", file)
    assert (made.exit_code, file.stat().st_mode & 0o077) == (0, 0)
    return file, made.output.strip()
