"""What would keep a victim from ever being told of an object: searches that end, corrected days, what comes late."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import Settings
from gallery.models import Case, Declaration, Item, Officer, Proposal
from gallery.services import cases
from gallery.services.cases import TheftWindow, WrittenCase
from gallery.services.declarations import describing, filing, lifecycle
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.filing import Addition, DescribedObject, DescribedPhoto
from gallery.services.declarations.statement import StatedObject, Theft
from gallery.services.items import photos, publication
from gallery.services.proposals import proposals
from gallery.services.proposals.work import DeclarationWork
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.factories import AUTHORISED, Factory
from tests.services.proposals.conftest import Work, ring

Declare = Callable[..., None]
RING = StatedObject("jewellery", photos=(ring(),))
BICYCLE = StatedObject("bicycles", "vélo", "Peugeot")


@pytest.fixture
def numbers(answer: Callable[[], Answer]) -> Callable[[], list[str]]:
    """The items that the victim's page names."""
    return lambda: [each.number for each in answer().proposals]


def only_declaration(session: Session) -> Declaration:
    end_reading(session)
    return session.scalars(select(Declaration)).one()


def count(session: Session) -> int:
    end_reading(session)
    return len(session.scalars(select(Proposal)).all())


def test_what_was_published_while_a_search_was_closed_is_found_once_it_is_prolonged(
    declare: Declare, work: Work, numbers: Callable[[], list[str]], make: Factory, case: Case, session: Session
) -> None:
    declare(RING)
    work()
    declaration = only_declaration(session)
    with atomic(session):
        lifecycle.close(session, declaration, by=None, now=make.now)
    found = make.published(case, ring("officer"))
    work()
    with atomic(session):
        lifecycle.prolong(session, only_declaration(session), by=None, now=make.now)
    work()
    assert numbers() == [found.public_number]


def test_a_photo_that_is_added_while_its_object_is_compared_is_compared_too(
    declare: Declare, work: Work, numbers: Callable[[], list[str]], make: Factory, case: Case, session: Session,
    worker: DeclarationWork, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    found = make.published(case, ring("officer"))
    work()
    declare(StatedObject("jewellery", photos=(pictures.jpeg(pictures.picture(3)),)))
    assert worker.collect_next()
    rank = matching.rank

    def and_add(*given: object) -> object:
        monkeypatch.setattr(matching, "rank", rank)
        end_reading(session)
        photo = DescribedPhoto(ring(), describing.described(ring(), make.settings))
        addition = Addition(DescribedObject(StatedObject("jewellery"), (photo,)), 1)
        declaration = only_declaration(session)
        with atomic(session):
            filing.add_object(session, declaration, addition, sealer=make.sealer, now=make.now)
        return rank(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "rank", and_add)
    work()
    assert numbers() == [found.public_number]


def test_a_corrected_period_has_its_items_compared_again(
    declare: Declare, work: Work, make: Factory, case: Case, session: Session, officer: Officer
) -> None:
    make.published(case, title="Vélo", brand="Peugeot", category="bicycles")
    declare(BICYCLE, theft=Theft(first_day=date(2026, 10, 1), last_day=date(2026, 10, 2)))
    work()
    assert count(session) == 0
    make.now += timedelta(hours=1)
    window = TheftWindow(date(2026, 3, 1), date(2026, 10, 27))
    with atomic(session):
        cases.edit(session, make.given, case, WrittenCase(window, AUTHORISED, version=case.version), by=officer)
    work()
    assert count(session) == 1


def test_a_shown_object_that_is_withdrawn_and_published_again_is_on_the_page(
    declare: Declare, work: Work, numbers: Callable[[], list[str]], make: Factory, case: Case, session: Session,
    officer: Officer,
) -> None:  # fmt: skip
    declare(RING)
    item = make.published(case, ring("officer"))
    work()
    with atomic(session):
        publication.withdraw(session, item, by=officer, now=make.now)
        # What seals the page's answer anew meanwhile.
        lifecycle.prolong(session, only_declaration(session), by=None, now=make.now)
    make.publish(session.get_one(Item, item.id))
    work()
    assert numbers() == [item.public_number]


def test_an_object_found_before_a_search_ended_is_told_after_it(
    declare: Declare, work: Work, numbers: Callable[[], list[str]], make: Factory, case: Case, session: Session,
    officer: Officer, settings: Settings,
) -> None:  # fmt: skip
    declare(RING)
    item = make.published(case, ring("officer"))
    work()
    with atomic(session):
        assert lifecycle.purge(session, settings, now=make.now + timedelta(days=370)).ended == 1
    (owed,) = proposals.to_be_told(session, officer, sends_mail=False, limit=10)
    assert numbers() == [item.public_number]
    with atomic(session):
        proposals.note_told(session, proposals.get(session, owed.public_id, officer), by=officer, now=make.now)
    assert proposals.count_to_be_told(session, officer, sends_mail=False) == 0


@pytest.mark.parametrize("is_first", [True, False], ids=["declared first", "item first"])
def test_a_photo_that_is_hidden_from_the_public_proposes_nothing(
    declare: Declare, work: Work, make: Factory, case: Case, session: Session, officer: Officer, is_first: bool
) -> None:
    if is_first:
        declare(RING)
        work()
    item = make.item(case, title="Objet")
    make.photo(item)
    photo = make.photo(item, ring("officer"))
    with atomic(session):
        photos.set_private(session, make.given, photo, is_private=True, by=officer)
    work()
    if not is_first:
        declare(RING)
        work()
    assert count(session) == 0
