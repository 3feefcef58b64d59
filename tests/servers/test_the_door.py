"""What the shipped nginx does before the program is asked: names, certificates, proofs for these, and who may send."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.production import make_certificate, unverified
from tests.servers.running import BACKOFFICE_HOST, DEPLOY, PUBLIC_HOST, started_nginx
from tests.servers.visitors import Visitor
from tests.waiting import free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
SMALL, LARGE = "1000000", "10000000"
MAX_SENDERS = {SMALL: 60, LARGE: 6}


@dataclass(frozen=True)
class Door:
    """nginx with no program behind it. plain, tls: its ports in place of 80 and 443; proofs: of whoever renews."""

    plain: int
    tls: int
    proofs: Path


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    made = Door(free_port(), free_port(), folder / "acme" / ".well-known" / "acme-challenge")
    made.proofs.mkdir(parents=True)
    for host in ("objets", "agents"):
        make_certificate(folder, host)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"^\s*listen \[::\].*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{made.plain}", text)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{made.tls} ssl")
    text = re.sub(r"server 127.0.0.1:\d+", lambda _: f"server 127.0.0.1:{free_port()}", text)
    text = text.replace("/etc/ssl/gallery/", f"{folder}/").replace("/var/lib/gallery-acme", str(folder / "acme"))
    with started_nginx(folder, text):
        wait_until(lambda: is_open(made.plain), "nginx")
        yield made


def is_open(port: int) -> bool:
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def name_shown(door: Door, host: str) -> bytes:
    """The certificate that is shown to whoever asks for this name."""
    with (
        socket.create_connection(("127.0.0.1", door.tls), timeout=30) as plain,
        unverified().wrap_socket(plain, server_hostname=host) as secured,
    ):
        return secured.getpeercert(binary_form=True) or b""


def test_each_name_has_its_certificate(door: Door) -> None:
    assert b"objets" in name_shown(door, PUBLIC_HOST)
    assert b"agents" in name_shown(door, BACKOFFICE_HOST)


def test_another_name_gets_neither_a_certificate_nor_an_answer(door: Door) -> None:
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized"):
        name_shown(door, "elsewhere.example")
    with pytest.raises(http.client.RemoteDisconnected):
        Visitor(door.plain, "elsewhere.example").fetch("GET", "/")


def test_the_proof_of_a_renewal_is_shown_by_http_and_all_else_leads_to_https(door: Door) -> None:
    (door.proofs / "token").write_text("token.thumbprint", encoding="ascii")
    for host in (PUBLIC_HOST, BACKOFFICE_HOST):
        visitor = Visitor(door.plain, host)
        assert visitor.ask("GET", "/.well-known/acme-challenge/token") == (200, "token.thumbprint")
        assert visitor.fetch("GET", "/.well-known/acme-challenge/absent")[0] == 404
        answer, _ = visitor.answer("GET", "/objets?page=2")
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{host}/objets?page=2")


def sends(door: Door, size: str, path: str = "/recherche") -> tuple[int, str]:
    """What is answered to whoever begins to send so much."""
    with begun(door, size, path) as sending:
        answer = http.client.HTTPResponse(sending)
        answer.begin()
        return answer.status, answer.read().decode()


@contextmanager
def begun(door: Door, size: str, path: str = "/recherche", *, method: str = "POST") -> Iterator[ssl.SSLSocket]:
    head = f"{method} {path} HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", door.tls), timeout=30) as plain,
        unverified().wrap_socket(plain, server_hostname=PUBLIC_HOST) as sending,
    ):
        sending.sendall(f"{head}begun".encode())
        yield sending


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_one_address_may_send_only_so_much_at_once_and_still_read(door: Door, size: str) -> None:
    visitor = Visitor(door.tls, PUBLIC_HOST, trusted=unverified())
    # Nobody is behind it: what nginx lets through finds no process.
    assert visitor.fetch("POST", "/recherche", b"whole")[0] == 503
    with ExitStack() as stack:
        for number in range(MAX_SENDERS[size]):
            # What the program would refuse for its method is held in memory all the same.
            stack.enter_context(begun(door, size, method=("POST", "PUT", "GET")[number % 3]))
        wait_until(lambda: visitor.fetch("POST", "/recherche", bytes(int(size)))[0] == 429, "the refusal")
        assert visitor.fetch("GET", "/recherche")[0] == 503
        # While few send much, others behind the same address still send a photo.
        assert visitor.fetch("POST", "/recherche", b"whole")[0] == (429 if size == SMALL else 503)
        for path, words in (("/recherche", "Attendez une minute"), ("/en/recherche", "Wait a minute")):
            status, page = sends(door, size, path)
            assert (status, words in page) == (429, True), page
    wait_until(lambda: visitor.fetch("POST", "/recherche", bytes(int(size)))[0] == 503, "its turn")


def test_who_sends_too_much_is_told_what_to_do(door: Door) -> None:
    for path, words in (("/aide", "moins de photos"), ("/en/aide", "fewer photos")):
        status, page = sends(door, LARGE, path)
        assert (status, words in page) == (413, True), page


def test_while_nothing_answers_people_are_told_what_to_do(door: Door) -> None:
    visitor, desk = (Visitor(door.tls, host, trusted=unverified()) for host in (PUBLIC_HOST, BACKOFFICE_HOST))
    for who, path, words in (
        (visitor, "/aide", "ne répond pas en ce moment"),
        (visitor, "/en/aide", "does not answer at the moment"),
        (desk, "/objets", "ne répond pas en ce moment"),
    ):
        answer, page = who.answer("POST", path, b"whole")
        assert (answer.status, answer.headers["Retry-After"], words in page.decode()) == (503, "30", True)
        assert answer.headers["Cache-Control"] == "no-store"
