"""The whole service as deploy/compose.yaml has it, with deploy/nginx.conf before it, as plain processes of one machine.

Commands, ports, variables, volumes and files of secrets are read from there. Put in their place are only what belongs
to one machine: folders for volumes, free ports, 127.0.0.1 for the names of containers, and Debian's redis-server,
moto's S3 server and PostgreSQL from a wheel for the images of others.
"""

import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url, text

from gallery.database import open_engine
from tests.journeys.service import answers
from tests.parts import postgresql
from tests.servers.running import DEPLOY, PAGES, ROOT, shipped_nginx, started_nginx
from tests.victim import DECLARATIONS
from tests.waiting import LONG_PATIENCE, at_once, free_port, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
GRANTS = re.compile(r"```sql\n(CREATE ROLE gallery_public .*?)```", re.DOTALL)
# A container of compose.yaml, and the unit whose port nginx.conf asks in its place.
UNITS = {"public-1": PAGES[0], "public-2": PAGES[1], "search": "search", "backoffice": "backoffice"}
SERVING = (*UNITS, "health")
WORKERS = tuple(f"worker.{number}" for number in range(COMPOSE["services"]["worker"]["deploy"]["replicas"]))
COMMAND_SECONDS = 300
LAST_LINES = 20


@dataclass
class Machine:
    """One machine: its volumes, and the processes that run there, by container."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in (*SERVING, "limits", "store")})
    door: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    # Of its own, which PostgreSQL's user may enter.
    rows: "tempfile.TemporaryDirectory[str]" = field(
        default_factory=lambda: tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    )

    def make_volumes(self) -> None:
        """Make a folder for each volume, as Docker does, and for what the image has."""
        for volume in (*COMPOSE["volumes"], "image"):
            (self.folder / volume).mkdir(mode=0o700, exist_ok=True)
        (self.folder / "published" / "photos").mkdir(exist_ok=True)

    def start_others(self) -> None:
        """Start PostgreSQL, the limits' server and the store, empty."""
        self.make_volumes()
        self.start_database()
        self.start_limits()
        self.start_store()
        bucket = f"http://127.0.0.1:{self.ports['store']}/gallery-private"
        with urllib.request.urlopen(urllib.request.Request(bucket, method="PUT"), timeout=60):
            pass

    def start_store(self) -> None:
        """Start the store, with what it held before it was stopped or killed."""
        port, journal = self.ports["store"], self.folder / "store" / "journal"
        self._run("store", [sys.executable, "-m", "tests.servers.lasting_store", str(port), str(journal)], {})
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/", self.processes["store"]), "the store")

    def start_database(self) -> None:
        """Start PostgreSQL, on the same files if it was there before."""
        self.database = postgresql.started(self.rows.name)
        account = COMPOSE["services"]["database"]["environment"]
        owner, name = account["POSTGRES_USER"], account["POSTGRES_DB"]
        self.address = make_url(self.database.get_uri()).set(username=owner, database=name)
        with (
            open_engine(self.database.get_uri()).execution_options(isolation_level="AUTOCOMMIT").connect() as connection
        ):
            if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :owner"), {"owner": owner}):
                connection.execute(text(f"CREATE ROLE {owner} LOGIN"))
                connection.execute(text(f"CREATE DATABASE {name} OWNER {owner}"))

    def grant(self) -> None:
        """Give the public site its role, as the guide says."""
        guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
        address = make_url(self.database.get_uri()).set(database=self.address.database)
        with open_engine(address.render_as_string(hide_password=False)).begin() as connection:
            connection.execute(text(GRANTS.search(guide)[1]))  # type: ignore[index]

    def start_limits(self) -> None:
        """Start Debian's redis-server with what Valkey is given."""
        _, *arguments = COMPOSE["services"]["limits"]["command"]
        self._run("limits", ["redis-server", *arguments, "--port", str(self.ports["limits"])], {})

    def start(self, *containers: str) -> None:
        """Start these at once, and wait until each is ready."""
        at_once(*(lambda name=name: self._start(name) for name in containers))  # type: ignore[misc]

    def stop(self, *containers: str) -> None:
        """Ask these to end as Docker does, and wait for it."""
        for name in containers:
            self.processes[name].terminate()
        for name in containers:
            assert self.processes.pop(name).wait(LONG_PATIENCE) is not None

    def kill(self, container: str) -> None:
        """End it as a machine that loses its current does."""
        self.processes[container].kill()
        self.processes.pop(container).wait(LONG_PATIENCE)

    def flask(self, *arguments: str, app: str = "wsgi:backoffice", **more: str) -> str:
        """Run a command in the back office's container: docker compose run --rm setup flask ...; returns its output."""
        command = [sys.executable, "-m", "flask", "--app", app, *arguments]
        surroundings = self.environment("setup") | more
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout} {done.stderr}"
        return done.stdout

    def environment(self, container: str) -> dict[str, str]:
        """What a container is given: by the image, by compose.yaml, by its file of secrets."""
        made = COMPOSE["services"][container]
        given = dict(re.findall(r"(GALLERY_\w+)=(\S+)", CONTAINERFILE)) | {
            name: str(value) for name, value in made["environment"].items()
        }
        given = {name: self._here(value, made["volumes"]) for name, value in given.items()}
        for name in made["env_file"]:
            lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
            given |= dict(line.split("=", 1) for line in lines)
        return _own() | given

    def write_files(self) -> None:
        """Write the files of variables beside compose.yaml, as its first lines tell, and make the missing secrets."""
        store = "AWS_ACCESS_KEY_ID=account\nAWS_SECRET_ACCESS_KEY=its-secret\n"
        owner = f"GALLERY_DATABASE_URL={self.address.render_as_string(hide_password=False)}\n"
        public = f"GALLERY_DATABASE_URL={self.address.set(username='gallery_public').render_as_string()}\n"
        allowed = "".join(f"GALLERY_{name.upper()}={value}\n" for name, value in DECLARATIONS.items())
        for name in ("backoffice.env", "health.env"):
            (self.folder / name).write_text(owner + store + allowed, encoding="utf-8")
        secrets = self.folder / "backoffice" / "secrets"
        if not secrets.exists():
            self.flask("secrets", app="wsgi:setup")
        own = "".join(
            f"GALLERY_{name.upper()}={(secrets / name).read_text(encoding='utf-8').strip()}\n"
            for name in ("public_secret_key", "declaration_pepper")
        )
        (self.folder / "public.env").write_text(public + allowed + own, encoding="utf-8")

    @contextmanager
    def proxy(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run nginx with its two certificates."""
        tls = self.folder / "tls"
        tls.mkdir(exist_ok=True)
        for host in ("objets", "agents"):
            make_certificate(tls, host)
        conf = shipped_nginx({"public": self.ports["public-1"]} | {UNITS[name]: self.ports[name] for name in UNITS})
        conf = conf.replace("listen 443 ssl", f"listen 127.0.0.1:{self.door} ssl")
        conf = conf.replace("/etc/ssl/gallery/", f"{tls}/")
        conf = self._here(conf, COMPOSE["services"]["proxy"]["volumes"])
        with started_nginx(self.folder, conf) as process:
            yield process

    def end(self) -> None:
        """End whatever runs still, and say what each wrote last: pytest shows it of a test that failed."""
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            process.wait(LONG_PATIENCE)
        self.database.cleanup()
        self.rows.cleanup()
        for log in sorted(self.folder.glob("*.log")):
            print(f"--- {log.stem}", *log.read_text(errors="replace").splitlines()[-LAST_LINES:], sep="\n")

    def _start(self, name: str) -> None:
        container = name.partition(".")[0]
        program, *arguments = COMPOSE["services"][container]["command"]
        if name in SERVING:
            bound = arguments.index("--bind") + 1
            arguments[bound] = f"127.0.0.1:{self.ports[name]}"
        self._run(name, [sys.executable, "-m", program, *arguments], self.environment(container))
        if name in SERVING:
            ready = f"http://127.0.0.1:{self.ports[name]}/{'livez' if name == 'health' else 'pret'}"
            wait_until(lambda: answers(ready, self.processes[name]), name)

    def _run(self, name: str, command: list[str], more: Mapping[str, str]) -> None:
        surroundings = _own() | dict(more)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log)

    def _here(self, value: str, volumes: list[str]) -> str:
        """A value with this machine's folders and ports in place of those of containers."""
        for volume, place in (each.split(":")[:2] for each in volumes if each[0] not in "./"):
            value = re.sub(rf"{place}(?=[/;\s]|$)", str(self.folder / volume), value)
        if value == "/var/lib/gallery":
            # In no volume: the image's own.
            value = str(self.folder / "image")
        for name, port in (("limits", 6379), ("store", 8333)):
            value = value.replace(f"//{name}:{port}", f"//127.0.0.1:{self.ports[name]}")
        return value


def unverified() -> ssl.SSLContext:
    """Trust the certificates that `proxy` has made."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def make_certificate(folder: Path, host: str) -> None:
    """Write a key and a certificate of its own for a host, as nginx.conf names them."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    (folder / f"{host}.pem").write_bytes(made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    (folder / f"{host}.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _own() -> dict[str, str]:
    """What every process is given of this machine's environment."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
