"""What the page of a declaration says of prolonging: nothing is offered that gains nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.services.declarations import lifecycle
from gallery.services.declarations.statement import MAX_DAYS
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.victim import Victim, code_of
from tests.web.public.declaring.conftest import filed

LIMIT, OFFER, ON_ITS_WAY = "deux ans au plus", "input[name=acte][value=prolonger]", "prolongation est partie"


@pytest.fixture
def declared(victim: Victim, collect: Callable[[], None], clock: Callable[[timedelta], None]) -> Callable[[str], str]:
    def declare(months: str) -> str:
        code = code_of(victim.declares(duree=months))
        clock(timedelta())
        collect()
        victim.opens(code)
        return code

    return declare


def test_a_search_of_a_year_may_be_prolonged(victim: Victim, declared: Callable[[str], str]) -> None:
    declared("12")
    page = victim.browser.get("/ma-declaration")
    assert (len(page.all(OFFER)), LIMIT in page.text) == (1, False)
    victim.sends("/ma-declaration/demande", status=303, acte="prolonger")
    assert ON_ITS_WAY in victim.browser.get("/ma-declaration").text


def test_one_of_two_years_may_not_and_says_so(victim: Victim, declared: Callable[[str], str]) -> None:
    declared("24")
    page = victim.browser.get("/ma-declaration")
    assert (len(page.all(OFFER)), LIMIT in page.text) == (0, True)
    # From a page that was open before.
    victim.sends("/ma-declaration/demande", status=303, acte="prolonger")
    assert ON_ITS_WAY not in victim.browser.get("/ma-declaration").text


def test_once_it_is_prolonged_to_two_years_no_line_offers_it_again(
    victim: Victim, declared: Callable[[str], str], session: Session, make: Factory, settings: Settings
) -> None:
    declared("12")
    with atomic(session):
        lifecycle.prolong(session, filed(session), by=None, now=make.now + timedelta(days=366))
        lifecycle.purge(session, settings, now=make.now + timedelta(days=MAX_DAYS - 7))
    page = victim.browser.get("/ma-declaration")
    assert "La recherche s’arrête dans une semaine." in page.text
    assert (len(page.all(OFFER)), "Vous pouvez la prolonger" in page.text, LIMIT in page.text) == (0, False, True)


@pytest.mark.parametrize(("days", "offered"), [(MAX_DAYS, 1), (MAX_DAYS + 1, 0)])
def test_one_that_has_ended_is_opened_again_until_two_years_are_over(
    days: int, offered: int, victim: Victim, declared: Callable[[str], str], session: Session, make: Factory
) -> None:
    code = declared("12")
    with atomic(session):
        lifecycle.close(session, filed(session), by=None, now=make.now)
    victim.clock(timedelta(days=days))
    victim.opens(code)
    assert len(victim.browser.get("/ma-declaration").all(OFFER)) == offered
