"""The answer of a declaration that two write at one moment says what both have changed."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import Case, Declaration, Officer, Proposal, ProposalState
from gallery.services.declarations import answers
from gallery.services.declarations.answers import Answer, MessageKind
from gallery.services.declarations.statement import StatedObject
from gallery.services.proposals import proposals
from gallery.services.transaction import end_reading
from tests.databases import while_another_waits
from tests.factories import Factory
from tests.services.proposals.conftest import Work


def test_what_is_shown_stays_in_an_answer_that_another_writes_anew_at_that_moment(
    sessions: sessionmaker[Session], declare: Callable[..., None], work: Work, make: Factory, case: Case,
    session: Session, officer: Officer, answer: Callable[[], Answer],
) -> None:  # fmt: skip
    item = make.published(case, title="Vélo de dame", brand="Peugeot")
    declare(StatedObject(words="vélo Peugeot"))
    work()
    officer_id, number = officer.id, item.public_number
    end_reading(session)

    def show(one: Session) -> None:
        (proposal,) = one.scalars(select(Proposal))
        by = one.get_one(Officer, officer_id)
        proposals.decide(one, proposal, ProposalState.SHOWN, by=by, now=make.now)

    def write_anew(other: Session) -> None:
        # As whoever confirms an address, or has seen a claim: all of it was read before.
        (declaration,) = other.scalars(select(Declaration))
        assert [each.proposals for each in declaration.objects]
        assert declaration.messages
        answers.refresh(other, declaration)
        other.flush()

    while_another_waits(sessions, show, then=write_anew)
    assert [each.number for each in answer().proposals] == [number]
    assert [each.kind for each in answer().messages] == [MessageKind.RECEIVED, MessageKind.FOUND]


def test_of_two_that_tell_something_at_one_moment_both_lines_are_in_the_answer(
    sessions: sessionmaker[Session], declare: Callable[..., None], work: Work, make: Factory,
    answer: Callable[[], Answer],
) -> None:  # fmt: skip
    declare(StatedObject(words="vélo Peugeot"))
    work()

    def telling(kind: MessageKind) -> Callable[[Session], None]:
        def tell(session: Session) -> None:
            (declaration,) = session.scalars(select(Declaration))
            answers.tell(session, declaration, kind, now=make.now)

        return tell

    while_another_waits(sessions, telling(MessageKind.COPY_ASKED), then=telling(MessageKind.PROLONGED))
    assert [each.kind for each in answer().messages] == ["received", "copy_asked", "prolonged"]
