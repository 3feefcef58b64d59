"""An officer who drops photos into a case while parts are restarted: none is lost, and none is there twice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Any

from sqlalchemy import text

from gallery.database import open_engine
from tests import pictures
from tests.servers.production import Machine
from tests.servers.running import BACKOFFICE_HOST
from tests.servers.visitors import Visitor, multipart
from tests.waiting import PATIENCE, begin, wait_until

# Of drawn photos, none of which is sent again once it was taken.
NUMBERS = count(1000)


@dataclass
class Dropped:
    """The photos that an officer drops into a case, one after the other, each again until it is taken."""

    officer: Visitor
    case: str
    token: str
    answers: list[int] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def run(self) -> None:
        """Drop them until it is time to stop, and then the one at hand."""
        number = next(NUMBERS)
        while not self.stop.wait(0.3) or self.answers[-1:] != [201]:
            kind, body = multipart({"csrf_token": self.token}, pictures.jpeg(pictures.picture(number)))
            headers = {"Content_Type": kind, "Accept": "application/json", "Referer": f"https://{BACKOFFICE_HOST}/"}
            status, said = self.officer.ask("POST", f"/affaires/{self.case}/photos", body, **headers)
            assert status == 201 or (status == 503 and re.search("en ce moment|quelques minutes", said)), said
            number = next(NUMBERS) if status == 201 else number
            self.answers.append(status)

    def wait_for(self, status: int, what: str) -> None:
        """Wait until a photo that is sent from now on is answered so."""
        before = len(self.answers)
        wait_until(lambda: status in self.answers[before:], what)


@contextmanager
def dropped_meanwhile(machine: Machine, officer: Visitor) -> Iterator[Dropped]:
    """An officer drops photos meanwhile; afterwards each that was taken is there, and there once."""
    case = str(asked_of(machine, "SELECT min(reference) FROM cases"))
    page = officer.ask("GET", f"/affaires/{case}/photos")[1]
    dropped = Dropped(officer, case, re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0])
    before = asked_of(machine, "SELECT count(*) FROM lot_photos")
    dropping = begin(dropped.run)
    yield dropped
    dropped.stop.set()
    dropping.result(PATIENCE)
    assert asked_of(machine, "SELECT count(*) FROM lot_photos") == before + dropped.answers.count(201)
    undescribed = "SELECT count(*) FROM lot_photos WHERE described_digest IS DISTINCT FROM rendition_digest"
    wait_until(lambda: asked_of(machine, undescribed) == 0, "the workers")


def asked_of(machine: Machine, statement: str) -> Any:
    """What the database says itself."""
    engine = open_engine(machine.address.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            return connection.scalar(text(statement))
    finally:
        engine.dispose()
