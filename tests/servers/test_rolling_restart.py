"""Two processes of the public pages by the shipped unit, renewed one after the other behind the shipped nginx."""

import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import psutil
import pytest

from gallery.services import measures
from tests.journeys.service import make_tables
from tests.servers.running import PAGES, PUBLIC_HOST, gunicorn, nginx
from tests.servers.visitors import Visitor
from tests.waiting import PATIENCE, at_once, begin, free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
READING = (("GET", "/"), ("GET", "/objets?mots=PLANTED-query"))
ACTING = ("POST", "/numero")
Answers = Counter[tuple[str, int]]


def visits(door: int, asked: Sequence[tuple[str, str]], stop: Event) -> Answers:
    """Ask again and again: method and status of each answer."""
    answers: Answers = Counter()
    while not stop.is_set():
        for method, path in asked:
            body = b"code=PLANTED-code" if method == "POST" else None
            answers[method, Visitor(door, PUBLIC_HOST).ask(method, path, body)[0]] += 1
    return answers


def renew(process: int, port: int) -> None:
    """Do what deploy/rolling-restart does: let it load the program anew, and wait until it is ready."""
    before = psutil.Process(process).children()
    os.kill(process, signal.SIGHUP)
    wait_until(lambda: not any(each.is_running() for each in before), "the end of the former process")
    wait_until(lambda: Visitor(port, PUBLIC_HOST).ask("GET", "/pret")[0] == 200, "the new process")


def test_renewing_processes_under_load_loses_no_request(tmp_path: Path) -> None:
    instance, log = tmp_path / "instance", tmp_path / "public.log"
    make_tables(instance)
    more = {
        "GALLERY_TRUSTED_PROXIES": "1",
        "GALLERY_LOG_FORMAT": "json",
        "GALLERY_METRICS_FOLDER": str(tmp_path / "metrics"),
    }
    ports = {unit: free_port() for unit in PAGES}
    with ExitStack() as stack:

        def start(unit: str) -> int:
            return stack.enter_context(gunicorn(unit, instance, log, port=ports[unit], **more))[1]

        processes = at_once(*(lambda unit=unit: start(unit) for unit in PAGES))  # type: ignore[misc]
        door = stack.enter_context(nginx(tmp_path, {"public": ports[PAGES[0]], **ports}, instance))
        stop = Event()
        visitors = [begin(lambda: visits(door, (*READING, ACTING), stop)) for _ in range(2)]
        for unit, process in zip(PAGES, processes, strict=True):
            renew(process, ports[unit])
        stop.set()
        answers = sum((each.result(PATIENCE) for each in visitors), Answers())
        # One of the two is gone: what only reads is asked of the other.
        os.kill(processes[0], signal.SIGTERM)
        for _ in range(20):
            answers["GET", Visitor(door, PUBLIC_HOST).ask("GET", "/")[0]] += 1
        counted = [each for metric in measures.shared(tmp_path / "metrics") for each in metric.samples]
    assert set(answers) == {("GET", 200), ("POST", 405)}
    # What processes that have ended had counted is there.
    assert sum(each.value for each in counted if each.name == "gallery_requests_total") >= sum(answers.values())
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {line["logger"] for line in lines} == {"gunicorn.error"}
    assert "PLANTED" not in log.read_text(encoding="utf-8") + str(counted)
