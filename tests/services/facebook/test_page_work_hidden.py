"""A heading that is hidden while an album is on its way to the page of its unit does not get there."""

import pytest
from sqlalchemy.orm import Session

from gallery.models import Item, PhotoOutcome, PostStage, Unit
from gallery.services.facebook import sender
from gallery.services.transaction import atomic
from gallery.worker import Worker
from tests.factories import Factory
from tests.parts.graph_server import Facebook
from tests.services.albums.conftest import hide
from tests.services.facebook.conftest import Begin, captions, connect, outcomes, post_in


@pytest.fixture
def three(make: Factory, unit: Unit) -> list[Item]:
    """Three published items of a brand, of a unit that has a page."""
    case = make.case(unit)
    connect(make, unit)
    return [make.published(case, title=f"Montre {name}", brand="Lip") for name in "abc"]


@pytest.mark.parametrize("sent", [0, 1, 3])
def test_nothing_more_is_sent_until_the_album_has_been_read_again(
    make: Factory, session: Session, begin: Begin, three: list[Item], worker: Worker, facebook: Facebook, sent: int
) -> None:
    begin()
    for _ in range(sent):
        worker.advance_post()
    hide(make, three[1], "brand")
    worker.run_once()
    assert (post_in(session).stage, post_in(session).fault) == (PostStage.STOPPED, sender.CHANGED)
    assert (facebook.posts, len(facebook.photos)) == ([], sent)
    begin()
    worker.run_once()
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert ["Lip" in caption for caption in facebook.shown] == [True, False, True]


def test_what_was_sent_with_it_is_sent_again_without_it(
    make: Factory, session: Session, begin: Begin, three: list[Item], worker: Worker, facebook: Facebook
) -> None:
    begin()
    worker.advance_post()
    with atomic(session):
        post_in(session).stage = PostStage.STOPPED
    hide(make, three[0], "brand")
    begin()
    assert outcomes(session) == [PhotoOutcome.WAITING] * 3
    worker.run_once()
    assert captions(facebook) == ["Montre a", "Montre b", "Montre c"]
    assert ["Lip" in caption for caption in facebook.shown] == [False, True, True]
