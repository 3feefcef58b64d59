"""A victim's declaration: dropped by the public half, filed by the worker's, answered to the code, really deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pyrage
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.database import Base
from gallery.errors import CodeUnknown, DeclarationsClosed, DeclarationsOff, SealBroken, StatementInvalid
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
from gallery.sealing import Sealer, seal_to
from gallery.services import audit, resealing
from gallery.services.declarations import answers, collecting, describing, dropping, inbox, lifecycle, sealed_rows
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.inbox import Stuck
from gallery.services.declarations.opening import locks, visits
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.opening.visits import Visit
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.transaction import atomic, end_reading
from tests import pictures
from tests.factories import Factory

CODE = "pomme rivière cheval maison tapis lune"
PLANTED = (b"PLANTED", "Rougé-Lacourt".encode(), b"0655443322")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, declarations_legal_act="PLAN-1", declarations_impact_assessment="2026-11-29")


@pytest.fixture
def statement(make: Factory) -> Statement:
    """A burglary of two objects, one of them with a photo, filled in by a daughter."""
    ring = StatedObject("jewellery", "bague PLANTED-words", "PLANTED-brand", "PLANTED-serial", ("gold",), (photo(),))
    return Statement(
        theft=Theft(date(2025, 3, 1), date(2025, 3, 8), "35", "PLANTED-commune", "PLANTED-complaint"),
        objects=(ring, StatedObject(words="vélo PLANTED-bicycle")),
        contact=Contact("Rougé-Lacourt", "PLANTED@victim.example", "0655443322"),
        helper=Contact("PLANTED-helper", "PLANTED-daughter@victim.example"),
        phrase="PLANTED-phrase",
        ends_on=make.now.date() + timedelta(days=365),
        consented_at=make.now,
    )


def photo() -> bytes:
    return pictures.jpeg(pictures.picture(1), comment=b"PLANTED-comment")


@pytest.fixture
def send(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[Statement], None]:
    with atomic(session):
        collecting.publish_key(session, sealer)

    def drop(statement: Statement) -> None:
        lock = locks.make(CODE, pepper=settings.declaration_pepper)
        with atomic(session):
            dropping.drop(session, make.given, statement, lock)

    return drop


@pytest.fixture
def collect(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[], bool]:
    return lambda: collecting.collect(session, settings=settings, sealer=sealer, now=make.now)


@pytest.fixture
def filed(
    session: Session, send: Callable[[Statement], None], collect: Callable[[], bool], statement: Statement
) -> Declaration:
    send(statement)
    assert collect()
    return session.scalars(select(Declaration)).one()


@pytest.fixture
def holder(session: Session, filed: Declaration, settings: Settings) -> Holder:
    return answers.open_with(session, CODE, pepper=settings.declaration_pepper)


def count(session: Session, *tables: type[Base]) -> list[int]:
    end_reading(session)
    return [session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]


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


def test_who_has_no_proof_deletes_nothing(
    session: Session, filed: Declaration, holder: Holder, collect: Callable[[], bool], make: Factory
) -> None:
    with atomic(session):
        dropping.request(session, replace(holder, proof="0" * 32), DropKind.DELETE, now=make.now)
    assert collect()
    assert count(session, Declaration, InboxDrop) == [1, 0]


def test_a_drop_that_does_not_open_waits_for_its_key_and_the_others_are_filed(
    session: Session,
    send: Callable[[Statement], None],
    collect: Callable[[], bool],
    statement: Statement,
    make: Factory,
    settings: Settings,
) -> None:
    lost = pyrage.x25519.Identity.generate()
    stranger = str(lost.to_public())
    with atomic(session):
        session.add(InboxDrop(receipt="a", sealed=b"noise", received_at=make.now))
        session.add(InboxDrop(receipt="b", sealed=seal_to(stranger, {}, row="drop:b"), received_at=make.now))
    send(statement)
    while collect():
        pass
    assert count(session, Declaration, InboxDrop) == [1, 2]
    assert inbox.stuck(session) == Stuck(2, 0, make.now)
    # They keep nothing from being sealed anew.
    identity = pyrage.x25519.Identity.generate()
    newer = Sealer(f"{identity}\n{settings.sealing_identity}")
    resealing.reseal(session, newer, lambda column, done: None)
    assert not resealing.former(session, newer)
    # Nor is one lost whose key is found again.
    both = Sealer(f"{identity}\n{lost}")
    assert resealing.reseal(session, both, lambda column, done: None) == 1
    assert inbox.stuck(session).unreadable == 1
    assert session.get_one(InboxDrop, "b").unreadable_at is None


def test_garbage_is_set_aside_tried_again_by_each_worker_and_erased_in_the_end(
    session: Session, holder: Holder, collect: Callable[[], bool], make: Factory, settings: Settings
) -> None:
    def purge(days: int) -> int:
        with atomic(session):
            return inbox.purge_unreadable(session, settings, now=make.now + timedelta(days=days))

    with atomic(session):
        # Whatever day its sender says, the delay runs from when the worker saw it.
        long_ago = make.now - timedelta(days=900)
        session.add(InboxDrop(receipt="a", sealed=b"noise", received_at=long_ago))
        # One of ours, that something else has kept from being filed.
        dropping.request(session, holder, DropKind.CLOSE, now=make.now)
        session.execute(update(InboxDrop).where(InboxDrop.receipt != "a").values(attempts=inbox.MAX_ATTEMPTS))
    while collect():
        pass
    assert inbox.stuck(session) == Stuck(1, 1, make.now)
    assert purge(29) == 0
    with atomic(session):
        assert inbox.try_again(session) == 1
    # While it is being tried it is no garbage.
    assert purge(31) == 0
    while collect():
        pass
    assert inbox.count_garbage(session, settings, now=make.now + timedelta(days=30)) == purge(30) == 1
    assert inbox.stuck(session) == Stuck(0, 1, None)
    with atomic(session):
        assert inbox.try_again(session, all_of_them=True) == 1
    assert collect()
    assert count(session, InboxDrop) == [0]


def test_what_opens_again_is_no_garbage_even_where_it_ends_its_worker(
    session: Session, holder: Holder, sealer: Sealer, make: Factory, settings: Settings
) -> None:
    def ends_its_worker(*_given: object) -> None:
        # As does a handler that finds another row's seal broken.
        raise SealBroken

    def collect() -> bool:
        handlers = {DropKind.CLOSE: ends_its_worker}
        return collecting.collect(session, settings=settings, sealer=sealer, now=make.now, handlers=handlers)

    with atomic(session):
        dropping.request(session, holder, DropKind.CLOSE, now=make.now)
        session.execute(update(InboxDrop).values(unreadable_at=make.now - timedelta(days=900)))
        unknown = seal_to(sealer.recipient, {"kind": "of a newer program"}, row="drop:b")
        session.add(InboxDrop(receipt="b", sealed=unknown, received_at=make.now + timedelta(seconds=1)))
    for _ in range(inbox.MAX_ATTEMPTS):
        with pytest.raises(SealBroken):
            collect()
        assert collect()
    assert not collect()
    assert inbox.stuck(session) == Stuck(0, 2, None)
    with atomic(session):
        assert inbox.try_again(session) == inbox.purge_unreadable(session, settings, now=make.now) == 0


def test_what_finds_no_room_is_not_even_decoded(
    session: Session, holder: Holder, make: Factory, settings: Settings, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = replace(settings, max_declared_objects=2)
    bowl = StatedObject(words="coupe", photos=(photo(),))
    with atomic(session):
        dropping.add(session, make.given, holder, bowl, to_object=None)
    decoded: list[bytes] = []
    monkeypatch.setattr(describing, "described", lambda jpeg, _settings: decoded.append(jpeg))
    assert collecting.collect(session, settings=tight, sealer=sealer, now=make.now)
    assert decoded == []
    assert count(session, DeclaredObject, InboxDrop) == [2, 0]


def test_asking_again_and_again_leaves_one_line(
    session: Session, filed: Declaration, make: Factory, holder: Holder
) -> None:
    for day in (1, 1, 1):
        with atomic(session):
            found = session.get_one(Declaration, filed.id)
            lifecycle.prolong(session, found, by=None, now=make.now + timedelta(days=day))
    assert [each.kind for each in answers.read(session, holder).messages] == ["received", "prolonged"]


def test_without_the_operators_word_nothing_is_taken(
    session: Session, settings: Settings, statement: Statement, make: Factory
) -> None:
    lock = locks.make(CODE, pepper=settings.declaration_pepper)
    for changed, error in (
        ({"declarations_legal_act": ""}, DeclarationsOff),
        ({"declarations_impact_assessment": ""}, DeclarationsOff),
        ({"declarations_closed": "Fermé."}, DeclarationsClosed),
        ({}, DeclarationsClosed),
    ):
        with pytest.raises(error), atomic(session):
            dropping.drop(session, replace(make.given, settings=replace(settings, **changed)), statement, lock)


def test_who_can_not_be_told_is_refused(send: Callable[[Statement], None], statement: Statement) -> None:
    with pytest.raises(StatementInvalid, match="contact"):
        send(replace(statement, contact=Contact("Rougé-Lacourt")))


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
        lifecycle.note_seen(session, filed, at=make.now + timedelta(days=398))
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
