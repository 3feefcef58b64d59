"""A statement, its declaration, and the code that opens it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.database import Base
from gallery.models import Declaration
from gallery.sealing import Sealer
from gallery.services.declarations import answers, collecting, dropping
from gallery.services.declarations.opening import locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.factories import Factory
from tests.victim import DECLARATIONS

CODE = "pomme rivière cheval maison tapis lune"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **DECLARATIONS)


@pytest.fixture
def statement(make: Factory) -> Statement:
    """A burglary of two objects, one of them with a photo, filled in by a daughter."""
    ring = StatedObject("jewellery", "bague PLANTED-words", "PLANTED-brand", "PLANTED-serial", ("gold",), (photo(),))
    return Statement(
        theft=Theft(date(2025, 3, 1), date(2025, 3, 8), "35", "PLANTED-commune", "PLANTED-complaint"),
        objects=(ring, StatedObject(words="vélo PLANTED-bicycle")),
        contact=Contact("Rougé-Lacourt", "PLANTED@victim.example", "0655443322"),
        helper=Contact("PLANTED-helper", "PLANTED-daughter@victim.example"),
        phrase="PLANTED-phrase",
        ends_on=make.now.date() + timedelta(days=365),
        consented_at=make.now,
    )


def photo() -> bytes:
    return pictures.jpeg(pictures.picture(1), comment=b"PLANTED-comment")


@pytest.fixture
def send(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[Statement], None]:
    with atomic(session):
        collecting.publish_key(session, sealer)

    def drop(statement: Statement) -> None:
        lock = locks.make(CODE, pepper=settings.declaration_pepper)
        with atomic(session):
            dropping.drop(session, make.given, statement, lock)

    return drop


@pytest.fixture
def collect(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[], bool]:
    return lambda: collecting.collect(session, settings=settings, sealer=sealer, now=make.now)


@pytest.fixture
def filed(
    session: Session, send: Callable[[Statement], None], collect: Callable[[], bool], statement: Statement
) -> Declaration:
    send(statement)
    assert collect()
    return session.scalars(select(Declaration)).one()


@pytest.fixture
def holder(session: Session, filed: Declaration, settings: Settings) -> Holder:
    return answers.open_with(session, CODE, pepper=settings.declaration_pepper)


def count(session: Session, *tables: type[Base]) -> list[int]:
    end_reading(session)
    return [session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]
