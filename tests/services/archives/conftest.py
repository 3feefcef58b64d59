"""An archive of albums, given by an officer, and the worker that reads it."""

from collections.abc import Callable
from io import BytesIO
from threading import Event

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import Case, Officer
from gallery.services.facebook import archives
from gallery.services.facebook.archives import ArrivingFile, Choices
from gallery.services.items import categories
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, archive_key
from gallery.worker import Worker
from tests import pictures
from tests.archives import Shot, archive
from tests.factories import Factory

Give = Callable[..., str]


def drawn(seed: int) -> bytes:
    return pictures.jpeg(pictures.picture(seed).resize((320, 240)))


PHOTOS = [drawn(seed) for seed in range(12)]
PACKAGE = archive(
    {
        "Vitré": [Shot("0.jpg", PHOTOS[0], "Bague"), Shot("1.jpg", PHOTOS[1]), Shot("copie.jpg", PHOTOS[0])],
        "Fougères": [Shot("3.jpg", PHOTOS[3]), Shot("4.jpg", b"no photo"), Shot("5.jpg", None)],
    }
)


@pytest.fixture
def give(session: Session, private: PhotoStore, officer: Officer, make: Factory) -> Give:
    """Give an archive as the page does, and return its reference."""

    def given(package: bytes = PACKAGE, case: Case | None = None) -> str:
        with atomic(session):
            choices = Choices(categories.get_by_code(session, "jewellery"), case)
            file = ArrivingFile("facebook.zip", len(package))
            reference = archives.receive(session, choices, file, by=officer, now=make.now).reference
        private.put_file(archive_key(reference), BytesIO(package))
        with atomic(session):
            archives.received(session, reference, by=officer)
        return reference

    return given


@pytest.fixture
def worker(
    settings: Settings, sessions: sessionmaker[Session], private: PhotoStore, public: PhotoStore, make: Factory
) -> Worker:
    return Worker(make.resources(sessions), Event())
