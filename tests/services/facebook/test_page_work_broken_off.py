"""An album on its way to its unit’s page, broken off in every way and gone on with; nothing is sent twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import FacebookPost, Item, PhotoOutcome, Posting, PostStage, Unit
from gallery.services.albums import postings
from gallery.services.facebook import outbox, sender
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import atomic
from gallery.worker import Worker
from tests.factories import Factory
from tests.parts.graph_server import Facebook, Failure
from tests.services.facebook.conftest import Begin, Clock, captions, connect, outcomes, post_in


def test_a_line_cut_in_the_middle_is_tried_again_and_nothing_is_sent_twice(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock
) -> None:
    begin()
    assert worker.advance_post()
    facebook.fail("photos", Failure(0))
    assert worker.advance_post()
    assert not worker.advance_post()
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.DUE, "network")
    clock.now += sender.FIRST_RETRY
    worker.run_once()
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert len(facebook.photos) == 3


def test_a_line_that_stays_cut_stops_it_until_an_officer_resumes(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock, unit: Unit
) -> None:
    facebook.fail("photos", *[Failure(503)] * sender.MAX_ATTEMPTS)
    begin()
    for _ in range(sender.MAX_ATTEMPTS):
        worker.run_once()
        clock.now += timedelta(hours=1)
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.STOPPED, "temporary")
    with atomic(session):
        outbox.resume(session, outbox.lock(session, post.posting.reference, unit=unit))
    worker.run_once()
    assert len(facebook.posts) == 1


def test_too_many_calls_are_waited_for(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock
) -> None:
    facebook.fail("photos", Failure(400, 32))
    begin()
    worker.run_once()
    assert (post_in(session).fault, facebook.posts) == ("rate", [])
    clock.now += sender.AFTER_RATE_LIMIT
    worker.run_once()
    assert len(facebook.posts) == 1


def test_a_token_that_has_expired_stops_it_until_there_is_another(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, unit: Unit, make: Factory
) -> None:
    connect(make, unit, token="expired")
    begin()
    worker.run_once()
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.STOPPED, "token")
    connect(make, unit)
    begin()
    worker.run_once()
    assert len(facebook.posts) == 1


@pytest.mark.parametrize(
    ("failure", "fault"),
    [(Failure(403, 200), "permission"), (Failure(400, 100, 33), "page"), (Failure(400, 368), "refused")],
    ids=["permission", "page", "refused"],
)
def test_what_an_officer_must_mend_stops_it_with_its_reason(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, failure: Failure, fault: str
) -> None:
    facebook.fail("feed", failure)
    begin()
    worker.run_once()
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.STOPPED, fault)
    assert outcomes(session) == [PhotoOutcome.SENT] * 3


@pytest.mark.parametrize("failure", [Failure(0, carried_out=True), Failure(502)], ids=["cut", "gateway"])
def test_a_post_whose_answer_was_lost_is_not_sent_again_by_itself(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, failure: Failure, clock: Clock
) -> None:
    facebook.fail("feed", failure)
    begin()
    worker.run_once()
    clock.now += timedelta(days=2)
    worker.run_once()
    begin()
    worker.run_once()
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.STOPPED, "doubtful")
    assert facebook.calls.count("feed") == 1


def test_a_worker_killed_while_it_posts_leaves_a_doubt_and_no_second_post(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock
) -> None:
    begin()
    for _ in range(3):
        worker.advance_post()
    with atomic(session):
        post = session.scalars(select(FacebookPost)).one()
        post.stage, post.leased_until = PostStage.SENDING, clock.now + sender.LEASE
    worker.run_once()
    assert facebook.posts == []
    clock.now += sender.LEASE
    worker.run_once()
    assert (post_in(session).fault, facebook.posts) == ("doubtful", [])


def test_a_worker_killed_between_photos_is_followed_by_another(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock
) -> None:
    begin()
    worker.advance_post()
    assert sender._take(session, worker.given, None) is not None  # taken, and then nothing more is heard of that worker
    assert not worker.advance_post()
    clock.now += sender.LEASE
    worker.run_once()
    assert (len(facebook.posts), len(facebook.photos)) == (1, 3)


def test_photos_that_facebook_has_thrown_away_meanwhile_are_sent_again(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, clock: Clock
) -> None:
    begin()
    worker.advance_post()
    clock.now += sender.KEPT_BY_FACEBOOK + timedelta(seconds=1)
    worker.run_once()
    assert facebook.calls.count("photos") == 4
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]


def test_a_damaged_file_of_ours_stops_it_at_last(
    session: Session, begin: Begin, three: list[Item], worker: Worker, facebook: Facebook, clock: Clock, make: Factory
) -> None:
    begin()
    for key in keys_of(three[0].photos[0]):
        make.public.put(key, make.public.get(key)[:100])
    for _ in range(sender.MAX_ATTEMPTS + 1):
        with suppress(OSError):
            worker.advance_post()
        clock.now += sender.LEASE
    assert post_in(session).stage is PostStage.STOPPED
    assert facebook.posts == []


@pytest.mark.parametrize("steps", [0, 3])
def test_what_an_officer_has_put_online_by_hand_meanwhile_is_not_sent(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, steps: int
) -> None:
    begin()
    for _ in range(steps):
        worker.advance_post()
    with atomic(session):
        postings.set_address(session.scalars(select(Posting)).one(), "https://www.facebook.com/unite/posts/1")
    worker.run_once()
    assert (post_in(session).fault, facebook.posts, len(facebook.photos)) == ("noted", [], steps)
    # It was not there after all.
    post = post_in(session)
    with atomic(session):
        postings.set_address(post.posting, "")
        outbox.resume(session, post)
    worker.run_once()
    assert len(facebook.posts) == 1


def test_a_post_whose_photos_the_page_no_longer_takes_is_resumed_with_fresh_ones(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook
) -> None:
    begin()
    facebook.fail("feed", Failure(400, 324))
    worker.run_once()
    post = post_in(session)
    assert (post.stage, post.fault) == (PostStage.STOPPED, "photo")
    with atomic(session):
        outbox.resume(session, post)
    worker.run_once()
    assert (len(facebook.posts), facebook.calls.count("photos")) == (1, 6)
