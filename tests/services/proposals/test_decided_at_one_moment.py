"""A proposal that two decide at one moment, officers or an officer and the worker: the first decides it."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import ChangedMeanwhile
from gallery.models import AuditEntry, Case, Item, Officer, Proposal, ProposalState
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.statement import StatedObject
from gallery.services.proposals import proposals
from gallery.services.proposals.work import DeclarationWork
from gallery.services.transaction import atomic, end_reading
from tests.databases import is_waited_for, while_another_waits
from tests.factories import Factory
from tests.services.proposals.conftest import Work, ring
from tests.waiting import PATIENCE, begin, wait_until


@pytest.fixture
def item(declare: Callable[..., None], work: Work, make: Factory, case: Case) -> Item:
    """An item that was proposed to its officers as a draft, and that would show itself now that it is public."""
    found = make.item(case)
    make.photo(found, ring("officer"))
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    make.now += timedelta(minutes=1)
    return make.publish(found)


def decide(session: Session, state: ProposalState, officer_id: int, make: Factory) -> None:
    officer = session.get_one(Officer, officer_id)
    (proposal,) = session.scalars(select(Proposal))
    proposals.decide(session, proposal, state, by=officer, now=make.now)


def test_of_two_officers_the_second_is_told(
    sessions: sessionmaker[Session], item: Item, make: Factory, session: Session, officer: Officer, colleague: Officer,
    answer: Callable[[], Answer],
) -> None:  # fmt: skip
    ids = (officer.id, colleague.id)
    end_reading(session)
    with pytest.raises(ChangedMeanwhile):
        while_another_waits(
            sessions,
            lambda one: decide(one, ProposalState.DISMISSED, ids[0], make),
            then=lambda other: decide(other, ProposalState.SHOWN, ids[1], make),
        )
    end_reading(session)
    (proposal,) = session.scalars(select(Proposal))
    assert (proposal.state, proposal.decided_by) == (ProposalState.DISMISSED, officer)
    assert answer().proposals == ()
    assert "proposal_shown" not in set(session.scalars(select(AuditEntry.action)))


def test_what_an_officer_dismisses_the_worker_does_not_show(
    sessions: sessionmaker[Session], item: Item, make: Factory, session: Session, officer: Officer,
    answer: Callable[[], Answer], worker: DeclarationWork,
) -> None:  # fmt: skip
    officer_id = officer.id
    engine: Engine = sessions.kw["bind"]
    end_reading(session)
    while_it_waits: list[Future[bool]] = []
    with sessions() as deciding, atomic(deciding):
        decide(deciding, ProposalState.DISMISSED, officer_id, make)
        deciding.flush()
        while_it_waits.append(begin(worker.compare_next_item))
        wait_until(lambda: while_it_waits[0].done() or engine.name == "sqlite" or is_waited_for(engine), "the worker")
    assert while_it_waits[0].result(PATIENCE)
    end_reading(session)
    (proposal,) = session.scalars(select(Proposal))
    assert proposal.state is ProposalState.DISMISSED
    assert answer().proposals == ()


def test_without_the_officer_the_worker_shows_it(
    item: Item, worker: DeclarationWork, answer: Callable[[], Answer]
) -> None:
    assert worker.compare_next_item()
    assert [each.number for each in answer().proposals] == [item.public_number]
