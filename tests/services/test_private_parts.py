"""What waiting photos seem to show that is private: looked for once, told by kind, until an officer has looked."""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import PhotoNotFound, StoreUnreachable
from gallery.imaging import PrivateKind
from gallery.models import Case, LotPhoto, Officer
from gallery.services.items import redaction
from gallery.services.lots import lots, private_parts, receiving
from gallery.services.lots.work import LotWork
from gallery.services.resources import Resources
from gallery.services.transaction import atomic
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory


@pytest.fixture
def case(make: Factory, officer: Officer) -> Case:
    return make.case(officer.unit)


@pytest.fixture
def work(make: Factory, sessions: sessionmaker[Session]) -> LotWork:
    return LotWork(make.resources(sessions))


def drop(make: Factory, case: Case, officer: Officer, picture: Image.Image) -> str:
    data = pictures.jpeg(picture)
    received = receiving.receive(make.session, make.given, data, case.unit)
    with atomic(make.session) as session:
        return lots.add(session, make.given, case, replace(received, name="IMG_1.jpg"), by=officer).public_id


def with_screen() -> Image.Image:
    photo = Image.new("RGB", (1600, 1200), (70, 68, 60))
    ImageDraw.Draw(photo).rectangle((400, 300, 1100, 800), fill=(235, 240, 245))
    return photo


def told(session: Session, public_id: str) -> list[PrivateKind]:
    session.rollback()
    return private_parts.told_of(session.scalars(select(LotPhoto).where(LotPhoto.public_id == public_id)).one())


def test_a_photo_is_looked_at_once_and_told_until_an_officer_has_looked(
    make: Factory, session: Session, sessions: sessionmaker[Session], case: Case, officer: Officer, outsider: Officer
) -> None:
    shows, plain = (
        drop(make, case, officer, each) for each in (with_screen(), Image.new("RGB", (1600, 1200), (70, 68, 60)))
    )
    assert not told(session, shows)
    Worker(make.resources(sessions), Event()).run_once()
    assert PrivateKind.SCREEN in told(session, shows)
    assert told(session, plain) == []
    assert not private_parts.look_next(session, make.given)
    with pytest.raises(PhotoNotFound), atomic(session):
        private_parts.dismiss(session, shows, by=outsider)
    with atomic(session):
        private_parts.dismiss(session, shows, by=officer)
    assert told(session, shows) == []
    assert not private_parts.look_next(session, make.given)


def test_nothing_is_looked_at_while_a_photo_waits_to_be_described(
    make: Factory, session: Session, work: LotWork, case: Case, officer: Officer
) -> None:
    first = drop(make, case, officer, with_screen())
    assert not work.look_next()  # not described yet
    drop(make, case, officer, pictures.picture(1))
    assert work.describe_next()
    assert not work.look_next()
    assert work.describe_next()
    assert not work.describe_next()
    assert work.look_next()
    assert PrivateKind.SCREEN in told(session, first)


def test_after_an_outage_a_photo_is_looked_at_again_and_after_any_other_fault_it_is_not(
    make: Factory, session: Session, work: LotWork, case: Case, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = drop(make, case, officer, with_screen())
    while work.describe_next():
        pass

    def fails(error: Exception, given: Resources) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(redaction, "proposed", fail)
            with pytest.raises(type(error)):
                private_parts.look_next(session, given)

    later = make.at(make.now + timedelta(minutes=1))
    fails(StoreUnreachable("down"), make.given)
    assert not private_parts.look_next(session, make.given)
    fails(ValueError("of the program"), later)
    assert not private_parts.look_next(session, later)
    with atomic(session):
        session.scalars(select(LotPhoto)).one().private_kinds = None
    other = drop(make, case, officer, pictures.picture(1))
    while work.describe_next():
        pass
    fails(StoreUnreachable("of this file alone"), later)
    assert private_parts.look_next(session, later)
    assert told(session, other) == []
    assert private_parts.look_next(session, make.at(make.now + timedelta(minutes=2)))
    assert PrivateKind.SCREEN in told(session, public_id)
