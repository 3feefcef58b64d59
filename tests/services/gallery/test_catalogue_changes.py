import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gallery.models import CatalogueChange, CatalogueRevision
from gallery.services import revision
from gallery.services.transaction import atomic


def touched(session: Session, *changes: list[int] | None) -> int:
    """The number after changes of these items, or of items that nobody names."""
    for item_ids in changes:
        with atomic(session):
            revision.touch(session) if item_ids is None else revision.touch_items(session, item_ids)
    return revision.current(session)


def test_changes_of_certain_items_are_told_together(session: Session) -> None:
    number = touched(session, None, [3, 1], [], [1, 2])
    assert number == 4
    assert revision.items_changed(session, since=1, until=4) == {1, 2, 3}
    assert revision.items_changed(session, since=2, until=3) == set()


def test_it_is_not_known_which_items_a_change_of_anything_was_of(session: Session) -> None:
    touched(session, [1], None, [2])
    assert revision.items_changed(session, since=1, until=3) is None
    assert revision.items_changed(session, since=0, until=1) == {1}
    assert revision.items_changed(session, since=3, until=3) is None
    assert revision.items_changed(session, since=5, until=3) is None


def test_a_revision_that_was_set_back_stops_no_change(session: Session) -> None:
    touched(session, [1], [2])
    with atomic(session):
        session.execute(update(CatalogueRevision).values(number=0))
    assert touched(session, [3]) == 1
    assert revision.items_changed(session, since=0, until=1) == {3}


@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_a_role_without_the_table_fails_at_its_first_look(session: Session) -> None:
    # At once, as readiness looks: not hours later, at the first change.
    session.execute(text("ALTER TABLE catalogue_changes RENAME TO other_changes"))
    with pytest.raises(DBAPIError):
        revision.items_changed(session, since=-1, until=revision.MAX_REMEMBERED)
    session.rollback()


def test_the_last_changes_alone_are_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "MAX_REMEMBERED", 20)
    with atomic(session):
        for number in range(100):
            revision.touch_items(session, [number])
    assert session.scalar(select(func.count()).select_from(CatalogueChange)) == revision.MAX_REMEMBERED
    last = revision.current(session)
    assert revision.items_changed(session, since=last - 1, until=last) == {last - 1}
    assert revision.items_changed(session, since=last - revision.MAX_REMEMBERED - 1, until=last) is None
