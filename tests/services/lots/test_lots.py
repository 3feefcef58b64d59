"""Photos that wait in a case: once each, whoever sends them, as long as the settings say."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import LotFull, PhotoNotFound, PhotoThereAlready, PhotoUnreadable
from gallery.models import Case, LotPhoto, Officer, Unit
from gallery.services import forgetting, sweeping
from gallery.services.lots import lots, receiving
from gallery.services.lots.lots import RefusedFile
from gallery.services.storekeeping import ownership
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, original_key
from tests import pictures
from tests.factories import Factory

LIMIT = 3


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


def drop(make: Factory, case: Case, officer: Officer, seed: int) -> LotPhoto:
    data = pictures.jpeg(pictures.picture(seed))
    received = receiving.receive(make.session, make.given, data, case.unit)
    given = replace(make.given, settings=replace(make.settings, max_lot_photos=LIMIT))
    with atomic(make.session) as session:
        return lots.add(session, given, case, replace(received, name=f"{seed}.jpg"), by=officer)


def test_the_same_file_waits_once(make: Factory, case: Case, officer: Officer, colleague: Officer) -> None:
    first = drop(make, case, officer, 1)
    assert drop(make, case, colleague, 1) is first
    assert lots.waiting(make.session, case) == 1


def test_only_what_is_missing_is_asked_for(make: Factory, case: Case, officer: Officer) -> None:
    assert lots.missing(make.session, case, ["a" * 64]) == ["a" * 64]
    there = drop(make, case, officer, 1).original_sha256
    with atomic(make.session) as session:
        lots.set_aside(session, case, RefusedFile("b" * 64, "notes.txt", PhotoUnreadable()), now=make.now)
    assert lots.missing(make.session, case, ["a" * 64, there, "b" * 64]) == ["a" * 64]


def test_what_an_object_of_the_case_has_is_not_asked_for_and_waits_no_more(
    make: Factory, case: Case, unit: Unit, officer: Officer
) -> None:
    data = pictures.jpeg(pictures.picture(1))
    there = make.photo(make.item(case), data).original_sha256
    assert lots.missing(make.session, case, ["a" * 64, there]) == ["a" * 64]
    assert lots.in_items(make.session, case, ["a" * 64, there]) == {there}
    with pytest.raises(PhotoThereAlready):
        drop(make, case, officer, 1)
    assert lots.waiting(make.session, case) == 0
    # Another case may hold another object of which it was taken, too.
    other = make.case(unit)
    assert lots.missing(make.session, other, [there]) == [there]
    assert drop(make, other, officer, 1).original_sha256 == there


def test_a_lot_has_a_limit(make: Factory, case: Case, officer: Officer) -> None:
    for seed in range(LIMIT):
        drop(make, case, officer, seed)
    with pytest.raises(LotFull):
        drop(make, case, officer, LIMIT)


def test_another_unit_finds_no_waiting_photo(make: Factory, case: Case, officer: Officer, outsider: Officer) -> None:
    photo = drop(make, case, officer, 1)
    with pytest.raises(PhotoNotFound):
        lots.get_photo(make.session, photo.public_id, by=outsider)


def test_files_stay_while_they_wait_and_go_once_they_are_forgotten(
    make: Factory, session: Session, settings: Settings, case: Case, officer: Officer, private: PhotoStore
) -> None:
    photo = drop(make, case, officer, 1)
    key, later = original_key(photo.original_sha256), datetime.now(make.now.tzinfo) + timedelta(days=2)
    ownership.adopt(session, private)
    list(sweeping.sweep_private(session, private, Sweep(older_than=later, now=later)))
    assert private.holds(key)
    old = make.now + timedelta(days=settings.lot_days, seconds=1)
    with atomic(session):
        assert forgetting.forget_old(session, settings, now=old).waiting == 1
    # No question asked: whoever forgets a lot has said which files go.
    list(sweeping.sweep_private(session, private, Sweep(older_than=later, now=later)))
    assert not private.holds(key)
    assert lots.waiting(session, case) == 0
