from contextlib import ExitStack

import pytest
from flask import Flask

from gallery.errors import TooManySearches
from gallery.web.intake import admission
from gallery.web.intake.admission import Admission, Place
from tests import pictures
from tests.page import Browser
from tests.waiting import PATIENCE, begin, wait_until

RING = pictures.jpeg(pictures.picture(1, kind="ring"))


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _nobody_waits_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less than the ten seconds that a person is given."""
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0)


@pytest.fixture
def one(clock: Clock) -> Admission:
    return Admission(1, clock)


def before(admitted: Admission, turn: str) -> int:
    with pytest.raises(TooManySearches) as refusal, admitted.searching(turn):
        pass
    return refusal.value.before


def test_it_works(one: Admission) -> None:
    with one.searching("alice"):
        assert [before(one, turn) for turn in ("bob", "carol", "bob")] == [1, 2, 1]
    with one.searching("bob"):
        assert before(one, "carol") == 1


def refused(admitted: Admission, turn: str) -> bool:
    try:
        admitted.expect(turn)
    except TooManySearches:
        return True
    return False


def test_photos_are_read_only_for_who_may_wait_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAIT_SECONDS", 30)
    one = Admission(1)

    def search() -> None:
        with one.searching("bob"):
            pass

    with one.searching("alice"):
        one.expect("bob")
        waiting = begin(search)
        wait_until(lambda: refused(one, "carol"))
    waiting.result(PATIENCE)


def test_nobody_overtakes(one: Admission) -> None:
    with one.searching("alice"):
        before(one, "bob")
    assert before(one, "carol") == 1
    assert one.look("bob").is_next


def test_who_has_gone_away_keeps_the_place_and_lets_the_others_pass(one: Admission, clock: Clock) -> None:
    with one.searching("alice"):
        before(one, "bob")
        before(one, "carol")
    clock.seconds += admission.PRESENT_SECONDS + 1
    with one.searching("dave"):
        assert before(one, "carol") == 1
        assert before(one, "bob") == 1
        assert before(one, "carol") == 2


def test_who_asks_and_never_comes_holds_nobody_up(one: Admission) -> None:
    with one.searching("alice"):
        before(one, "ghost")
        before(one, "bob")
    assert one.look("ghost").is_next
    assert one.look("ghost") == Place(1, pytest.approx(one.look("ghost").seconds), is_next=False)
    assert one.look("bob").is_next


def test_a_fault_gives_the_place_back(one: Admission) -> None:
    with pytest.raises(ZeroDivisionError), one.searching("alice"):
        raise ZeroDivisionError
    with one.searching("bob"):
        pass


def test_the_wait_is_told_by_how_long_searches_take(clock: Clock) -> None:
    two = Admission(2, clock)
    for _ in range(30):
        with two.searching("alice"):
            clock.seconds += 10
    with ExitStack() as stack:
        for turn in ("bob", "carol"):
            stack.enter_context(two.searching(turn))
        assert two.look("dave").seconds == pytest.approx(5, rel=0.02)
        for number in range(3):
            two.look(f"crowd {number}")
        assert two.look("erin").seconds == pytest.approx(25, rel=0.02)


def test_who_comes_next_waits_for_the_end_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAIT_SECONDS", 30)
    one, order = Admission(1), []

    def search() -> None:
        with one.searching("bob"):
            order.append("bob")

    with one.searching("alice"):
        waiting = begin(search)
        order.append("alice")
    waiting.result(PATIENCE)
    assert order == ["alice", "bob"]


def crowded(app: Flask, stack: ExitStack, *, waiting: int = 0) -> Admission:
    admitted: Admission = app.extensions["admission"]
    for number in range(2):
        stack.enter_context(admitted.searching(f"running {number}"))
    for number in range(waiting):
        admitted.look(f"waiting {number}")
    return admitted


def test_a_visitor_is_told_the_place_and_what_to_do(app: Flask, browser: Browser) -> None:
    with ExitStack() as stack:
        crowded(app, stack, waiting=5)
        page = browser.search(RING, status=503)
        assert "Il y a 7 recherches avant la vôtre : quelques secondes." in page.text
        assert "rechargez cette page" in page.text
        assert page.one("[data-again]")["data-again"] == "turn"
        assert int(page.answer.headers["Retry-After"]) >= 5
        assert "Il y a 7 recherches avant la vôtre" in browser.search(RING, status=503).text
    assert "Il y a 5 recherches avant la vôtre" in browser.search(RING, status=503).text


def test_the_page_asks_when_it_is_its_turn(app: Flask, browser: Browser) -> None:
    assert browser.client.get("/recherche/attente").get_json() == {"next": True, "before": 0, "sentence": ""}
    with ExitStack() as stack:
        crowded(app, stack)
        answer = browser.client.get("/recherche/attente").get_json()
        assert (answer["next"], answer["before"]) == (False, 2)
        assert "Il y a 2 recherches avant la vôtre" in answer["sentence"]
    assert browser.client.get("/recherche/attente").get_json()["next"]
    assert browser.search(RING)


def test_pages_are_answered_meanwhile(app: Flask, browser: Browser) -> None:
    with ExitStack() as stack:
        crowded(app, stack, waiting=50)
        assert browser.get("/")
