"""An album of three objects, asked for by an officer, and the worker that sends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import FacebookPost, Item, Officer, PhotoOutcome, Unit
from gallery.services.albums import compose
from gallery.services.facebook import connection, outbox
from gallery.services.transaction import atomic, end_reading
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory
from tests.parts.graph_server import PAGE, TOKEN, Facebook
from tests.services.albums.test_albums import AROUND
from tests.web.planted.conftest import CASE_SECRETS, ITEM_SECRETS

Begin = Callable[..., int]


@pytest.fixture
def settings(settings: Settings, facebook: Facebook) -> Settings:
    return replace(settings, graph_address=facebook.address)


@pytest.fixture
def three(make: Factory, unit: Unit) -> list[Item]:
    """Three published items with a secret wherever one can be, of a unit that has a page."""
    case = make.case(unit, CASE_SECRETS)
    drawn = [pictures.jpeg(pictures.picture(seed).resize((320, 240))) for seed in range(3)]
    made = [
        make.published(case, photo, title=f"Montre {name}", secret=ITEM_SECRETS)
        for photo, name in zip(drawn, "abc", strict=True)
    ]
    connect(make, unit)
    return made


def connect(make: Factory, unit: Unit, token: str = TOKEN, page: str = PAGE) -> None:
    with atomic(make.session) as session:
        connection.connect(session, make.given, unit, connection.FacebookAccess(page_id=page, token=token), by=None)


@pytest.fixture
def begin(session: Session, three: list[Item], unit: Unit, officer: Officer, make: Factory) -> Begin:
    """Ask for the three to be published, in these words or those proposed, and return the post's row."""

    def begun(by: Officer = officer, words: str | None = None) -> int:
        items = compose.of_numbers(session, unit, [item.public_number for item in three])
        album = compose.edited(compose.compose(items, AROUND), compose.Edits(post=words))
        with atomic(session):
            return outbox.begin(session, unit, album, by=by, now=make.now).id

    return begun


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(make: Factory) -> Clock:
    return Clock(make.now)


@pytest.fixture
def worker(make: Factory, sessions: sessionmaker[Session], clock: Clock) -> Worker:
    return Worker(make.resources(sessions, now=clock), Event())


def post_in(session: Session) -> FacebookPost:
    end_reading(session)
    return session.scalars(select(FacebookPost)).one()


def outcomes(session: Session) -> list[PhotoOutcome]:
    return [photo.outcome for photo in post_in(session).photos]


def captions(facebook: Facebook) -> list[str]:
    return [caption.split("\n")[0] for caption in facebook.shown]
