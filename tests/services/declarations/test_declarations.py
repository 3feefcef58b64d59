"""A victim's declaration: dropped by the public half, filed by the worker's, answered to the code, really deleted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.database import Base
from gallery.errors import CodeUnknown
from gallery.models import (
    Declaration,
    DeclarationAnswer,
    DeclaredObject,
    DeclaredPhoto,
    InboxDrop,
    Officer,
    OpenedDeclaration,
    Proposal,
    ProposalLevel,
    ProposalState,
    Unit,
)
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, dropping, lifecycle, sealed_rows, seen
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening import locks, visits
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.opening.visits import Visit
from gallery.services.declarations.statement import Statement
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.services.declarations.conftest import CODE, count

PLANTED = (b"PLANTED", "Rougé-Lacourt".encode(), b"0655443322")


def test_it_works(session: Session, filed: Declaration, sealer: Sealer, statement: Statement) -> None:
    assert (filed.departement, filed.theft_from) == ("35", date(2025, 3, 1))
    assert sealed_rows.secrets_of(filed, sealer).helper == statement.helper
    ring, bicycle = filed.objects
    assert sealed_rows.secrets_of_object(bicycle, sealer).words == "vélo PLANTED-bicycle"
    assert ring.category is not None
    assert ring.serial_key
    assert sealed_rows.picture_of(ring.photos[0], sealer) == statement.objects[0].photos[0]
    assert sealed_rows.signature_of(ring.photos[0], sealer).compact
    assert count(session, InboxDrop) == [0]


def test_nothing_that_any_table_holds_tells_of_the_victim(
    session: Session, send: Callable[[Statement], None], collect: Callable[[], bool], statement: Statement,
    settings: Settings, make: Factory,
) -> None:  # fmt: skip
    def everything() -> bytes:
        end_reading(session)
        rows = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
        return repr(rows).encode() + str(rows).encode()

    send(statement)
    waiting = everything()
    collect()
    holder = answers.open_with(session, CODE, pepper=settings.declaration_pepper)
    with atomic(session):
        secret = visits.begin(session, Visit(holder), now=make.now)
    keys = [each.encode() for each in (holder.identity, holder.proof, secret)]
    assert not [mark for mark in (*PLANTED, *keys) for held in (waiting, everything()) if mark in held]


def test_the_answer_opens_with_the_code_only(
    session: Session, filed: Declaration, holder: Holder, settings: Settings
) -> None:
    told = answers.read(session, holder)
    assert (told.reference, told.state, len(told.objects)) == (filed.reference, "open", 2)
    assert [each.kind for each in told.messages] == ["received"]
    with pytest.raises(CodeUnknown):
        answers.open_with(session, "another code", pepper=settings.declaration_pepper)
    with pytest.raises(CodeUnknown):
        answers.open_with(session, CODE, pepper="another pepper")


def test_a_shown_proposal_is_told_and_a_dismissed_one_is_not(
    session: Session, filed: Declaration, holder: Holder, make: Factory, unit: Unit
) -> None:
    item = make.published(make.case(unit))
    with atomic(session):
        row = session.scalars(select(DeclaredObject).order_by(DeclaredObject.position)).first()
        proposal = Proposal(public_id="p", item_id=item.id, level=ProposalLevel.STRONG, made_at=make.now)
        row.proposals.append(proposal)
        proposal.state = ProposalState.SHOWN
        answers.tell(session, row.declaration, answers.MessageKind.FOUND, now=make.now)
    assert [each.number for each in answers.read(session, holder).proposals] == [item.public_number]
    with atomic(session):
        proposal.state = ProposalState.DISMISSED
        answers.refresh(session, session.get_one(Declaration, filed.id))
    assert answers.read(session, holder).proposals == ()


def test_it_is_prolonged_closed_and_really_deleted_by_who_holds_the_code(
    session: Session, filed: Declaration, holder: Holder, collect: Callable[[], bool], make: Factory
) -> None:
    def ask(kind: DropKind) -> None:
        with atomic(session):
            dropping.request(session, holder, kind, now=make.now)
        assert collect()

    ask(DropKind.CLOSE)
    assert answers.read(session, holder).state == "closed"
    ask(DropKind.PROLONG)
    assert answers.read(session, holder).state == "open"
    with atomic(session):
        visits.begin(session, Visit(holder), now=make.now)
    ask(DropKind.DELETE)
    tables = (Declaration, DeclaredObject, DeclaredPhoto, DeclarationAnswer, OpenedDeclaration, InboxDrop)
    assert count(session, *tables) == [0] * len(tables)
    with pytest.raises(CodeUnknown):
        answers.read(session, holder)


def test_asking_again_and_again_leaves_one_line(
    session: Session, filed: Declaration, make: Factory, holder: Holder
) -> None:
    for day in (1, 1, 1):
        with atomic(session):
            found = session.get_one(Declaration, filed.id)
            lifecycle.prolong(session, found, by=None, now=make.now + timedelta(days=day))
    assert [each.kind for each in answers.read(session, holder).messages] == ["received", "prolonged"]


def test_it_ends_and_is_purged_once_its_owner_knows(
    session: Session, filed: Declaration, settings: Settings, make: Factory
) -> None:
    def purge(days: int) -> lifecycle.Purged:
        with atomic(session):
            return lifecycle.purge(session, settings, now=make.now + timedelta(days=days))

    assert purge(300) == lifecycle.Purged(0, 0, 0)
    assert [purge(days).warned for days in (340, 341, 359, 360)] == [1, 0, 1, 0]
    assert purge(366) == lifecycle.Purged(0, 1, 0)
    assert purge(398) == lifecycle.Purged(0, 0, 0, kept=1)
    with atomic(session):
        seen.note(session, filed, at=make.now + timedelta(days=398))
    assert purge(420).kept == 1
    assert purge(429) == lifecycle.Purged(0, 0, 1)
    assert count(session, Declaration, DeclarationAnswer) == [0, 0]


def test_a_lost_code_is_replaced_and_the_old_one_dies(
    session: Session, filed: Declaration, holder: Holder, settings: Settings, officer: Officer, make: Factory
) -> None:
    lock = locks.make("other words", pepper=settings.declaration_pepper)
    with atomic(session):
        visits.begin(session, Visit(holder), now=make.now)
        lifecycle.replace_code(session, session.get_one(Declaration, filed.id), lock, by=officer, now=make.now)
    assert count(session, OpenedDeclaration) == [0]
    with pytest.raises(CodeUnknown):
        answers.read(session, holder)
    with pytest.raises(CodeUnknown):
        answers.open_with(session, CODE, pepper=settings.declaration_pepper)
    opened = answers.open_with(session, "other words", pepper=settings.declaration_pepper)
    assert [each.kind for each in answers.read(session, opened).messages] == ["received", "code_replaced"]


def test_what_a_browser_has_opened_closes_by_itself(session: Session, make: Factory) -> None:
    holder = Holder("where the answer lies", "a key", "a proof")
    with atomic(session):
        secret = visits.begin(session, Visit(holder), now=make.now)
        visits.note(session, secret, Visit(holder, "prolong", "as it stood"))
    almost, over = make.now + visits.LASTS - timedelta(seconds=1), make.now + visits.LASTS
    assert visits.find(session, secret, now=almost) == Visit(holder, "prolong", "as it stood")
    assert visits.find(session, "another", now=almost) is None
    assert visits.find(session, secret, now=over) is None
    with atomic(session):
        visits.purge(session, now=almost)
        assert visits.find(session, secret, now=almost)
        visits.purge(session, now=over)
    assert count(session, OpenedDeclaration) == [0]


def test_what_an_officer_reads_is_in_the_journal(
    session: Session, filed: Declaration, sealer: Sealer, officer: Officer, make: Factory
) -> None:
    with atomic(session):
        row = session.get_one(Declaration, filed.id)
        sealed_rows.read_declaration(session, row, sealer=sealer, by=officer, now=make.now)
    assert [each.officer for each in audit.history(session, filed, actions=("read_declaration",))] == [officer]
