"""Processes whose clocks differ: an officer goes on working, and is signed out when it is time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery.config import Settings
from gallery.models import Officer
from tests.web.backoffice.conftest import SignIn


def status_at(app: Flask, client: FlaskClient, ahead: timedelta) -> int:
    """What the officer's list answers in a process whose clock is ahead by this."""
    given = app.extensions["resources"]
    app.extensions["resources"] = replace(given, now=lambda: datetime.now(UTC) + ahead)
    try:
        return client.get("/objets").status_code
    finally:
        app.extensions["resources"] = given


@pytest.mark.parametrize("minutes", [5, -5])
def test_five_minutes_sign_nobody_out(backoffice_app: Flask, sign_in: SignIn, officer: Officer, minutes: int) -> None:
    client = sign_in(officer)
    ahead = timedelta(minutes=minutes)
    assert [status_at(backoffice_app, client, each) for each in (ahead, timedelta(), ahead)] == [200, 200, 200]


def test_a_clock_that_is_ahead_by_more_than_the_pause_does(
    backoffice_app: Flask, sign_in: SignIn, officer: Officer, settings: Settings
) -> None:
    client = sign_in(officer)
    pause = timedelta(minutes=settings.session_idle_minutes)
    assert status_at(backoffice_app, client, pause + timedelta(minutes=1)) == 302
