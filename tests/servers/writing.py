"""Victims who declare and an officer who saves while parts are restarted: what was answered is kept, and kept once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from urllib.parse import urlencode

import bs4

from gallery.web.public.declaring.programs import MIN_SECONDS
from tests import pictures
from tests.servers.dropping import asked_of
from tests.servers.production import Machine
from tests.servers.running import BACKOFFICE_HOST, PUBLIC_HOST
from tests.servers.visitors import Visitor, multipart
from tests.victim import SAID
from tests.waiting import LONG_PATIENCE, begin, wait_until

PHOTO = pictures.jpeg(pictures.picture(7))
Send = Callable[[dict[str, str]], tuple[int, str]]


@dataclass
class Writing:
    """declared: declarations whose code was shown; saved: words that were saved last."""

    victim: Callable[[], Visitor]
    officer: Visitor
    sheet: str
    stop: Event = field(default_factory=Event)
    declared: int = 0
    saved: str = ""

    def declare(self) -> None:
        """Declare one theft after the other, each until its code is shown, until it is time to stop."""
        while not self.stop.is_set():
            visitor = self.victim()
            form = self._form(visitor, "/declarer", self.stop)
            # Nobody writes a declaration faster.
            if self.stop.wait(MIN_SECONDS + 1):
                return
            self._send(lambda fields, visitor=visitor: _declared(visitor, fields), form | SAID, 200)
            self.declared += 1

    def save(self) -> None:
        """Change an object's words again and again, until it is time to stop."""
        for number in count():
            if self.stop.wait(0.5):
                return
            form = self._form(self.officer, self.sheet, Event()) | {"inscriptions": f"mot {number}"}
            self._send(self._saved, form, 302)
            self.saved = form["inscriptions"]

    def _saved(self, fields: dict[str, str]) -> tuple[int, str]:
        about = {"Content_Type": "application/x-www-form-urlencoded", "Referer": f"https://{BACKOFFICE_HOST}/"}
        return self.officer.ask("POST", self.sheet, urlencode(fields).encode(), **about)

    def _form(self, visitor: Visitor, path: str, stop: Event) -> dict[str, str]:
        """The fields of a page's form, as soon as the page is there."""
        while True:
            status, page = visitor.ask("GET", path)
            if status == 200:
                return _fields(page)
            assert status == 503, page
            stop.wait(0.3)

    def _send(self, send: Send, fields: dict[str, str], done: int) -> None:
        """Send a form; where an outage refuses it, send what its page holds, until it is taken."""
        while True:
            status, page = send(fields)
            if status == done:
                return
            assert status == 503, page
            if "Envoyer de nouveau" in page:
                assert _fields(page) == fields
            Event().wait(0.3)


def _declared(visitor: Visitor, fields: dict[str, str]) -> tuple[int, str]:
    kind, body = multipart(fields, PHOTO, name="objet-1-photos")
    return visitor.ask("POST", "/declarer", body, Content_Type=kind, Referer=f"https://{PUBLIC_HOST}/declarer")


def _fields(page: str) -> dict[str, str]:
    """What the main form of a page would send."""
    form = bs4.BeautifulSoup(page, "html.parser").select_one("main form[method=post]")
    assert form is not None, page
    fields: dict[str, str] = {}
    for each in form.select("input[name]:not([type=checkbox], [type=radio], [type=file]), [checked], textarea"):
        value = each.get_text().removeprefix("\r\n") if each.name == "textarea" else each.get("value", "")
        fields[str(each["name"])] = str(value)
    for each in form.select("select"):
        chosen = each.select_one("option[selected]") or each.select_one("option")
        fields[str(each["name"])] = str(chosen["value"]) if chosen else ""
    return fields


@contextmanager
def written_meanwhile(machine: Machine, victim: Callable[[], Visitor], officer: Visitor) -> Iterator[Writing]:
    """Meanwhile both write; afterwards each declaration that has a code is there once, and the words saved last."""
    number = asked_of(machine, "SELECT min(public_number) FROM items")
    writing = Writing(victim, officer, f"/objets/{number}/modifier")
    before = asked_of(machine, "SELECT count(*) FROM declarations")
    works = [begin(writing.declare), begin(writing.save)]
    yield writing
    writing.stop.set()
    for each in works:
        each.result(LONG_PATIENCE)
    wait_until(lambda: asked_of(machine, "SELECT count(*) FROM declaration_inbox") == 0, "the workers")
    assert writing.declared > 0
    assert asked_of(machine, "SELECT count(*) FROM declarations") == before + writing.declared
    assert asked_of(machine, f"SELECT inscriptions FROM items WHERE public_number = '{number}'") == writing.saved
