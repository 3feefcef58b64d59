"""A photo comes while another one of the same file is being hidden in part: it waits, and does not show that part."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import ChangedMeanwhile
from gallery.models import Case, ItemPhoto, LotPhoto, Officer
from gallery.services import cases
from gallery.services.items import items, photos, redaction
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.lots import lots, receiving
from gallery.services.lots.receiving import ReceivedPhoto
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.secret_photos import COVER, secret_photo
from tests.services.gallery.test_keyed_rows import while_another_waits

# On SQLite whoever writes is alone.
pytestmark = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
Act = Callable[[Session], object]


@pytest.fixture
def case(make: Factory, officer: Officer) -> Case:
    return make.case(officer.unit)


@pytest.fixture
def received(make: Factory, case: Case) -> ReceivedPhoto:
    """The file as it is before anything is hidden."""
    return receiving.receive(make.session, make.given, secret_photo(), case.unit)


@pytest.fixture
def hide_on_item(make: Factory, case: Case, officer: Officer) -> Act:
    photo = make.photo(make.item(case), secret_photo())
    redacted, key, by = _redacted(make, photo), photo.id, officer.id

    def hide(session: Session) -> None:
        row = session.get_one(ItemPhoto, key)
        redaction.hide(session, make.given, row, redacted, by=session.get_one(Officer, by))

    return hide


@pytest.fixture
def hide_where_it_waits(make: Factory, case: Case, officer: Officer, received: ReceivedPhoto) -> Act:
    with atomic(make.session) as session:
        photo = lots.add(session, make.given, case, received, by=officer)
    redacted, key, by = _redacted(make, photo), photo.id, officer.id

    def hide(session: Session) -> None:
        row = session.get_one(LotPhoto, key)
        redaction.hide_waiting(session, make.given, row, redacted, by=session.get_one(Officer, by))

    return hide


@pytest.fixture
def add_to_item(make: Factory, officer: Officer, received: ReceivedPhoto) -> Act:
    number, by, prepared = make.item(make.case(officer.unit)).public_number, officer.id, received.prepared

    def add(session: Session) -> ItemPhoto:
        officer = session.get_one(Officer, by)
        return photos.add_to_item(session, items.lock(session, number, by=officer), prepared, by=officer, now=make.now)

    return add


@pytest.fixture
def let_wait(make: Factory, officer: Officer, received: ReceivedPhoto) -> Act:
    reference, by = make.case(officer.unit).reference, officer.id

    def add(session: Session) -> LotPhoto:
        officer = session.get_one(Officer, by)
        case = cases.lock(session, reference, by=officer)
        return lots.add(session, make.given, case, received, by=officer)

    return add


@pytest.mark.parametrize("hide", ["hide_on_item", "hide_where_it_waits"])
@pytest.mark.parametrize("add", ["add_to_item", "let_wait"])
def test_what_is_being_hidden_is_waited_for(
    sessions: sessionmaker[Session], request: pytest.FixtureRequest, hide: str, add: str
) -> None:
    acts: list[Act] = [request.getfixturevalue(name) for name in (hide, add)]
    with pytest.raises(ChangedMeanwhile):
        while_another_waits(sessions, acts[0], then=acts[1])


def _redacted(make: Factory, photo: ItemPhoto | LotPhoto) -> RedactedPhoto:
    prepared = redaction.prepare(photo, [COVER], settings=make.settings, private=make.private)
    return RedactedPhoto(prepared, photo.rendition_digest)
