"""Files of albums: made once and whole whatever happens to their workers, and never with what has been withdrawn."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.errors import AlbumEmpty, ExportNotFound, ExportOutdated, TooManyExports
from gallery.models import AlbumExport, Case, ExportFault, ExportState, Item, Network, Officer, Unit
from gallery.services import forgetting, sweeping
from gallery.services.albums import compose, export_work, exports, package, postings, public_page
from gallery.services.albums.compose import Edits, Surroundings
from gallery.services.albums.export_work import ExportMaker
from gallery.services.items import photos, publication
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album
from gallery.storage import PhotoStore, export_key
from tests import pictures
from tests.factories import Factory

AROUND = Surroundings("https://objets.example.fr", "Vitré", lambda first, last: "")
DAY = timedelta(days=1)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def three(make: Factory, case: Case) -> list[Item]:
    """Published items with a small photo each, in the order in which they are shared."""
    drawn = [pictures.jpeg(pictures.picture(seed).resize((240, 180))) for seed in (1, 2, 3)]
    return [make.published(case, photo) for photo in drawn][::-1]


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker make one piece of the file at each step."""
    monkeypatch.setattr(export_work, "STEP_SECONDS", 0)


class Team:
    """Workers, and the clock that they all see."""

    def __init__(self, make: Factory, sessions: sessionmaker[Session]) -> None:
        self.now, self._make, self._sessions = make.now, make, sessions

    def worker(self) -> ExportMaker:
        make = self._make
        return ExportMaker(make.resources(self._sessions, now=lambda: self.now))

    def works(self) -> None:
        """Do all that there is to do."""
        worker = self.worker()
        while worker.advance():
            pass


@pytest.fixture
def team(make: Factory, sessions: sessionmaker[Session]) -> Team:
    return Team(make, sessions)


def album_of(session: Session, unit: Unit, edits: Edits | None = None) -> Album:
    return package.album_of(compose.of_unit(session, unit), AROUND, edits or Edits(), code="abcdefghij")


def ask(make: Factory, by: Officer, album: Album | None = None, network: Network = Network.FACEBOOK) -> str:
    album = album or album_of(make.session, by.unit)
    with atomic(make.session):
        return exports.ask(make.session, make.given, album, network, by=by).reference


def found(session: Session) -> AlbumExport:
    end_reading(session)
    session.expire_all()
    return session.scalars(select(AlbumExport)).one()


def numbers_in(store: PhotoStore, reference: str) -> list[str]:
    with zipfile.ZipFile(BytesIO(store.get(export_key(reference)))) as opened:
        assert opened.testzip() is None
        return [name.split("_")[1] for name in opened.namelist() if name.startswith("photos/")]


def withdraw(make: Factory, item: Item) -> None:
    with atomic(make.session):
        publication.withdraw(make.session, item, by=None, now=make.now)


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


def test_what_is_withdrawn_before_the_file_is_made_stops_it(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    withdraw(make, three[1])
    team.works()
    export = found(session)
    assert (export.state, export.fault) == (ExportState.FAILED, ExportFault.WITHDRAWN)
    assert not make.private.holds(export_key(reference))
    assert postings.kept_by(session, officer.unit) == []


@pytest.mark.usefixtures("step_by_step")
@pytest.mark.parametrize("step", [2, 7, 30])
def test_what_is_withdrawn_while_the_file_is_made_stops_it(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer, step: int
) -> None:
    reference, worker = ask(make, officer), team.worker()
    for _ in range(step):
        if not worker.advance():
            break
    withdraw(make, three[0])
    while worker.advance():
        pass
    end_reading(session)
    with pytest.raises((ExportOutdated, ExportNotFound)):
        exports.to_fetch(session, reference, by=officer, now=make.now)


def test_what_is_withdrawn_since_does_not_leave_with_the_file(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    end_reading(session)
    assert exports.to_fetch(session, reference, by=officer, now=make.now).reference == reference
    withdraw(make, three[1])
    end_reading(session)
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)


def test_a_photo_that_shows_something_else_since_does_not_leave_with_the_file(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    photo = three[0].photos[0]
    turned = photos.prepare_turn(photo, quarter_turns=1, settings=make.settings, private=make.private)
    with atomic(session):
        photos.turn(session, make.given, photo, turned, by=officer)
    end_reading(session)
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)


def test_a_photo_that_another_item_has_since_does_not_leave_with_the_file(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    first, second, _ = three
    photo = make.photo(first)
    with atomic(session):
        photos.set_private(session, make.given, photo, is_private=False, by=officer)
    reference = ask(make, officer)
    team.works()
    with atomic(session):
        photos.move(session, make.given, photo, second, by=officer)
        photos.set_private(session, make.given, photo, is_private=False, by=officer)
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)


def test_made_again_it_has_the_rest_in_the_officers_words_and_counts_anew(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    caption = {three[0].public_number: "La vôtre ?"}
    reference = ask(make, officer, album_of(session, officer.unit, Edits(title="Vitré", captions=caption)))
    team.works()
    withdraw(make, three[1])
    with atomic(session):
        old = exports.lock(session, reference, by=officer)
        assert "3 objets" in Album.of_table(old.album).description
        fresh = exports.ask_again(session, make.given, old, AROUND, by=officer)
        album = Album.of_table(fresh.album)
    assert [item.number for item in album.items] == [three[0].public_number, three[2].public_number]
    assert (album.title, album.items[0].caption, album.page_code) == ("Vitré", "La vôtre ?", "abcdefghij")
    assert "2 objets" in album.description
    team.works()
    assert numbers_in(make.private, found(session).reference) == [three[0].public_number, three[2].public_number]


def test_words_that_an_officer_has_changed_are_not_counted_anew(
    make: Factory, session: Session, three: list[Item], officer: Officer
) -> None:
    album = album_of(session, officer.unit, Edits(description="Trois objets de Vitré"))
    withdraw(make, three[2])
    renewed = compose.renewed(album, compose.of_unit(session, officer.unit), AROUND)
    assert renewed.description == "Trois objets de Vitré"
    assert "2 objets" in renewed.post


def test_nothing_is_made_again_of_what_is_all_withdrawn(
    make: Factory, session: Session, team: Team, three: list[Item], officer: Officer
) -> None:
    reference = ask(make, officer)
    for item in three:
        withdraw(make, item)
    old = found(session)
    with pytest.raises(AlbumEmpty), atomic(session):
        exports.ask_again(session, make.given, old, AROUND, by=officer)
    assert found(session).reference == reference


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


def test_a_store_that_takes_no_file_is_tried_three_times_and_then_told(
    make: Factory, session: Session, settings: Settings, team: Team, three: list[Item], officer: Officer
) -> None:
    ask(make, officer)
    Path(settings.private_store_address, "exports").write_text("in the way")
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
