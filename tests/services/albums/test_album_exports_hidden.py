"""Files of albums never leave with a heading that was hidden from the public since they were asked for."""

import json
from hashlib import sha256

import pytest
from sqlalchemy.orm import Session

from gallery.errors import ExportOutdated
from gallery.models import Case, ExportFault, ExportState, Item, Officer
from gallery.services.albums import exports, told
from gallery.services.albums.compose import Edits
from gallery.services.items import photos
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import Album
from gallery.storage import export_key
from tests import pictures
from tests.factories import Factory
from tests.services.albums.conftest import AROUND, Team, album_of, ask, found, hide


@pytest.fixture
def watch(make: Factory, case: Case) -> Item:
    photo = pictures.jpeg(pictures.picture(4).resize((240, 180)))
    return make.published(case, photo, title="Montre", brand="Lip", model="T18")


@pytest.mark.parametrize("heading", ["brand", "model"])
def test_a_heading_hidden_since_does_not_leave_with_the_file(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer, heading: str
) -> None:
    reference = ask(make, officer)
    team.works()
    end_reading(session)
    assert exports.to_fetch(session, reference, by=officer, now=make.now).reference == reference
    hide(make, watch, heading)
    end_reading(session)
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)
    assert [record.is_outdated for record in exports.kept_by(session, officer.unit, now=make.now)] == [True]


def test_a_heading_that_the_album_never_told_leaves_the_file_as_it_is(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    end_reading(session)
    hide(make, watch, "period")
    end_reading(session)
    assert exports.to_fetch(session, reference, by=officer, now=make.now).reference == reference


def test_a_heading_hidden_before_the_file_is_made_stops_it(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer
) -> None:
    reference = ask(make, officer)
    hide(make, watch, "brand")
    team.works()
    export = found(session)
    assert (export.state, export.fault) == (ExportState.FAILED, ExportFault.WITHDRAWN)
    assert not make.private.holds(export_key(reference))


@pytest.mark.usefixtures("step_by_step")
def test_a_heading_hidden_while_the_file_is_made_stops_it(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer
) -> None:
    reference, worker = ask(make, officer), team.worker()
    worker.advance()
    assert found(session).state is ExportState.MAKING
    hide(make, watch, "brand")
    while worker.advance():
        pass
    export = found(session)
    assert (export.state, export.fault) == (ExportState.FAILED, ExportFault.WITHDRAWN)
    assert not make.private.holds(export_key(reference))


@pytest.mark.parametrize("caption", ["", "Une Lip : la vôtre ?"])
def test_made_again_it_no_longer_tells_it_though_an_officer_has_typed_it(
    make: Factory, session: Session, watch: Item, officer: Officer, caption: str
) -> None:
    edits = Edits(captions={watch.public_number: caption} if caption else {})
    reference = ask(make, officer, album_of(session, officer.unit, edits))
    assert "Lip" in found(session).album["items"][0]["keywords"]
    hide(make, watch, "brand")
    with atomic(session):
        old = exports.lock(session, reference, by=officer)
        fresh = exports.ask_again(session, make.given, old, AROUND, by=officer)
        item = Album.of_table(fresh.album).items[0]
    assert "Lip" not in item.keywords
    assert "Lip" not in item.caption


def test_a_file_that_an_earlier_version_made_is_made_again(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer
) -> None:
    reference = ask(make, officer)
    team.works()
    with atomic(session):
        export = exports.lock(session, reference, by=officer)
        items = [{name: each for name, each in item.items() if name != "told"} for item in export.album["items"]]
        export.album = {**export.album, "items": items}
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)
    assert Album.of_table(export.album).items[0].number == watch.public_number


def describe(make: Factory, item: Item, text: str, by: Officer) -> None:
    """Say what an item's photo shows, as the page of its photos does."""
    with atomic(make.session) as session:
        photos.set_alt_text(session, item.photos[0], text, by=by, now=make.now)


@pytest.mark.parametrize(("before", "since"), [("Montre gravée J.R. 1962", "Montre"), ("", "Montre, dos"), ("Dos", "")])
def test_a_text_of_a_photo_that_was_corrected_since_does_not_leave_with_the_file(
    make: Factory, session: Session, team: Team, watch: Item, officer: Officer, before: str, since: str
) -> None:
    describe(make, watch, before, officer)
    reference = ask(make, officer)
    team.works()
    end_reading(session)
    assert exports.to_fetch(session, reference, by=officer, now=make.now).reference == reference
    describe(make, watch, since, officer)
    end_reading(session)
    with pytest.raises(ExportOutdated):
        exports.to_fetch(session, reference, by=officer, now=make.now)


def test_a_photo_without_a_text_of_its_own_leaves_files_of_earlier_versions_as_they_are(
    session: Session, watch: Item
) -> None:
    said = ["Montre", watch.category.name_fr, "Lip", "T18", str(watch.case.theft_from), str(watch.case.theft_until)]
    earlier = sha256(json.dumps([each.replace("None", "") for each in said]).encode()).hexdigest()
    assert told.at_this_moment(session, [watch.public_number]) == {watch.public_number: earlier}
