"""What the public site lays down is taken by the worker, or comes back with all that was written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.models import DeclarationState
from gallery.services.days import day_in_paris
from gallery.services.declarations import lifecycle, statement
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.victim import Victim
from tests.web.public.declaring.conftest import filed


def test_a_theft_of_today_is_taken_while_it_is_yesterday_in_greenwich(
    victim: Victim, clock: Callable[[timedelta], None], collect: Callable[[], None], session: Session, make: Factory
) -> None:
    late = make.now.replace(hour=23, minute=30) - make.now
    make.now += late
    today = day_in_paris(make.now)
    assert today > make.now.date()
    clock(timedelta())
    victim.declares(**{"vol-du": today.isoformat(), "vol-au": ""})
    collect()
    assert filed(session).state is DeclarationState.OPEN


def test_a_long_number_of_another_country_reaches_the_worker(
    victim: Victim, collect: Callable[[], None], session: Session
) -> None:
    victim.declares(telephone="+62812345678901 x123456")
    collect()
    assert filed(session).state is DeclarationState.OPEN


def test_what_the_worker_would_refuse_comes_back_with_all_that_was_written(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(statement.LENGTHS, "commune", 3)
    page = victim.declares(status=422, commune="Vitré")
    assert "ne peut pas être envoyé" in page.text
    assert page.one("[name=commune]")["value"] == "Vitré"


def test_a_search_is_prolonged_from_the_day_it_is_in_paris(
    victim: Victim, collect: Callable[[], None], session: Session, make: Factory
) -> None:
    victim.declares()
    collect()
    late = make.now.replace(hour=23, minute=30) + timedelta(days=30)
    with atomic(session):
        lifecycle.prolong(session, filed(session), by=None, now=late)
    assert filed(session).ends_on == late.date() + timedelta(days=1 + statement.USUAL_DAYS)
