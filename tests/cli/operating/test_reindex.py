"""`flask reindex`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

import pytest
from click.testing import Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery import create_app, matching
from gallery.config import Settings, Site
from gallery.models import Item, SignatureState, StoredSignature, Unit
from gallery.services.items import signatures
from gallery.services.transaction import atomic, end_reading
from gallery.storage import rendition_key
from tests.factories import Factory
from tests.waiting import LONG_PATIENCE

Command = Callable[..., Result]


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    """A published item of three photos whose signatures an older version made."""
    item = make.item(make.case(unit), with_photos=3)
    with atomic(make.session):
        make.session.execute(update(StoredSignature).values(version="0-older", compact=b"old", details=b"old"))
    return item


def versions(session: Session) -> list[str]:
    end_reading(session)
    return list(session.scalars(select(StoredSignature.version).order_by(StoredSignature.photo_id)))


def test_it_works(flask: Command, session: Session, item: Item) -> None:
    result = flask("reindex")
    assert "3 signatures made anew, 0 failed" in result.output
    assert versions(session) == [matching.current_version()] * 3
    compact = session.scalars(select(StoredSignature.compact)).first()
    assert matching.Signature.from_bytes(compact or b"").version == matching.current_version()


def test_what_is_new_already_is_left_alone(flask: Command, session: Session, make: Factory, unit: Unit) -> None:
    make.item(make.case(unit), with_photos=1)
    assert "0 signatures made anew" in flask("reindex").output


@pytest.mark.usefixtures("without_pool")
def test_it_goes_on_where_it_was_stopped(flask: Command, session: Session, make: Factory, item: Item) -> None:
    (first, *_) = signatures.outdated(session, 0, 1)
    made = signatures.make(first, settings=make.settings, private=make.private)
    with atomic(session):
        signatures.keep(session, made, now=make.now)
    assert "2 signatures made anew" in flask("reindex").output
    assert versions(session) == [matching.current_version()] * 3


@pytest.mark.usefixtures("without_pool")
def test_a_photo_that_cannot_be_described_is_named_and_the_others_go_on(
    flask: Command, session: Session, make: Factory, item: Item
) -> None:
    photo = item.photos[1]
    make.private.delete([rendition_key(photo.rendition_digest, signatures.described_rendition(photo))])
    result = flask("reindex")
    assert result.exit_code == 1
    assert "2 signatures made anew, 1 failed" in result.output
    assert f"{item.public_number}, photo 2: the store has no such file" in result.output
    assert versions(session).count("0-older") == 1


def test_a_new_encoder_asks_for_new_signatures_which_every_process_makes_with_it(
    session: Session, settings: Settings, item: Item, encoder: Path
) -> None:
    app = create_app(replace(settings, encoder=str(encoder)), {Site.BACKOFFICE})
    result = app.test_cli_runner().invoke(args=["reindex"], catch_exceptions=False)
    assert "3 signatures made anew, 0 failed" in result.output
    assert versions(session) == [matching.current_version()] * 3
    compact = session.scalars(select(StoredSignature.compact)).first()
    assert matching.Signature.from_bytes(compact or b"").vector is not None
    assert signatures.count_outdated(session) == 0


def test_an_encoder_that_cannot_be_used_stops_the_program_at_its_start(spawn: Callable[..., Popen[str]]) -> None:
    output, _ = spawn("reindex", GALLERY_ENCODER="none.onnx").communicate(timeout=LONG_PATIENCE)
    assert "Setting refused: encoder: none.onnx can't be read: No such file or directory" in output


def fail(session: Session, item: Item) -> None:
    """As the worker does after three attempts."""
    with atomic(session):
        for photo in item.photos:
            photo.signature_state = SignatureState.FAILED
            session.delete(photo.signature)


@pytest.mark.usefixtures("without_pool")
def test_photos_that_failed_are_told_and_made_again(flask: Command, session: Session, item: Item) -> None:
    fail(session, item)
    told = flask("reindex")
    assert "0 signatures made anew, 0 failed" in told.output
    assert "3 photos have no signature, since they could not be described: `flask reindex --failed`" in told.output
    again = flask("reindex", "--failed")
    assert "3 signatures made anew, 0 failed" in again.output
    assert "have no signature" not in again.output
    assert versions(session) == [matching.current_version()] * 3


@pytest.mark.usefixtures("without_pool")
def test_one_that_fails_again_is_named(flask: Command, session: Session, make: Factory, item: Item) -> None:
    fail(session, item)
    photo = item.photos[2]
    make.private.delete([rendition_key(photo.rendition_digest, signatures.described_rendition(photo))])
    result = flask("reindex", "--failed")
    assert result.exit_code == 1
    assert f"{item.public_number}, photo 3: the store has no such file" in result.output
    assert "1 photos have no signature" in result.output
