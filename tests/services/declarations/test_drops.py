"""Drops that are not simply filed: without their key, garbage, refused, without a proof or without room."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyrage
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import DeclarationsClosed, DeclarationsOff, SealBroken, StatementInvalid
from gallery.models import Declaration, DeclaredObject, InboxDrop
from gallery.sealing import Sealer, seal_to
from gallery.services import resealing
from gallery.services.declarations import collecting, describing, dropping, inbox
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.inbox import Stuck
from gallery.services.declarations.opening import locks
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import Contact, StatedObject, Statement
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.services.declarations.conftest import CODE, count, photo


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
    assert resealing.reseal(session, both, lambda column, done: None).count == 1
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
