"""How long the preview of a large album takes: python -m bench preview [--items 100 1500 5000].

As an officer's browser has it: a selection is sent, the next page is opened, an item is put at another place. SQLite.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.gallery import UNITS, fill
from gallery import create_app
from gallery.cli.resources import password_hash
from gallery.cli.setup import bring_up_to_date
from gallery.config import Site, load_settings
from gallery.database import open_engine, session_factory
from gallery.models import Item, Officer, OfficerRole
from gallery.services.people import units
from gallery.services.transaction import atomic

ITEMS = 100, 1500, 5000
REPEATS = 7
EMAIL, PASSWORD = "bench@example.org", "a password of the benchmark"  # noqa: S105  of nobody's
ADDRESS = "/albums/nouveau"


def main(arguments: list[str]) -> None:
    """Print the times and the weight of the page by the number of items."""
    parser = argparse.ArgumentParser(prog="bench preview", description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=ITEMS)
    options = parser.parse_args(arguments)
    with _desk(max(options.items)) as (client, numbers):
        for count in sorted(options.items):
            _measure(client, numbers[:count])


def _measure(client: FlaskClient, numbers: Sequence[str]) -> None:
    for name, more in (("first page", {}), ("next page", {"aller": "2"}), (_to_the_end(numbers))):
        sent = {"csrf_token": _token(client), "objet": list(numbers), **more}
        times, weight = [], 0
        for _ in range(REPEATS):
            started = time.perf_counter()
            answer = client.post(ADDRESS, data=sent)
            times.append(time.perf_counter() - started)
            weight = len(answer.data)
            assert answer.status_code == 200
            assert answer.text.count('name="objet"') == len(numbers)
        print(f"{len(numbers):5} items, {name:12} {median(times) * 1000:6.0f} ms, {weight / 1000:6.0f} kB")


def _to_the_end(numbers: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    return "moved to end", {f"place-{numbers[0]}": str(len(numbers))}


@contextmanager
def _desk(count: int) -> Iterator[tuple[FlaskClient, list[str]]]:
    """A signed-in officer, and the numbers of this many published items of the unit."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(environ={"GALLERY_INSTANCE": folder})
        bring_up_to_date(settings)
        engine = open_engine(settings.database_address)
        with session_factory(engine)() as session:
            fill(session, count * (UNITS + 1))
            officer = _officer(session, password_hash(settings, PASSWORD))
            wanted = select(Item.public_number).where(Item.unit_id == officer.unit_id).limit(count)
            numbers = list(session.scalars(wanted))
        client = create_app(settings, {Site.BACKOFFICE}).test_client()
        answer = client.post("/connexion", data={"email": EMAIL, "password": PASSWORD, "csrf_token": _token(client)})
        assert answer.status_code == 302
        assert len(numbers) == count
        yield client, numbers
        engine.dispose()


def _officer(session: Session, hashed: str) -> Officer:
    with atomic(session):
        return units.create_officer(
            session,
            units.NewOfficer(unit=units.get_by_code(session, "U0"), email=EMAIL, name="Bench", role=OfficerRole.AGENT),
            password_hash=hashed,
            by=None,
            now=datetime.now(UTC),
        )


def _token(client: FlaskClient) -> str:
    for address in ("/compte", "/connexion"):
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
        if found:
            return found[1]
    raise AssertionError("no form has a token")
