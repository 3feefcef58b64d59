"""`flask reindex`."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery import matching
from gallery.models import Item, Signature, Unit
from gallery.services import signatures
from gallery.services.transaction import atomic, end_reading
from gallery.storage import rendition_key
from tests.factories import Factory

Command = Callable[..., Result]


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    """Of three photos whose signatures an older version made."""
    item = make.item(make.case(unit), with_photos=3)
    with atomic(make.session):
        make.session.execute(update(Signature).values(version="0-older", compact=b"old", details=b"old"))
    return item


def versions(session: Session) -> list[str]:
    end_reading(session)
    return list(session.scalars(select(Signature.version).order_by(Signature.photo_id)))


def test_it_works(flask: Command, session: Session, item: Item) -> None:
    result = flask("reindex")
    assert "3 signatures made anew, 0 failed" in result.output
    assert versions(session) == [matching.ALGORITHM_VERSION] * 3
    compact = session.scalars(select(Signature.compact)).first()
    assert matching.Signature.from_bytes(compact or b"").version == matching.ALGORITHM_VERSION


def test_what_is_new_already_is_left_alone(flask: Command, session: Session, make: Factory, unit: Unit) -> None:
    make.item(make.case(unit), with_photos=1)
    assert "0 signatures made anew" in flask("reindex").output


def test_it_goes_on_where_it_was_stopped(flask: Command, session: Session, make: Factory, item: Item) -> None:
    (first, *_) = signatures.outdated(session, after_photo_id=0, limit=1)
    made = signatures.make(first, settings=make.settings, private=make.private)
    with atomic(session):
        signatures.keep(session, made, now=make.now)
    assert "2 signatures made anew" in flask("reindex").output
    assert versions(session) == [matching.ALGORITHM_VERSION] * 3


def test_a_photo_that_cannot_be_described_is_named_and_the_others_go_on(
    flask: Command, session: Session, make: Factory, item: Item
) -> None:
    photo = item.photos[1]
    make.private.delete([rendition_key(photo.rendition_digest, signatures.described_rendition(photo))])
    result = flask("reindex")
    assert result.exit_code == 1
    assert "2 signatures made anew, 1 failed" in result.output
    assert versions(session).count("0-older") == 1
