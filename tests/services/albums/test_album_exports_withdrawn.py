"""Files of albums never leave with what has been withdrawn, and are made again of the rest."""

import pytest
from sqlalchemy.orm import Session

from gallery.errors import AlbumEmpty, ExportNotFound, ExportOutdated
from gallery.models import ExportFault, ExportState, Item, Officer
from gallery.services.albums import compose, exports, postings
from gallery.services.albums.compose import Edits
from gallery.services.items import photos
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album
from gallery.storage import export_key
from tests.factories import Factory
from tests.services.albums.conftest import AROUND, Team, album_of, ask, found, numbers_in, withdraw


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
