"""Every process by the shipped units, renewed by the shipped script under load behind the shipped nginx."""

import json
import os
import re
import signal
import subprocess
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import psutil
import pytest

from gallery.services import measures
from tests.journeys.service import make_tables
from tests.servers.running import DEPLOY, PAGES, PUBLIC_HOST, gunicorn, nginx, port_of
from tests.servers.visitors import Visitor
from tests.waiting import LONG_PATIENCE, PATIENCE, at_once, begin, free_port

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
READING = ("/", "/objets?mots=PLANTED-query")
UNITS = (*PAGES, "search", "backoffice")
# Victims have codes, and somebody types a wrong one again and again.
DECLARING = {
    "GALLERY_DECLARATIONS_LEGAL_ACT": "PLAN-1",
    "GALLERY_DECLARATIONS_IMPACT_ASSESSMENT": "2026-11-29",
    "GALLERY_CODE_RATE": "100000 per minute",
}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
Answers = Counter[tuple[str, int]]


def visits(door: int, stop: Event) -> Answers:
    """Read, and send a form with its token, again and again: method and status of each answer."""
    answers: Answers = Counter()
    holder = Visitor(door, PUBLIC_HOST)
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', holder.ask("GET", "/ma-declaration")[1])[0]
    typed = urlencode({"csrf_token": token, "code": "PLANTED-code"}).encode()
    while not stop.is_set():
        for path in READING:
            answers["GET", Visitor(door, PUBLIC_HOST).ask("GET", path)[0]] += 1
        answers["POST", holder.ask("POST", "/ma-declaration/ouvrir", typed, **FORM)[0]] += 1
    return answers


def systemctl(folder: Path, processes: dict[str, int]) -> None:
    """A systemctl that knows these processes by their units, and does what rolling-restart asks of it."""
    for unit, process in processes.items():
        (folder / f"gallery-{unit}.pid").write_text(str(process), encoding="ascii")
    script = f"""#!/bin/sh
case $1 in
    show) cat "{folder}/$5.pid" ;;
    reload) kill -HUP "$(cat "{folder}/$2.pid")" ;;
    restart) shift; printf '%s\\n' "$@" > "{folder}/restarted" ;;
esac
"""
    (folder / "systemctl").write_text(script, encoding="utf-8")
    (folder / "systemctl").chmod(0o755)


def rolling_restart(folder: Path, ports: dict[str, int]) -> None:
    """Run the script as it stands, but for the ports."""
    text = (DEPLOY / "rolling-restart").read_text(encoding="utf-8")
    for unit, port in ports.items():
        text = text.replace(str(port_of(unit)), str(port))
    for unit in PAGES:
        (folder / f"gallery-public@{ports[unit]}.pid").write_bytes((folder / f"gallery-{unit}.pid").read_bytes())
    script = folder / "rolling-restart"
    script.write_text(text, encoding="utf-8")
    surroundings = {"PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/sh", str(script)], env=surroundings, capture_output=True, text=True, check=False, timeout=LONG_PATIENCE
    )
    assert done.returncode == 0, done.stderr


def test_renewing_processes_under_load_loses_no_request(tmp_path: Path) -> None:
    instance, log = tmp_path / "instance", tmp_path / "public.log"
    make_tables(instance)
    more = {
        **DECLARING,
        "GALLERY_TRUSTED_PROXIES": "1",
        "GALLERY_LOG_FORMAT": "json",
        "GALLERY_METRICS_FOLDER": str(tmp_path / "metrics"),
    }
    ports = {unit: free_port() for unit in UNITS}
    with ExitStack() as stack:

        def start(unit: str) -> int:
            return stack.enter_context(gunicorn(unit, instance, log, port=ports[unit], **more))[1]

        processes = dict(zip(UNITS, at_once(*(lambda unit=unit: start(unit) for unit in UNITS)), strict=True))  # type: ignore[misc]
        door = stack.enter_context(nginx(tmp_path, {"public": ports[PAGES[0]], **ports}, instance))
        systemctl(tmp_path, processes)
        before = {unit: {each.pid for each in psutil.Process(pid).children()} for unit, pid in processes.items()}
        stop = Event()
        visitors = [begin(lambda: visits(door, stop)) for _ in range(2)]
        rolling_restart(tmp_path, ports)
        stop.set()
        answers = sum((each.result(PATIENCE) for each in visitors), Answers())
        after = {unit: {each.pid for each in psutil.Process(pid).children()} for unit, pid in processes.items()}
        # One of the two is gone: what only reads is asked of the other.
        os.kill(processes[PAGES[0]], signal.SIGTERM)
        for _ in range(20):
            answers["GET", Visitor(door, PUBLIC_HOST).ask("GET", "/")[0]] += 1
        counted = [each for metric in measures.shared(tmp_path / "metrics") for each in metric.samples]
    assert all(before[unit] and after[unit] and not before[unit] & after[unit] for unit in UNITS), "each was renewed"
    assert (tmp_path / "restarted").read_text().split() == ["gallery-health", "gallery-worker@*"]
    # 422: the form was taken, and the code is none.
    assert set(answers) == {("GET", 200), ("POST", 422)}
    # What processes that have ended had counted is there.
    assert sum(each.value for each in counted if each.name == "gallery_requests_total") >= sum(answers.values())
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {line["logger"] for line in lines} == {"gunicorn.error"}
    assert "PLANTED" not in log.read_text(encoding="utf-8") + str(counted)
