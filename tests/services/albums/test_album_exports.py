"""Files of albums: made once and whole whatever happens to their workers, and never with what has been withdrawn."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import ExportNotFound, StoreRefused, StoreUnreachable, TooManyExports
from gallery.models import ExportFault, ExportState, Item, Network, Officer
from gallery.services import forgetting, sweeping
from gallery.services.albums import export_work, exports, postings, public_page
from gallery.services.albums.compose import Edits
from gallery.services.rests import GIVEN_BACK_FOR
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic, end_reading
from gallery.storage import export_key, rendition_key
from tests.factories import Factory
from tests.services.albums.conftest import DAY, Team, album_of, ask, found, numbers_in


def test_an_album_that_is_asked_for_becomes_a_file_and_a_posting(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    assert postings.kept_by(session, officer.unit) == []
    team.works()
    export = found(session)
    assert (export.state, export.done, export.total) == (ExportState.READY, 3, 3)
    assert numbers_in(make.private, reference) == [item.public_number for item in three]
    assert export.size_bytes == len(make.private.get(export_key(reference)))
    assert [record.posting.officer for record in postings.kept_by(session, officer.unit)] == [officer]
    assert len(public_page.get(session, "abcdefghij").items) == 3


def test_a_button_pressed_twice_asks_once(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    assert ask(make, officer) == reference
    team.works()
    assert ask(make, officer) == reference
    assert found(session).state is ExportState.READY


@pytest.mark.parametrize("what", ["network", "words", "officer"])
def test_another_album_is_another_file(
    make: Factory, session: Session, three: list[Item], officer: Officer, colleague: Officer, what: str
) -> None:
    reference = ask(make, officer)
    album = album_of(session, officer.unit, Edits(title="Vitré") if what == "words" else None)
    network = Network.FLICKR if what == "network" else Network.FACEBOOK
    assert ask(make, colleague if what == "officer" else officer, album, network) != reference


def test_a_unit_waits_for_some_files_only(
    make: Factory, session: Session, three: list[Item], officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MAX_AT_ONCE", 1)
    ask(make, officer)
    with pytest.raises(TooManyExports):
        ask(make, officer, network=Network.FLICKR)


@pytest.mark.usefixtures("step_by_step")
def test_a_worker_that_is_killed_is_followed_by_another_whose_file_is_the_same(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    whole = make.private.get(export_key(reference))
    with atomic(session):
        export = found(session)
        export.state, export.attempts = ExportState.WAITING, 0
    killed = team.worker()
    for _ in range(6):
        killed.advance()
    assert found(session).state is ExportState.MAKING
    team.works()
    assert found(session).state is ExportState.MAKING, "taken before its lease has ended"
    team.now += timedelta(minutes=make.settings.worker_lease_minutes)
    team.works()
    assert found(session).state is ExportState.READY
    assert make.private.get(export_key(reference)) == whole


@pytest.mark.usefixtures("step_by_step")
def test_a_worker_whose_clock_is_five_minutes_ahead_doubles_no_file(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    first = team.worker()
    for _ in range(4):
        first.advance()
    # By its clock the lease of the one at work has ended: both make the file, which is the same.
    team.now += timedelta(minutes=5)
    team.works()
    team.now -= timedelta(minutes=5)
    while first.advance():
        pass
    assert (found(session).state, found(session).reference) == (ExportState.READY, reference)
    assert numbers_in(make.private, reference) == [item.public_number for item in three]
    assert len(postings.kept_by(session, officer.unit)) == 1


@pytest.mark.usefixtures("step_by_step")
def test_a_worker_that_slept_longer_than_its_lease_does_no_harm(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference, slow = ask(make, officer), team.worker()
    for _ in range(6):
        slow.advance()
    team.now += timedelta(minutes=make.settings.worker_lease_minutes)
    team.works()
    while slow.advance():
        pass
    assert found(session).state is ExportState.READY
    assert len(numbers_in(make.private, reference)) == 3
    assert len(postings.kept_by(session, officer.unit)) == 1


@pytest.mark.usefixtures("step_by_step")
def test_a_worker_that_ends_gives_the_file_to_another_at_once(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    ending = team.worker()
    for _ in range(6):
        ending.advance()
    ending.close()
    assert found(session).attempts == 0
    team.works()
    assert found(session).state is ExportState.READY


@pytest.mark.usefixtures("step_by_step")
def test_a_file_that_is_given_up_while_it_is_made_leaves_nothing(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference, worker = ask(make, officer), team.worker()
    for _ in range(6):
        worker.advance()
    with atomic(session):
        key = exports.forget(session, exports.lock(session, reference, by=officer))
    make.private.delete([key])
    while worker.advance():
        pass
    assert not make.private.holds(key)
    assert postings.kept_by(session, officer.unit) == []


def test_a_store_that_takes_no_file_is_waited_for(
    make: Factory, session: Session, settings: Settings, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    obstacle = Path(settings.private_store_address, "exports")
    obstacle.write_text("in the way")
    for _ in range(export_work.MAX_ATTEMPTS + 1):
        with pytest.raises(StoreUnreachable):
            team.works()
        assert (found(session).state, found(session).attempts) == (ExportState.WAITING, 0)
        team.now += GIVEN_BACK_FOR
    obstacle.unlink()
    team.works()
    assert found(session).state is ExportState.READY


def test_a_disk_of_photos_that_is_away_is_waited_for(
    make: Factory, session: Session, settings: Settings, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    folder = Path(settings.public_store_address)
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    with pytest.raises(StoreRefused):
        team.works()
    shutil.rmtree(folder)
    folder.with_name("away").rename(folder)
    team.now += GIVEN_BACK_FOR
    team.works()
    assert found(session).state is ExportState.READY


def test_a_file_that_the_store_does_not_take_keeps_no_other_waiting(
    make: Factory, session: Session, settings: Settings, team: Team, three: list[Item], officer: Officer
) -> None:
    Path(settings.private_store_address, export_key(ask(make, officer)), "in the way").mkdir(parents=True)
    with pytest.raises(StoreUnreachable):
        team.works()
    team.now += timedelta(minutes=1)
    later = ask(make, officer, network=Network.FLICKR)
    with pytest.raises(StoreUnreachable):
        team.works()
    end_reading(session)
    assert exports.get(session, later, by=officer, now=team.now).is_there


def test_an_album_that_cannot_be_made_is_tried_three_times_and_then_told(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    digest = three[1].photos[0].rendition_digest
    make.public.delete([rendition_key(digest, "share.jpg")])
    make.public.put(rendition_key(digest, "share.jpg"), b"no picture")
    for _ in range(4):
        team.works()
        assert found(session).state is ExportState.MAKING
        team.now += export_work.RETRY_AFTER
        if found(session).attempts == export_work.MAX_ATTEMPTS:
            break
    team.works()
    assert (found(session).state, found(session).fault) == (ExportState.FAILED, ExportFault.BROKEN)


def test_a_photo_whose_file_is_lost_is_no_withdrawn_one(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    make.public.delete([f"renditions/{(d := three[1].photos[0].rendition_digest)[:2]}/{d}/share.jpg"])
    team.works()
    assert found(session).fault is ExportFault.BROKEN


def test_another_unit_does_not_see_it(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer, outsider: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    assert exports.kept_by(session, outsider.unit, now=make.now) == []
    for act in (exports.get, exports.to_fetch):
        with pytest.raises(ExportNotFound):
            act(session, reference, by=outsider, now=make.now)
    with pytest.raises(ExportNotFound):
        exports.lock(session, reference, by=outsider)


def test_after_a_day_it_is_forgotten_and_swept(
    make: Factory, session: Session, settings: Settings, team: Team, three: list[Item], officer: Officer
) -> None:
    key = export_key(ask(make, officer))
    team.works()
    later = make.now + timedelta(hours=settings.export_hours)
    assert exports.kept_by(session, officer.unit, now=later) == []
    with atomic(session):
        assert forgetting.forget_old(session, settings, now=later).exports == [key]
    how = Sweep(older_than=later + 400 * DAY, now=later, approved=True)
    assert key in [orphan for batch in sweeping.sweep_private(session, make.private, how) for orphan in batch.orphans]
    assert not make.private.holds(key)


def test_a_file_that_may_be_fetched_is_not_swept(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    key = export_key(ask(make, officer))
    team.works()
    list(sweeping.sweep_private(session, make.private, Sweep(make.now + 400 * DAY, make.now, approved=True)))
    assert make.private.holds(key)
