"""What is forbidden at the moment in which somebody else shows it: the second is refused, in either order."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import CategoryInUse, GalleryError, PublicationRefused, UnitUnreachable
from gallery.models import Item, ItemStatus, Officer, Unit
from gallery.services.items import categories, items, publication
from gallery.services.items.categories import WrittenCategory
from gallery.services.items.items import WrittenItem
from gallery.services.people import units
from gallery.services.people.units import WrittenUnit
from gallery.services.transaction import atomic
from tests.databases import while_another_waits
from tests.factories import Factory

# On SQLite who writes second waits before it reads anything.
pytestmark = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
Act = Callable[[Session], None]
CODE = "watches"


@pytest.fixture(autouse=True)
def category_as_it_was(sessions: sessionmaker[Session]) -> Iterator[None]:
    yield
    with sessions() as session, atomic(session):
        categories.get_by_code(session, CODE).never_public = False


@pytest.fixture
def draft(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit), category=CODE, with_photos=1)


@pytest.fixture
def publish(make: Factory, draft: Item) -> Act:
    item_id = draft.id

    def act(session: Session) -> None:
        publication.publish(session, make.given, session.get_one(Item, item_id), by=None)

    return act


@pytest.fixture
def forbid(make: Factory, officer: Officer) -> Act:
    """As an administrator does it."""
    by_id, now = officer.id, make.now

    def act(session: Session) -> None:
        category = categories.lock_by_code(session, CODE)
        written = WrittenCategory(category.name_fr, category.name_en, True, category.withholds, category.version)
        categories.edit(session, category, written, by=session.get_one(Officer, by_id), now=now)

    return act


@pytest.fixture
def hang_up(make: Factory, unit: Unit, officer: Officer) -> Act:
    """Take from a unit all by which an owner could reach it."""
    code, by_id, now = unit.code, officer.id, make.now

    def act(session: Session) -> None:
        row = units.lock_by_code(session, code)
        written = WrittenUnit(row.name, row.kind, version=row.version)
        units.edit_unit(session, row, written, by=session.get_one(Officer, by_id), now=now)

    return act


@pytest.fixture(params=["edit", "change_category"])
def put_there(request: pytest.FixtureRequest, make: Factory, unit: Unit, officer: Officer) -> Act:
    """Put a published item into the category."""
    item_id, by_id = make.published(make.case(unit)).id, officer.id

    def act(session: Session) -> None:
        item, category = session.get_one(Item, item_id), categories.get_by_code(session, CODE)
        by = session.get_one(Officer, by_id)
        if request.param == "change_category":
            return items.change_category(session, make.given, item, category, by=by)
        secret = items.open_secrets(item, make.sealer)
        written = WrittenItem(item.case, category, items.description_of(item), secret, item.version)
        return items.edit(session, make.given, item, written, by=by)

    return act


def second_is_refused(sessions: sessionmaker[Session], first: Act, second: Act, error: type[GalleryError]) -> None:
    with pytest.raises(error):
        while_another_waits(sessions, first, then=second)


def test_no_item_becomes_public_in_a_category_that_never_is(
    sessions: sessionmaker[Session], publish: Act, forbid: Act, draft: Item, make: Factory
) -> None:
    second_is_refused(sessions, forbid, publish, PublicationRefused)
    make.session.refresh(draft)
    assert draft.status is ItemStatus.DRAFT


def test_no_category_is_forbidden_of_which_an_item_becomes_public(
    sessions: sessionmaker[Session], publish: Act, forbid: Act
) -> None:
    second_is_refused(sessions, publish, forbid, CategoryInUse)


def test_no_item_becomes_public_of_a_unit_that_nobody_can_reach(
    sessions: sessionmaker[Session], publish: Act, hang_up: Act
) -> None:
    second_is_refused(sessions, hang_up, publish, PublicationRefused)


def test_no_unit_becomes_unreachable_of_which_an_item_becomes_public(
    sessions: sessionmaker[Session], publish: Act, hang_up: Act
) -> None:
    second_is_refused(sessions, publish, hang_up, UnitUnreachable)


def test_no_public_item_comes_into_a_category_that_is_just_forbidden(
    sessions: sessionmaker[Session], put_there: Act, forbid: Act
) -> None:
    second_is_refused(sessions, forbid, put_there, PublicationRefused)


def test_no_category_is_forbidden_into_which_a_public_item_just_comes(
    sessions: sessionmaker[Session], put_there: Act, forbid: Act
) -> None:
    second_is_refused(sessions, put_there, forbid, CategoryInUse)
