"""What two people do at one moment is all done: neither writes over what the other has not committed yet."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import Case, Officer, Unit
from gallery.services import audit
from gallery.services.items import categories
from gallery.services.items.categories import WrittenCategory
from gallery.services.transaction import atomic, end_reading
from tests.databases import while_another_waits
from tests.factories import Factory

# On SQLite who writes second waits before it reads anything.
pytestmark = pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
Act = Callable[[Session], None]


@pytest.fixture
def move(officer: Officer, now: datetime) -> Callable[[str, int], Act]:
    """Makes an act that moves a category as an administrator does."""
    by_id = officer.id

    def made(code: str, places: int) -> Act:
        def act(session: Session) -> None:
            category, by = categories.get_by_code(session, code), session.get_one(Officer, by_id)
            categories.move(session, category, places=places, by=by, now=now)

        return act

    return made


@pytest.fixture
def rename(officer: Officer, now: datetime) -> Act:
    by_id = officer.id

    def act(session: Session) -> None:
        row = categories.lock_by_code(session, "watches")
        written = WrittenCategory("Montres anciennes", row.name_en, row.never_public, row.withholds, row.version)
        categories.edit(session, row, written, by=session.get_one(Officer, by_id), now=now)

    return act


def codes(session: Session) -> list[str]:
    end_reading(session)
    return [category.code for category in categories.all_in_order(session)]


def test_two_categories_are_moved(
    sessions: sessionmaker[Session], session: Session, move: Callable[[str, int], Act]
) -> None:
    before = codes(session)
    while_another_waits(sessions, move(before[0], 1), then=move(before[5], 1))
    assert codes(session) == [before[1], before[0], *before[2:5], before[6], before[5], *before[7:]]


@pytest.mark.parametrize("is_renamed_first", [True, False], ids=["renamed-first", "moved-first"])
def test_a_category_is_moved_and_renamed(
    sessions: sessionmaker[Session],
    session: Session,
    move: Callable[[str, int], Act],
    rename: Act,
    is_renamed_first: bool,
) -> None:
    place = codes(session).index("watches")
    first, second = (rename, move("watches", 1)) if is_renamed_first else (move("watches", 1), rename)
    while_another_waits(sessions, first, then=second)
    assert codes(session).index("watches") == place + 1
    assert categories.get_by_code(session, "watches").name_fr == "Montres anciennes"


def test_two_looks_are_counted(
    sessions: sessionmaker[Session], session: Session, make: Factory, unit: Unit, officer: Officer
) -> None:
    case_id, by_id = make.case(unit).id, officer.id

    def look(session: Session) -> None:
        by, case = session.get_one(Officer, by_id), session.get_one(Case, case_id)
        audit.tally(session, by, "read_sealed", case, now=make.now + timedelta(minutes=1))

    with atomic(session):
        look(session)
    while_another_waits(sessions, look, then=look)
    end_reading(session)
    (entry,) = audit.history(session, session.get_one(Case, case_id), actions=("read_sealed",))
    assert entry.details == {"times": 3}
