from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from gallery.errors import CategoryInUse, ChangedMeanwhile
from gallery.models import Officer, Unit
from gallery.services import revision
from gallery.services.items import categories
from gallery.services.transaction import atomic
from tests.factories import Factory


def codes(session: Session) -> list[str]:
    return [category.code for category in categories.all_in_order(session)]


@pytest.mark.parametrize(
    ("start", "places", "end"),
    [(0, 1, 1), (3, -1, 2), (1, -9, 0), (1, 99, -1), (0, -1, 0)],
    ids=["down", "up", "above the first", "below the last", "the first stays"],
)
def test_a_category_moves_within_the_list(
    session: Session, officer: Officer, now: datetime, start: int, places: int, end: int
) -> None:
    before = codes(session)
    known = revision.current(session)
    moved = categories.get_by_code(session, before[start])
    wanted = [code for code in before if code != moved.code]
    wanted.insert(len(wanted) if end < 0 else end, moved.code)
    with atomic(session):
        categories.move(session, moved, places=places, by=officer, now=now)
    try:
        assert codes(session) == wanted
        assert (revision.current(session) > known) == (wanted != before)
    finally:
        with atomic(session):
            back = before.index(moved.code) - codes(session).index(moved.code)
            categories.move(session, moved, places=back, by=officer, now=now)
    assert codes(session) == before


def edit(session: Session, officer: Officer, now: datetime, version: int | None = None, **values: object) -> None:
    with atomic(session):
        category = categories.get_by_code(session, "jewellery")
        kept = {"name_fr": category.name_fr, "name_en": category.name_en, "never_public": category.never_public}
        kept |= {"withholds": category.withholds}
        categories.edit(
            session,
            category,
            categories.WrittenCategory(**{**kept, **values}, version=category.version if version is None else version),
            by=officer,
            now=now,
        )


def test_a_name_is_changed_and_pages_are_made_again(session: Session, officer: Officer, now: datetime) -> None:
    former, known = categories.get_by_code(session, "jewellery").name_fr, revision.current(session)
    edit(session, officer, now, name_fr="Joaillerie")
    assert categories.get_by_code(session, "jewellery").name_fr == "Joaillerie"
    assert revision.current(session) > known
    edit(session, officer, now, name_fr=former)
    known = revision.current(session)
    edit(session, officer, now, name_fr=former)
    assert revision.current(session) == known
    with pytest.raises(ChangedMeanwhile):
        edit(session, officer, now, version=0, name_fr="Joaillerie")


def test_what_has_published_items_does_not_become_secret(
    session: Session, make: Factory, unit: Unit, officer: Officer, now: datetime
) -> None:
    make.published(make.case(unit))
    with pytest.raises(CategoryInUse):
        edit(session, officer, now, never_public=True)
