"""A victim at a browser without scripts, the clock of the site, and the worker that collects."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Declaration
from gallery.sealing import Sealer
from gallery.services.declarations import collecting
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.victim import DECLARATIONS, Victim


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        **DECLARATIONS,
        declaration_rate="1000 per minute",
        declaration_overall_rate="10000 per minute",
    )


@pytest.fixture
def collect(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[], None]:
    with atomic(session):
        collecting.publish_key(session, sealer)

    def collect_all() -> None:
        while collecting.collect(session, settings=settings, sealer=sealer, now=make.now):
            pass

    return collect_all


@pytest.fixture
def clock(app: Flask, make: Factory) -> Callable[[timedelta], None]:
    """Moves the public site's clock, which begins where the others stand."""

    def set_to(later: timedelta) -> None:
        app.extensions["resources"] = replace(app.extensions["resources"], now=lambda: make.now + later)

    set_to(timedelta())
    return set_to


@pytest.fixture
def victim(client: FlaskClient, collect: Callable[[], None], clock: Callable[[timedelta], None]) -> Victim:
    return Victim(client, clock)


def filed(session: Session) -> Declaration:
    end_reading(session)
    return session.scalars(select(Declaration)).one()
