"""Real gunicorn and real nginx, by the shipped files: slow senders stall nobody, and honest ones get through."""

from functools import partial

import pytest

from tests.servers.running import PUBLIC_HOST, Proxied
from tests.servers.slow import Sender, request_head, trickler
from tests.servers.visitors import Visitor
from tests.waiting import begin
from tests.web.intake.conftest import drawn_phone_photo

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
PAGES = 30
UPLOAD_SECONDS, UPLOAD_PIECES = 35, 70


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
    for each in (*phones.values(), *tricklers):
        each.start()
    readers = [begin(partial(read_pages, port, pages[name])) for name, port in doors.items()]
    for reader in readers:
        reader.result(180)
    for phone in phones.values():
        phone.join(180)
    for each in tricklers:
        each.stop.set()
    assert pages == dict.fromkeys(doors, [200] * PAGES)
    first_lines = {name: phone.answer.partition(b"\r\n")[0] for name, phone in phones.items()}
    assert first_lines == dict.fromkeys(doors, b"HTTP/1.1 200 OK")


def test_a_crowd_that_trickles_leaves_threads_for_pages(served: Proxied) -> None:
    port = served.direct["public"]
    tricklers = [trickler(port, "/recherche", host=PUBLIC_HOST) for _ in range(60)]
    for each in tricklers:
        each.start()
    statuses: list[int] = []
    read_pages(port, statuses)
    assert statuses == [200] * PAGES
    for each in tricklers:
        each.join(90)  # cut off, each of them, without being told to stop
        assert not each.is_alive()


def read_pages(port: int, statuses: list[int]) -> None:
    """Open one page after the other; where threads are stalled there are too few of them."""
    for _ in range(PAGES):
        statuses.append(Visitor(port, PUBLIC_HOST).ask("GET", "/", timeout=15)[0])
