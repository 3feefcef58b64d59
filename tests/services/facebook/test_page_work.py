"""An album on its way to its unit's page: sent photo by photo, broken off in every way, gone on with."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import FacebookPageNotFound, PostingNotFound, PostingOnline, TooManyForPost
from gallery.models import FacebookPage, FacebookPost, Item, Officer, PhotoOutcome, Posting, PostStage, Unit
from gallery.services.albums import compose, postings
from gallery.services.facebook import connection, outbox
from gallery.services.items import photos, publication
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, rendition_key
from gallery.worker import Worker
from tests.factories import Factory
from tests.parts.graph_server import PAGE, TOKEN, Facebook, Failure
from tests.services.albums.test_albums import AROUND
from tests.services.facebook.conftest import Begin, captions, connect, outcomes, post_in
from tests.web.planted.conftest import MARKS


def test_it_works(session: Session, begin: Begin, worker: Worker, facebook: Facebook) -> None:
    begin()
    worker.run_once()
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert facebook.posts[0]["message"].startswith("3 objets retrouvés cherchent leurs propriétaires.")
    assert facebook.calls == ["photos", "photos", "photos", "feed", f"{PAGE}_1"]
    post = post_in(session)
    assert post.stage is PostStage.PUBLISHED
    assert post.posting.address == f"https://www.facebook.com/{PAGE}/posts/1"
    worker.run_once()
    assert len(facebook.posts) == 1


def test_no_secret_and_no_token_is_sent_or_kept_in_clear(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, caplog: pytest.LogCaptureFixture
) -> None:
    facebook.fail("photos", Failure(400, 368))
    begin()
    worker.run_once()
    sent = repr((facebook.photos, facebook.posts)).encode()
    assert not [mark for mark in MARKS if mark in sent]
    rows = [session.execute(table.select()).all() for table in FacebookPost.metadata.sorted_tables]
    assert TOKEN not in repr(rows) + caplog.text
    assert TOKEN not in "".join(facebook.lines)


def test_asked_for_twice_it_is_published_once(begin: Begin, worker: Worker, facebook: Facebook) -> None:
    assert begin() == begin()
    worker.run_once()
    assert len(facebook.posts) == 1


def test_asked_for_again_within_the_hour_after_it_was_published_it_is_not_published_twice(
    begin: Begin, worker: Worker, facebook: Facebook, make: Factory
) -> None:
    first = begin()
    worker.run_once()
    assert begin() == first
    worker.run_once()
    assert len(facebook.posts) == 1
    make.now += postings.SAME_EXPORT + timedelta(minutes=1)
    assert begin() != first


def test_what_stopped_goes_on_on_the_page_that_the_unit_has_now(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, unit: Unit, make: Factory
) -> None:
    connect(make, unit, page="999")
    begin()
    with atomic(session):
        post = session.scalars(select(FacebookPost)).one()
        post.photos[0].outcome, post.photos[0].media_number = PhotoOutcome.SENT, "of-the-other-page"
        post.stage, post.fault = PostStage.STOPPED, "page"
    connect(make, unit)
    with atomic(session):
        outbox.resume(session, session.scalars(select(FacebookPost)).one())
    worker.run_once()
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]


@pytest.mark.parametrize("state", ["online", "on its way"])
def test_what_is_online_or_may_be_at_once_stays_on_the_list(
    session: Session, begin: Begin, worker: Worker, state: str
) -> None:
    begin()
    if state == "online":
        worker.run_once()
    with atomic(session):
        post = session.scalars(select(FacebookPost)).one()
        post.stage = PostStage.SENDING if state == "on its way" else post.stage
    with pytest.raises(PostingOnline), atomic(session):
        outbox.forget(session, session.scalars(select(Posting)).one())
    assert post_in(session).posting is not None


def test_a_photo_that_facebook_refuses_is_left_out(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook
) -> None:
    facebook.fail("photos", Failure(400, 324))
    begin()
    worker.run_once()
    assert captions(facebook) == ["Montre b", "Montre c"]
    assert outcomes(session) == [PhotoOutcome.REFUSED, PhotoOutcome.SENT, PhotoOutcome.SENT]


def test_an_item_withdrawn_on_the_way_is_not_shown(
    session: Session,
    begin: Begin,
    three: list[Item],
    worker: Worker,
    facebook: Facebook,
    officer: Officer,
    make: Factory,
) -> None:
    begin()
    worker.advance_post()
    with atomic(session):
        publication.withdraw(session, session.get_one(Item, three[0].id), by=officer, now=make.now)
        publication.withdraw(session, session.get_one(Item, three[1].id), by=officer, now=make.now)
    worker.run_once()
    assert captions(facebook) == ["Montre c"]
    assert facebook.calls.count("photos") == 2


def test_a_photo_without_its_file_is_left_out(
    begin: Begin, three: list[Item], worker: Worker, facebook: Facebook, public: PhotoStore
) -> None:
    public.delete([rendition_key(three[0].photos[0].rendition_digest, "share.jpg")])
    begin()
    worker.run_once()
    assert captions(facebook) == ["Montre b", "Montre c"]


def test_nothing_left_to_show_is_said(
    session: Session,
    begin: Begin,
    three: list[Item],
    worker: Worker,
    facebook: Facebook,
    officer: Officer,
    make: Factory,
) -> None:
    begin()
    with atomic(session):
        for item in three:
            publication.withdraw(session, session.get_one(Item, item.id), by=officer, now=make.now)
    worker.run_once()
    assert (post_in(session).fault, facebook.calls) == ("nothing_left", [])


def test_a_posting_taken_off_the_list_is_not_published(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook
) -> None:
    begin()
    worker.advance_post()
    with atomic(session):
        outbox.forget(session, session.scalars(select(Posting)).one())
    worker.run_once()
    assert facebook.posts == []


def test_without_a_page_nothing_begins_and_what_has_begun_stops(
    session: Session, begin: Begin, worker: Worker, facebook: Facebook, unit: Unit, make: Factory
) -> None:
    begin()
    with atomic(session):
        connection.disconnect(session, unit, by=None, now=make.now)
    worker.run_once()
    assert (post_in(session).fault, facebook.calls) == ("no_page", [])
    with pytest.raises(FacebookPageNotFound):
        begin()


def test_another_keys_token_is_no_token(
    session: Session, begin: Begin, worker: Worker, unit: Unit, make: Factory
) -> None:
    with atomic(session):
        session.scalars(select(FacebookPage)).one().sealed = make.sealer.seal({"token": TOKEN}, row="page:other")
    begin()
    worker.run_once()
    assert post_in(session).fault == "token"


def test_words_changed_while_it_stood_still_are_those_that_go_online(
    session: Session,
    begin: Begin,
    three: list[Item],
    worker: Worker,
    facebook: Facebook,
    unit: Unit,
    officer: Officer,
    make: Factory,
) -> None:
    facebook.fail("feed", Failure(400, 368))
    begin()
    worker.run_once()
    items = compose.of_numbers(session, unit, [item.public_number for item in reversed(three)])
    album = compose.edited(compose.compose(items, AROUND), compose.Edits(post="Autre texte"))
    with atomic(session):
        outbox.begin(session, unit, album, by=officer, now=make.now)
    worker.run_once()
    assert facebook.posts[0]["message"] == "Autre texte"
    assert captions(facebook) == ["Montre c", "Montre b", "Montre a"]
    assert facebook.calls.count("photos") == 3


def test_more_photos_than_a_post_takes_are_refused(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_PHOTOS", 2)
    with pytest.raises(TooManyForPost):
        begin()


def test_another_unit_finds_no_post(session: Session, begin: Begin, outsider: Officer) -> None:
    begin()
    reference = post_in(session).posting.reference
    with pytest.raises(PostingNotFound), atomic(session):
        outbox.lock(session, reference, unit=outsider.unit)


def test_a_hidden_photo_never_leaves(
    session: Session,
    begin: Begin,
    three: list[Item],
    worker: Worker,
    facebook: Facebook,
    make: Factory,
    officer: Officer,
) -> None:
    make.photo(three[0])
    begin()
    photo = three[0].photos[0]
    with atomic(session):
        item = session.get_one(Item, three[0].id)
        other = next(each for each in item.photos if each.public_id != photo.public_id)
        for each, is_private in ((other, False), (photos.get(item, photo.public_id), True)):
            photos.set_private(session, make.given, each, is_private=is_private, by=officer)
    worker.run_once()
    assert captions(facebook) == ["Montre b", "Montre c"]
