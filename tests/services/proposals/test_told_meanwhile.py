"""A victim who opens the page while the worker ranks, which takes seconds, knows what the page said and no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.config import Settings
from gallery.models import Case, Officer, Proposal
from gallery.services.declarations import answers, dropping
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.statement import StatedObject
from gallery.services.items import publication
from gallery.services.proposals import proposals
from gallery.services.proposals.work import DeclarationWork
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.services.proposals.conftest import CODE, Work, ring

SECOND = timedelta(seconds=1)


@pytest.fixture
def open_page(session: Session, settings: Settings, make: Factory) -> Callable[[Answer | None], Answer]:
    """The victim types the code, and is shown what the page says, or said a little before."""

    def opened(read: Answer | None = None) -> Answer:
        end_reading(session)
        holder = answers.open_with(session, CODE, pepper=settings.declaration_pepper)
        shown = read or answers.read(session, holder)
        with atomic(session):
            dropping.note_seen(session, holder, shown, now=make.now)
        return shown

    return opened


@pytest.mark.parametrize("is_first", [True, False], ids=["declared first", "published first"])
def test_who_opens_the_page_while_the_worker_ranks_is_told_of_what_it_finds(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    open_page: Callable[..., Answer], worker: DeclarationWork, monkeypatch: pytest.MonkeyPatch, is_first: bool,
) -> None:  # fmt: skip
    if is_first:
        declare(StatedObject("jewellery", photos=(ring(),)))
        work()
        make.published(case, ring("officer"))
    else:
        make.published(case, ring("officer"))
        work()
        declare(StatedObject("jewellery", photos=(ring(),)))
        assert worker.collect_next()
    make.now += timedelta(minutes=1)
    rank, opened = matching.rank, list[Answer]()

    def rank_meanwhile(*given: object) -> object:
        # The page is opened by somebody else at this moment, which no other seam lets a test choose.
        make.now += SECOND
        if not opened:
            opened.append(open_page())
        make.now += SECOND
        return rank(*given)

    monkeypatch.setattr(matching, "rank", rank_meanwhile)
    assert worker.compare_next_item() if is_first else worker.compare_next_object()
    assert [each.proposals for each in opened] == [()]
    assert worker.collect_next()
    end_reading(session)
    (proposal,) = proposals.to_be_told(session, officer, sends_mail=False, limit=10)
    assert proposal.decided_at == make.now


def test_only_what_the_page_said_is_known_whatever_clock_a_worker_has(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    open_page: Callable[..., Answer], answer: Callable[[], Answer],
) -> None:  # fmt: skip
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    before = answer()
    make.published(case, ring("officer"))
    work()
    # Read before the worker wrote, and laid a minute after.
    make.now += timedelta(minutes=1)
    open_page(before)
    work()
    assert len(proposals.to_be_told(session, officer, sends_mail=False, limit=10)) == 1
    open_page()
    work()
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == []
    assert session.scalars(select(Proposal)).one().told_at


def test_what_was_hidden_when_the_page_was_opened_is_still_to_be_told(
    declare: Callable[..., None], work: Work, make: Factory, case: Case, session: Session, officer: Officer,
    open_page: Callable[..., Answer],
) -> None:  # fmt: skip
    declare(StatedObject("jewellery", photos=(ring(),)))
    work()
    item = make.published(case, ring("officer"))
    work()
    with atomic(session):
        publication.withdraw(session, item, by=officer, now=make.now)
    make.now += timedelta(minutes=1)
    open_page()
    work()
    make.publish(item)
    assert len(proposals.to_be_told(session, officer, sends_mail=False, limit=10)) == 1
    open_page()
    work()
    assert proposals.to_be_told(session, officer, sends_mail=False, limit=10) == []
