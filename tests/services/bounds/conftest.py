"""A declaration and a claim at a given instant, on SQLite."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count as numbers
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Claim, ClaimState, Declaration, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import filing
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.transaction import atomic
from tests.factories import Factory

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
ME = Contact("Rougé", "rouge@victim.example", "06 55 44 33 22")
Declare = Callable[..., Declaration]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, flood_per_hour=3, flood_per_contact=2)


@pytest.fixture
def declare(session: Session, sealer: Sealer, make: Factory) -> Declare:
    """A declaration that is filed at once, of one object or of none."""
    places = numbers(1)

    def file(
        at: datetime, *, contact: Contact = ME, objects: int = 1, held: bool = False, departement: str = "35", **by: Any
    ) -> Declaration:
        stated, number = StatedObject(words="vélo"), next(places)
        said = Statement(
            Theft(departement=departement), (stated,) * objects, contact, (at + 365 * DAY).date(), consented_at=at
        )
        lock = Lock(f"{number:064d}", b"wrapped", sealer.recipient, "0" * 64)
        described = filing.DescribedStatement(said, [filing.DescribedObject(stated, ())] * objects)
        with atomic(session):
            arrival = filing.Arrival(lock, f"r{number}", is_suspected=held, **by)
            return filing.add(session, described, arrival, sealer=sealer, now=at)

    return file


@pytest.fixture
def claim(session: Session, declare: Declare, make: Factory, unit: Unit) -> Callable[..., Claim]:
    """A claim for an item, in a declaration of its own."""
    item = make.published(make.case(unit))

    def file(at: datetime, *, of: Declaration | None = None, **fields: Any) -> Claim:
        declaration = of or declare(at, objects=0)
        with atomic(session):
            plain = {"state": ClaimState.RECEIVED, "changed_at": at, "told_at": at}
            made = Claim(
                reference=f"R-{declaration.id}", declaration=declaration, item=item, claimed_at=at, **plain | fields
            )
            session.add(made)
        return made

    return file
