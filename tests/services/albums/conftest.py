"""Three published objects, the album that is asked of them, and workers that make its file."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import AlbumExport, Case, Item, Network, Officer, Unit
from gallery.services.albums import compose, export_work, exports, package
from gallery.services.albums.compose import Edits, Surroundings
from gallery.services.albums.export_work import ExportMaker
from gallery.services.items import items, publication, withholding
from gallery.services.items.items import WrittenItem
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album
from gallery.storage import PhotoStore, export_key
from tests import pictures
from tests.factories import Factory

AROUND = Surroundings("https://objets.example.fr", "Vitré", lambda first, last: "")
DAY = timedelta(days=1)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def three(make: Factory, case: Case) -> list[Item]:
    """Published items with a small photo each, in the order in which they are shared."""
    drawn = [pictures.jpeg(pictures.picture(seed).resize((240, 180))) for seed in (1, 2, 3)]
    return [make.published(case, photo) for photo in drawn][::-1]


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker make one piece of the file at each step."""
    monkeypatch.setattr(export_work, "STEP_SECONDS", 0)


class Team:
    """Workers, and the clock that they all see."""

    def __init__(self, make: Factory, sessions: sessionmaker[Session]) -> None:
        self.now, self._make, self._sessions = make.now, make, sessions

    def worker(self) -> ExportMaker:
        make = self._make
        return ExportMaker(make.resources(self._sessions, now=lambda: self.now))

    def works(self) -> None:
        """Do all that there is to do."""
        worker = self.worker()
        while worker.advance():
            pass


@pytest.fixture
def team(make: Factory, sessions: sessionmaker[Session]) -> Team:
    return Team(make, sessions)


def album_of(session: Session, unit: Unit, edits: Edits | None = None) -> Album:
    return package.album_of(compose.of_unit(session, unit), AROUND, edits or Edits(), code="abcdefghij")


def ask(make: Factory, by: Officer, album: Album | None = None, network: Network = Network.FACEBOOK) -> str:
    album = album or album_of(make.session, by.unit)
    with atomic(make.session):
        return exports.ask(make.session, make.given, album, network, by=by).reference


def found(session: Session) -> AlbumExport:
    end_reading(session)
    session.expire_all()
    return session.scalars(select(AlbumExport)).one()


def numbers_in(store: PhotoStore, reference: str) -> list[str]:
    with zipfile.ZipFile(BytesIO(store.get(export_key(reference)))) as opened:
        assert opened.testzip() is None
        return [name.split("_")[1] for name in opened.namelist() if name.startswith("photos/")]


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


def hide(make: Factory, item: Item, heading: str) -> None:
    """Keep a heading of an item's description from the public, as its form does."""
    with atomic(make.session) as session:
        secret = items.open_secrets(item, make.sealer)
        public, kept = withholding.withhold(items.description_of(item), secret, (*secret.withheld, heading))
        written = WrittenItem(item.case, item.category, public, kept, version=item.version)
        items.edit(session, make.given, item, written, by=None)
