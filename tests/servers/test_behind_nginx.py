"""What the shipped files make of requests: which process answers, what is let in, what slow senders stall: nothing."""

import socket
import time
from functools import partial

import pytest

from gallery.web.intake.limits import FORM_BYTES
from tests.servers.running import BACKOFFICE_HOST, PUBLIC_HOST, Proxied
from tests.servers.slow import Sender, request_head, trickler
from tests.servers.visitors import Visitor
from tests.waiting import LONG_PATIENCE, PATIENCE, begin
from tests.web.intake.conftest import drawn_phone_photo

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
PAGES = 30
UPLOAD_SECONDS, UPLOAD_PIECES = 35, 70


def test_both_sites_answer_under_their_names(served: Proxied) -> None:
    assert "Objets retrouvés" in Visitor(served.port, PUBLIC_HOST).ask("GET", "/")[1]
    assert "Espace des agents" in Visitor(served.port, BACKOFFICE_HOST).ask("GET", "/connexion")[1]


def test_a_visitor_may_be_answered_by_both_groups(served: Proxied) -> None:
    visitor = Visitor(served.port, PUBLIC_HOST)
    kind, body = visitor.form(drawn_phone_photo())  # the form of the pages' group, answered by that of the searches
    assert visitor.ask("POST", "/recherche", body, Content_Type=kind)[0] == 200


def test_what_is_too_large_for_a_route_is_stopped_by_nginx(served: Proxied) -> None:
    visitor = Visitor(served.port, PUBLIC_HOST)
    assert visitor.ask("POST", "/aide", b"x" * (FORM_BYTES + 1))[0] == 413


def test_nothing_of_a_request_is_written_down(served: Proxied) -> None:
    for port in served.direct.values():
        for request in (b"GET /secret-query?telephone=0612345678 HTTP/9.9\r\n\r\n", b"\x16\x03secret-query\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=LONG_PATIENCE) as connection:
                connection.sendall(request)
                connection.recv(1000)
    Visitor(served.direct["public"], PUBLIC_HOST).ask("GET", "/objets?mots=secret-query")
    logs = "".join(path.read_text(encoding="utf-8") for path in served.logs)
    assert "Refused a request that is not HTTP" in logs
    assert "secret-query" not in logs
    assert "127.0.0.1" not in logs.replace("Listening at: http://127.0.0.1", "")


# Senders that take their time stall nobody, and honest ones get through.


def slow_phone(port: int) -> Sender:
    """A telephone of today on a poor line: its photo takes more than half a minute."""
    visitor = Visitor(port, PUBLIC_HOST)
    kind, body = visitor.form(drawn_phone_photo())
    size = len(body) // UPLOAD_PIECES + 1
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    head = request_head("/recherche", len(body), host=PUBLIC_HOST, cookie=visitor.cookie, content_type=kind)
    return Sender(("127.0.0.1", port), head, pieces, pause=UPLOAD_SECONDS / UPLOAD_PIECES)


def test_who_trickles_stalls_no_page_and_a_slow_telephone_gets_through(served: Proxied) -> None:
    doors = {"nginx": served.port, "gunicorn alone": served.direct["search"]}
    phones = {name: slow_phone(port) for name, port in doors.items()}
    tricklers = [trickler(port, "/recherche", host=PUBLIC_HOST) for port in doors.values() for _ in range(4)]
    pages: dict[str, list[int]] = {name: [] for name in doors}
    patience = {name: seconds_for_a_page(port) for name, port in doors.items()}
    for each in (*phones.values(), *tricklers):
        each.start()
    readers = [begin(partial(read_pages, port, pages[name], patience[name])) for name, port in doors.items()]
    for reader in readers:
        reader.result(180)
    for phone in phones.values():
        phone.join(180)
    for each in tricklers:
        each.stop.set()
    for each in tricklers:
        each.join(PATIENCE)
    assert pages == dict.fromkeys(doors, [200] * PAGES)
    first_lines = {name: phone.answer.partition(b"\r\n")[0] for name, phone in phones.items()}
    assert first_lines == dict.fromkeys(doors, b"HTTP/1.1 200 OK")


def test_a_crowd_that_trickles_leaves_threads_for_pages(served: Proxied) -> None:
    port = served.direct["public"]
    tricklers = [trickler(port, "/recherche", host=PUBLIC_HOST) for _ in range(60)]
    patience = seconds_for_a_page(port)
    for each in tricklers:
        each.start()
    statuses: list[int] = []
    read_pages(port, statuses, patience)
    assert statuses == [200] * PAGES
    for each in tricklers:
        each.join(90)  # cut off, each of them, without being told to stop
        assert not each.is_alive()


def seconds_for_a_page(port: int) -> float:
    """How long one page may take beside slow senders, by what it takes without any; stalled ones take far longer."""
    visitor = Visitor(port, PUBLIC_HOST)
    visitor.ask("GET", "/")
    began = time.monotonic()
    visitor.ask("GET", "/")
    return 15 + 10 * (time.monotonic() - began)


def read_pages(port: int, statuses: list[int], seconds: float) -> None:
    """Open one page after the other; where threads are stalled there are too few of them."""
    for _ in range(PAGES):
        statuses.append(Visitor(port, PUBLIC_HOST).ask("GET", "/", timeout=seconds)[0])
