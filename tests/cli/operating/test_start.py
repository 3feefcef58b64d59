"""Starting in the wrong place or with wrong settings: a sentence, and nothing made."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gallery.config import load_settings
from tests.waiting import LONG_PATIENCE

ROOT = Path(__file__).parents[3]
FLASK = ("-m", "flask", "--app", "wsgi:backoffice")


def run(instance: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "GALLERY_INSTANCE": str(instance), "GALLERY_ENCODER": ""} | environ
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("album", "--help"), ("sweep",), ("secrets", "--help"), ("routes",)],
    ids=" ".join,
)
def test_a_command_in_the_wrong_place_makes_nothing_there(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path / "nowhere", *FLASK, *arguments)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
    is_help = "--help" in arguments
    assert ("Setting refused: instance" in done.stderr) != is_help
    assert ("--help" in done.stdout) == is_help
    assert done.returncode == (0 if is_help else 2)


def test_a_service_has_no_server_for_development(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    service = {"GALLERY_PRODUCTION": "true", "GALLERY_PUBLIC_ADDRESS": "https://objets.example"}
    shown, refused = (run(tmp_path, *FLASK, each, **service) for each in ("--help", "run"))
    listed = {line.split()[0] for line in shown.stdout.partition("Commands:")[2].splitlines() if line.strip()}
    assert "migrate" in listed
    assert not {"run", "shell", "routes"} & listed
    assert (refused.returncode, "served by gunicorn" in refused.stderr) == (2, True)


def test_the_first_command_of_a_machine_makes_what_it_needs(tmp_path: Path) -> None:
    assert run(tmp_path / "new", *FLASK, "migrate").returncode == 0
    assert {each.name for each in (tmp_path / "new").iterdir()} >= {"secrets", "gallery.sqlite3"}


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("GALLERY_PRODUTION", "true", "GALLERY_PRODUCTION is meant?"),
        ("GALLERY_DATABASE_URL", "mysql://localhost/x", "database_url: must begin with postgresql://"),
        ("GALLERY_PUBLIC_STORE", "s3:/bucket", "public_store: must be a folder or s3://"),
        ("GALLERY_PRIVATE_STORE", "/proc/photos", "private_store: /proc/photos can't be used"),
    ],
)  # fmt: skip
def test_a_server_refuses_a_wrong_setting_in_one_line(tmp_path: Path, variable: str, value: str, said: str) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    done = run(tmp_path, "-c", "import wsgi; wsgi.backoffice", **{variable: value})
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Setting refused: ")
    assert said in lines[0]
    assert done.returncode == 4


def test_gunicorn_ends_with_the_sentence(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    server = ("-m", "gunicorn", "wsgi:public", "--bind", "127.0.0.1:0", "--no-control-socket")
    done = run(tmp_path, *server, GALLERY_PAGE_SIZE="0")
    assert "Setting refused: page_size: must be between 1 and 200" in done.stderr
    assert done.returncode == 4


def test_a_command_before_the_first_migration_says_what_to_run(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    done = run(tmp_path, *FLASK, "import", str(tmp_path), "--unit", "GGD35")
    assert "the database has no tables yet: run `flask --app wsgi:backoffice migrate`" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


def test_a_command_says_that_the_database_does_not_answer(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    done = run(tmp_path, *FLASK, "sweep", GALLERY_DATABASE_URL="postgresql://gallery@127.0.0.1:1/gallery")
    assert "the database does not answer: " in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.returncode == 2


@contextmanager
def worker_of(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The background process; it ends with the block, whatever the test finds."""
    command = [sys.executable, *FLASK, "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def test_a_worker_waits_for_its_database_longer_each_time(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    address = {"GALLERY_DATABASE_URL": "postgresql://gallery@127.0.0.1:1/gallery"}
    environ = {"PATH": os.environ["PATH"], "GALLERY_INSTANCE": str(tmp_path)} | address
    with worker_of(environ) as worker:
        lines = [worker.stderr.readline() for _ in range(3)]
        worker.terminate()
        said = "".join(lines) + worker.communicate(timeout=LONG_PATIENCE)[1]
    assert worker.returncode == 0
    assert [line.split("next try in ")[1].strip() for line in lines] == ["1 s", "2 s", "4 s"]
    assert "Traceback" not in said


def test_a_worker_waits_for_the_migration(tmp_path: Path) -> None:
    load_settings(environ={"GALLERY_INSTANCE": str(tmp_path)})
    environ = {"PATH": os.environ["PATH"], "GALLERY_INSTANCE": str(tmp_path)}
    with worker_of(environ) as worker:
        line = worker.stderr.readline()
        worker.terminate()
        worker.communicate(timeout=LONG_PATIENCE)
    assert "tables of no migration" in line
