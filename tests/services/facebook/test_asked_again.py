"""The same album asked for again, by whoever: one post, in the words given last, as long as it is not online."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Officer, PhotoOutcome, Posting, PostStage
from gallery.services.albums import postings
from gallery.services.facebook import sender
from gallery.services.facebook.graph import Graph
from gallery.services.transaction import atomic
from gallery.worker import Worker
from tests.factories import Factory
from tests.parts.graph_server import Facebook, Failure
from tests.services.facebook.conftest import Begin, captions, outcomes, post_in


def test_two_officers_have_one_post(
    session: Session, begin: Begin, officer: Officer, colleague: Officer, worker: Worker, facebook: Facebook
) -> None:
    assert begin(officer, "Trois montres") == begin(colleague, "Trois montres volées")
    worker.run_once()
    assert [post["message"] for post in facebook.posts] == ["Trois montres volées"]
    assert post_in(session).posting.officer_id == officer.id


def test_words_corrected_while_it_waits_are_those_that_go_online(
    begin: Begin, worker: Worker, facebook: Facebook
) -> None:
    begin(words="Trois montes")
    worker.advance_post()
    begin(words="Trois montres")
    worker.run_once()
    assert [post["message"] for post in facebook.posts] == ["Trois montres"]
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert facebook.calls.count("photos") == 3


def test_what_has_waited_for_longer_than_an_hour_is_not_sent_beside_another(
    begin: Begin, make: Factory, worker: Worker, facebook: Facebook
) -> None:
    first = begin(words="Trois montes")
    make.now += postings.SAME_EXPORT + timedelta(minutes=1)
    assert begin(words="Trois montres") == first
    worker.run_once()
    assert [post["message"] for post in facebook.posts] == ["Trois montres"]


def test_what_may_be_online_is_not_sent_again_once_its_address_is_noted(
    session: Session, begin: Begin, colleague: Officer, worker: Worker, facebook: Facebook
) -> None:
    facebook.fail("feed", Failure(0, carried_out=True))
    first = begin()
    worker.run_once()
    assert begin(colleague, "Autre texte") == first
    with atomic(session):
        postings.set_address(session.scalars(select(Posting)).one(), "https://www.facebook.com/ggd35/posts/1")
    assert begin() == begin(colleague) == first
    worker.run_once()
    assert (len(facebook.posts), facebook.calls.count("feed")) == (1, 1)


def once_before(call: Callable[..., Any], act: Callable[[], object]) -> Callable[..., Any]:
    """The call, before the first of which this is done."""
    waiting = [act]

    def called(*given: Any, **named: Any) -> Any:
        if waiting:
            waiting.pop()()
        return call(*given, **named)

    return called


def test_words_corrected_while_a_photo_is_sent_hold_nothing_up(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(words="Trois montes")
    monkeypatch.setattr(Graph, "send_photo", once_before(Graph.send_photo, lambda: begin(words="Trois montres")))
    worker.run_once()
    assert [post["message"] for post in facebook.posts] == ["Trois montres"]
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert (post_in(session).stage, outcomes(session)) == (PostStage.PUBLISHED, [PhotoOutcome.SENT] * 3)


def test_words_corrected_at_the_last_moment_are_those_that_go_online(
    begin: Begin, worker: Worker, facebook: Facebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(words="Trois montes")
    for _ in range(3):
        worker.advance_post()
    monkeypatch.setattr(sender, "_public", once_before(sender._public, lambda: begin(words="Trois montres")))
    worker.run_once()
    assert [post["message"] for post in facebook.posts] == ["Trois montres"]
