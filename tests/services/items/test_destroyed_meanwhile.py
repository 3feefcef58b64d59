"""Files are made while those of another photo of the same picture are destroyed: no row names one that is gone."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import ChangedMeanwhile
from gallery.models import Case, ItemPhoto, LotPhoto, Officer, Unit
from gallery.services import cases
from gallery.services.items import deletion, items, leftovers, photos, redaction
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import keys_of
from gallery.services.lots import lots, making, receiving
from gallery.services.lots.grouping import groups_of
from gallery.services.lots.making import ReadyGroup
from gallery.services.lots.receiving import ReceivedPhoto
from gallery.services.transaction import atomic
from gallery.storage import original_key
from tests.databases import while_another_waits
from tests.factories import Factory
from tests.secret_photos import COVER, secret_photo

Act = Callable[[Session], object]
on_postgresql = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


class Twin:
    """Another photo of the same file, hidden in part."""

    def __init__(self, make: Factory, officer: Officer, case: Case) -> None:
        self.make, self.by = make, officer
        self.item = make.item(case)
        self.photo = make.photo(self.item, secret_photo())
        redacted = hidden_in(make, self.photo)
        with atomic(make.session) as session:
            self.before: leftovers.Files = redaction.hide(session, make.given, self.photo, redacted, by=officer)

    def condemn(self) -> None:
        make, public_id = self.make, self.photo.public_id
        with atomic(make.session) as session:
            deletion.delete(session, make.given, self.photo, by=self.by)
            deleted = deletion.get(session, self.item, public_id, now=make.now)
            deletion.condemn(session, self.item, deleted, by=self.by, now=make.now)

    def destroy(self, session: Session) -> None:
        deletion.destroy(session, private=self.make.private, public=self.make.public)

    def empty(self, session: Session) -> None:
        redaction.empty(session, self.before, private=self.make.private, public=self.make.public)


@pytest.fixture
def twin(make: Factory, officer: Officer) -> Twin:
    """Of another unit."""
    return Twin(make, officer, make.case(make.unit("BTA22")))


@pytest.fixture
def received(make: Factory, case: Case, twin: Twin) -> ReceivedPhoto:
    return receive(make, case)


def receive(make: Factory, case: Case) -> ReceivedPhoto:
    return receiving.receive(make.session, make.given, secret_photo(), case.unit)


def hidden_in(make: Factory, photo: ItemPhoto | LotPhoto) -> RedactedPhoto:
    prepared = redaction.prepare(photo, [COVER], settings=make.settings, private=make.private)
    return RedactedPhoto(prepared, photo.rendition_digest)


@pytest.fixture
def add_to_item(make: Factory, case: Case, officer: Officer, received: ReceivedPhoto) -> Act:
    number, by = make.item(case).public_number, officer.id

    def add(session: Session) -> ItemPhoto:
        officer = session.get_one(Officer, by)
        item = items.lock(session, number, by=officer)
        return photos.add_new(session, make.given, item, received.prepared, by=officer)

    return add


@pytest.fixture
def let_wait(make: Factory, case: Case, officer: Officer, received: ReceivedPhoto) -> Act:
    reference, by = case.reference, officer.id

    def add(session: Session) -> LotPhoto:
        officer = session.get_one(Officer, by)
        return lots.add(session, make.given, cases.lock(session, reference, by=officer), received, by=officer)

    return add


@pytest.fixture
def turn(make: Factory, case: Case, officer: Officer, twin: Twin) -> Act:
    photo = make.photo(make.item(case), secret_photo())
    turned = photos.prepare_turn(photo, quarter_turns=1, settings=make.settings, private=make.private)
    return lambda session: photos.turn(session, make.given, photo, turned, by=officer)


@pytest.fixture
def hide_on_item(make: Factory, case: Case, officer: Officer, twin: Twin) -> Act:
    photo = make.photo(make.item(case), secret_photo())
    redacted = hidden_in(make, photo)
    return lambda session: redaction.hide(session, make.given, photo, redacted, by=officer)


@pytest.fixture
def hide_where_it_waits(make: Factory, case: Case, officer: Officer, received: ReceivedPhoto) -> Act:
    with atomic(make.session) as session:
        photo = lots.add(session, make.given, case, received, by=officer)
    redacted = hidden_in(make, photo)
    return lambda session: redaction.hide_waiting(session, make.given, photo, redacted, by=officer)


@pytest.mark.parametrize("name", ["add_to_item", "let_wait", "turn", "hide_on_item", "hide_where_it_waits"])
def test_files_that_are_gone_get_no_row(name: str, request: pytest.FixtureRequest, make: Factory, twin: Twin) -> None:
    act: Act = request.getfixturevalue(name)
    twin.condemn()
    twin.destroy(make.session)
    with pytest.raises(ChangedMeanwhile), atomic(make.session) as session:
        act(session)


def test_a_table_gives_no_item_files_that_are_gone(make: Factory, case: Case, officer: Officer) -> None:
    with atomic(make.session) as session:
        photo = lots.add(session, make.given, case, receive(make, case), by=officer)
    twin, item = Twin(make, officer, case), make.item(case)
    files = making.prepare(make.session, make.given, [photo], by=officer)
    twin.condemn()
    twin.destroy(make.session)
    (group,) = groups_of(photo.lot.photos)
    with pytest.raises(ChangedMeanwhile), atomic(make.session) as session:
        making.add_to(session, make.given, ReadyGroup(group, files), item, by=officer)


@on_postgresql
@pytest.mark.parametrize("how", ["destroy", "empty"])
@pytest.mark.parametrize("name", ["add_to_item", "let_wait"])
def test_files_that_are_getting_a_row_stay(
    name: str,
    how: str,
    request: pytest.FixtureRequest,
    sessions: sessionmaker[Session],
    make: Factory,
    twin: Twin,
    received: ReceivedPhoto,
) -> None:
    act: Act = request.getfixturevalue(name)
    if how == "destroy":
        twin.condemn()

    def destroy(_: Session) -> None:
        with sessions() as session:
            getattr(twin, how)(session)

    while_another_waits(sessions, act, then=destroy)
    prepared = received.prepared
    keys = [original_key(prepared.original_sha256), *keys_of(prepared)]
    assert [key for key in keys if not make.private.holds(key)] == []
