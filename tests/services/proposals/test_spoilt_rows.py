"""Rows that no key opens, or whose signature is damaged, hold up no comparison of others, in either direction."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.models import Case, ComparedItem, DeclaredObject, DeclaredPhoto, Proposal, StoredSignature
from gallery.services import revision
from gallery.services.declarations import changes
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.statement import StatedObject
from gallery.services.proposals.work import DeclarationWork
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.services.proposals.conftest import Work, ring

BICYCLE = StatedObject("bicycles", "vélo", "Peugeot", photos=(ring(),))
WAYS = {
    "words": update(DeclaredObject).where(DeclaredObject.position == 1).values(sealed=b"damaged"),
    "photo": update(DeclaredPhoto).values(sealed_signature=b"damaged"),
}


def proposed(session: Session) -> list[tuple[int, list[str]]]:
    """Positions of the declared objects of all proposals, with the reasons."""
    end_reading(session)
    found = session.scalars(select(Proposal).join(Proposal.declared).order_by(DeclaredObject.position))
    return [(each.declared.position, each.evidence) for each in found]


@pytest.fixture
def both(declare: Callable[..., None], worker: DeclarationWork, work: Work) -> None:
    """A bicycle with words and a photo, and another one by words alone: filed, and not compared."""
    declare(BICYCLE, StatedObject("bicycles", "vélo", "Peugeot"))
    assert worker.collect_next()


@pytest.mark.parametrize("spoilt", WAYS)
def test_an_object_that_can_not_be_read_is_compared_by_the_rest_of_it_stays_due_and_holds_up_no_other(
    both: None, worker: DeclarationWork, make: Factory, case: Case, session: Session, spoilt: str
) -> None:
    make.published(case, title="Vélo", brand="Peugeot", category="bicycles")
    with atomic(session):
        session.execute(WAYS[spoilt])
    assert [worker.compare_next_object() for _ in range(3)] == [True, True, False]
    assert proposed(session) == [(1, ["words"]), (2, ["words"])] if spoilt == "photo" else [(2, ["words"])]
    due = session.scalars(select(DeclaredObject.position).where(DeclaredObject.compared_at.is_(None)))
    assert due.all() == [1]


@pytest.mark.parametrize("spoilt", WAYS)
def test_an_item_is_compared_with_all_that_can_be_read_and_the_items_after_it_are_compared(
    both: None, worker: DeclarationWork, make: Factory, case: Case, session: Session, spoilt: str
) -> None:
    with atomic(session):
        session.execute(WAYS[spoilt])
    # It looks like the ring in the photo, whose other part may not open.
    first = make.published(case, ring("officer"), title="Vélo", brand="Peugeot", category="bicycles")
    second = make.published(case, title="Bague")
    while worker.compare_next_item():
        pass
    found = dict(proposed(session))
    assert found[2] == ["words"]
    assert ("words" in found.get(1, [])) is (spoilt == "photo")
    assert set(session.scalars(select(ComparedItem.item_id))) == {first.id, second.id}


def test_an_item_whose_signature_is_damaged_is_compared_by_words_and_the_next_one_too(
    both: None, worker: DeclarationWork, make: Factory, case: Case, session: Session
) -> None:
    for _ in range(2):
        make.published(case, title="Vélo", brand="Peugeot", category="bicycles")
    with atomic(session):
        session.execute(update(StoredSignature).values(details=b"damaged"))
        revision.touch(session)
    while worker.compare_next_item():
        pass
    assert [position for position, _ in proposed(session)] == [1, 1, 2, 2]


def test_what_no_key_opened_is_taken_in_once_it_is_read_again(
    both: None, worker: DeclarationWork, make: Factory, case: Case, session: Session
) -> None:
    sealed = session.scalar(select(DeclaredObject.sealed).where(DeclaredObject.position == 1))
    with atomic(session):
        session.execute(WAYS["words"])
    while worker.compare_next_object():
        pass
    with atomic(session):
        session.execute(update(DeclaredObject).where(DeclaredObject.position == 1).values(sealed=sealed))
        changes.note(session, ChangeKind.OBJECTS)
    make.published(case, title="Vélo", brand="Peugeot", category="bicycles")
    started = DeclarationWork(worker.given, worker.published)
    while started.compare_next_object() | started.compare_next_item():
        pass
    assert proposed(session) == [(1, ["words"]), (2, ["words"])]
