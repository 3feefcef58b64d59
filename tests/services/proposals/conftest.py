"""A case, a worker that compares, somebody who declares, and what the code is answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import Case, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import answers, dropping
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.opening import locks
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory
from tests.victim import DECLARATIONS

CODE = "pomme rivière cheval maison tapis lune"
Work = Callable[[], None]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **DECLARATIONS)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def work(sessions: sessionmaker[Session], session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Work:
    """What a worker does until nothing is due, a second later each time."""
    clock = [make.now]
    given = make.resources(sessions, now=lambda: clock[0])
    desk = DeclarationWork(given, open_catalogue(given, Scope.PUBLIC))
    desk.publish_key()

    def until_nothing_is_due() -> None:
        clock[0] += timedelta(seconds=1)
        while desk.collect_next() | desk.compare_next_object() | desk.compare_next_item():
            pass
        session.expire_all()

    return until_nothing_is_due


@pytest.fixture
def worker(sessions: sessionmaker[Session], make: Factory) -> DeclarationWork:
    """A worker that has just started, on the clock of `make`, to be asked for one thing at a time."""
    given = make.resources(sessions)
    return DeclarationWork(given, open_catalogue(given, Scope.PUBLIC))


@pytest.fixture
def declare(session: Session, settings: Settings, make: Factory, work: Work) -> Callable[..., None]:
    def declared(*objects: StatedObject, theft: Theft = Theft()) -> None:  # noqa: B008  a frozen value
        statement = Statement(
            theft=theft,
            objects=objects,
            contact=Contact("Rougé", "", "0655443322"),
            ends_on=make.now.date() + timedelta(days=365),
            consented_at=make.now,
        )
        lock = locks.make(CODE, pepper=settings.declaration_pepper)
        with atomic(session):
            dropping.drop(session, make.given, statement, lock)

    return declared


@pytest.fixture
def answer(session: Session, settings: Settings) -> Callable[[], Answer]:
    """What the victim reads with the code."""
    return lambda: answers.read(session, answers.open_with(session, CODE, pepper=settings.declaration_pepper))


def ring(look: str = "owner") -> bytes:
    drawing = pictures.picture(35, kind="ring")
    return pictures.jpeg({"owner": pictures.relit(pictures.cropped(drawing)), "officer": drawing}[look])
