"""The shipped files of deploy/, run as they stand: gunicorn by the commands of its units, nginx before it.

Only what belongs to one machine is put in place of what stands there: ports, certificates, folders.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.service import answers, environment
from tests.waiting import LONG_PATIENCE, free_port, wait_until

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PUBLIC_HOST, BACKOFFICE_HOST = "objets.example.fr", "agents.example.fr"
FIRST_PAGES = {"backoffice": "connexion", "health": "livez"}


@dataclass(frozen=True)
class Proxied:
    """A machine that runs. port: nginx's; direct: the port of each group of gunicorn's processes, by its unit."""

    port: int
    direct: Mapping[str, int]
    logs: Sequence[Path]


# The public pages are two instances of one unit, by port; the first is meant where none is named.
PAGES = ("public@8001", "public@8011")


def text_of(unit: str) -> str:
    """What a unit's file says, with the instance put in: "search", "public@8011", or "public" for the first one."""
    name, _, instance = (PAGES[0] if unit == "public" else unit).partition("@")
    file = DEPLOY / f"gallery-{name}{'@' if instance else ''}.service"
    return file.read_text(encoding="utf-8").replace("%i", instance)


def command_of(unit: str) -> list[str]:
    """What a unit starts, with this environment's programs."""
    program, *arguments = started_by(unit)
    return [sys.executable, "-m", Path(program).name, *arguments]


def started_by(unit: str) -> list[str]:
    """The program that a unit starts and its arguments, without the variables that are set for it there."""
    line = re.findall(r"^ExecStart=(?:/usr/bin/env (?:\w+=\S* )*)?(.+)$", text_of(unit), re.MULTILINE)[0]
    return shlex.split(line)


def port_of(unit: str) -> int:
    """The port that a unit's command listens on."""
    bound = dict(zip(command_of(unit), command_of(unit)[1:], strict=False))["--bind"]
    return int(bound.rpartition(":")[2])


@contextmanager
def gunicorn(
    unit: str, instance: Path, log: Path, *, port: int = 0, command: str = "", **more: str
) -> Iterator[tuple[int, int]]:
    """Run a unit's command, or another in its place, on this port or on a free one; yields the port and the process."""
    port = port or free_port()
    told = shlex.split(command.format(port=port)) or command_of(unit)
    command_here = [each.replace(str(port_of(unit)), str(port)) for each in told]
    with log.open("ab") as file:
        process = subprocess.Popen(command_here, cwd=ROOT, env=environment(instance, **more), stdout=file, stderr=file)
    try:
        wait_for(f"http://127.0.0.1:{port}/{FIRST_PAGES.get(unit, 'pret')}", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(LONG_PATIENCE)


@contextmanager
def nginx(folder: Path, ports: Mapping[str, int], instance: Path) -> Iterator[int]:
    """Run nginx with the shipped configuration, before processes that listen on these ports; yields its own port."""
    port = free_port()
    text = re.sub(r"^\s*ssl_\w+ .*$", "", shipped_nginx(ports), flags=re.MULTILINE)
    text = text.replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
    text = text.replace("/var/lib/gallery-published/photos/", f"{instance}/photos/public/")
    with started_nginx(folder, text) as process:
        wait_for(f"http://127.0.0.1:{port}/vivant", process, host=PUBLIC_HOST)
        yield port


def shipped_nginx(ports: Mapping[str, int]) -> str:
    """The shipped configuration, with these ports of the processes, by unit, and a free one in place of 80."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for unit, mine in {PAGES[1]: ports["public"], **ports}.items():
        text = text.replace(f"127.0.0.1:{port_of(unit)}", f"127.0.0.1:{mine}")
    text = re.sub(r"^\s*listen \[::\].*$", "", text, flags=re.MULTILINE)
    return re.sub(r"listen 80\b", f"listen 127.0.0.1:{free_port()}", text)


@contextmanager
def started_nginx(folder: Path, text: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx with this configuration, its own files in a folder."""
    text = text.replace("/dev/shm/gallery-", f"{folder}/").replace("/var/lib/gallery-uploads", f"{folder}/uploads")
    text = text.replace("/var/log/gallery/nginx.log", str(folder / "nginx.log"))
    conf = folder / "nginx.conf"
    conf.write_text(_of_the_distribution(folder, text), encoding="utf-8")
    process = subprocess.Popen(["nginx", "-c", str(conf), "-e", str(folder / "error.log")])
    try:
        yield process
    finally:
        process.terminate()
        process.wait(LONG_PATIENCE)


def _of_the_distribution(folder: Path, text: str) -> str:
    """Debian's own nginx.conf, with this in place of what it includes, and its files in a folder."""
    temporary = "".join(f"{each}_temp_path {folder}/{each};\n" for each in ("proxy", "fastcgi", "uwsgi", "scgi"))
    theirs = Path("/etc/nginx/nginx.conf").read_text(encoding="utf-8")
    theirs = re.sub(r"^user .*$", "user root;" if os.geteuid() == 0 else "", theirs, flags=re.MULTILINE)
    theirs = re.sub(r"^pid .*$", f"daemon off;\npid {folder}/nginx.pid;", theirs, flags=re.MULTILINE)
    theirs = re.sub(r"(\w+_log) /\S+/", rf"\1 {folder}/", theirs)
    theirs = re.sub(r"worker_connections \d+", "worker_connections 4096", theirs)
    theirs = re.sub(r"include /etc/nginx/sites-enabled/.*$", "", theirs, flags=re.MULTILINE)
    return re.sub(r"include /etc/nginx/conf\.d/.*$", lambda _: temporary + text, theirs, flags=re.MULTILINE)


@contextmanager
def machine(instance: Path, folder: Path, **more: str) -> Iterator[Proxied]:
    """Run the public pages, the searches, the back office, and nginx before them."""
    with ExitStack() as stack:
        ports = {}
        for unit in ("public", "search", "backoffice"):
            given = {"GALLERY_TRUSTED_PROXIES": "1"} | more
            started = gunicorn(unit, instance, folder / f"{unit}.log", port=free_port(), **given)
            ports[unit], _ = stack.enter_context(started)
        yield Proxied(stack.enter_context(nginx(folder, ports, instance)), ports, sorted(folder.glob("*.log")))


def wait_for(address: str, process: "subprocess.Popen[bytes]", *, host: str = "") -> None:
    """Wait until an address answers."""
    wait_until(lambda: answers(address, process, host=host), address, seconds=LONG_PATIENCE)
