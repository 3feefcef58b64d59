"""At which instant a declaration or a claim waits, is warned of, ends, may be undone, and goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import (
    Addressee,
    AddressState,
    AuditEntry,
    Claim,
    Declaration,
    DeclarationState,
    DeclaredAddress,
    Officer,
    Unit,
    Verdict,
)
from gallery.sealing import Sealer
from gallery.services.claims import claim_desk, claim_ending
from gallery.services.declarations import answers, contact_address, desk, filing, flood, lifecycle, quarantine
from gallery.services.declarations.quarantine import HeldKind, Judgement
from gallery.services.declarations.statement import Contact, StatedObject
from gallery.services.proposals import ending_calls
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.services.bounds.conftest import DAY, HOUR, INSTANT, ME, Declare
from tests.victim import ALERTS

# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize(("since", "is_hail"), [(HOUR - INSTANT, True), (HOUR, False)])
def test_a_hail_is_of_an_hour_and_from_outside(
    since: timedelta, is_hail: bool, session: Session, settings: Settings, sealer: Sealer, declare: Declare, unit: Unit
) -> None:
    now = datetime.fromisoformat("2026-11-30T12:00+00:00")

    def is_suspected() -> bool:
        return flood.is_suspected(session, Contact("", "x@y.example"), settings=settings, sealer=sealer, now=now)

    declare(now - since, contact=Contact("A", "a@a.example"))
    declare(now - INSTANT, contact=Contact("B", "b@b.example"))
    declare(now - INSTANT, contact=Contact("D", "d@d.example"), unit=unit)
    assert not is_suspected()
    declare(now, contact=Contact("C", "c@c.example"))
    assert is_suspected() is is_hail


@pytest.mark.parametrize(("since", "is_alike"), [(DAY - INSTANT, True), (DAY, False)])
def test_one_contact_is_counted_for_a_day(
    since: timedelta, is_alike: bool, session: Session, settings: Settings, sealer: Sealer, declare: Declare
) -> None:
    now = datetime.fromisoformat("2026-11-30T12:00+00:00")
    declare(now - since)
    declare(now - 2 * HOUR)
    assert flood.is_suspected(session, ME, settings=settings, sealer=sealer, now=now) is is_alike
    other = Contact("Rougé", "autre@victim.example", ME.telephone)
    assert not flood.is_suspected(session, other, settings=settings, sealer=sealer, now=now)
    by_telephone = (Contact("A", "", "06 55 44 33 22"), Contact("B", "", "0655443322"), Contact("C", "", "0655443323"))
    keys = [flood.key_of(each, sealer) for each in by_telephone]
    assert keys[0] == keys[1] != keys[2]


def test_claims_are_counted_by_the_hour_and_by_who_makes_them(
    session: Session, settings: Settings, claim: Callable[..., Claim], make: Factory
) -> None:
    def is_suspected(of: Claim, after: timedelta) -> bool:
        return flood.is_claim_suspected(session, of.declaration, settings=settings, now=make.now + after)

    claims = [claim(make.now) for _ in range(3)]
    assert is_suspected(claims[0], HOUR - INSTANT)
    assert not is_suspected(claims[0], HOUR)
    stricter = replace(settings, flood_per_contact=1)
    for after, is_one in ((DAY - INSTANT, True), (DAY, False)):
        asked = flood.is_claim_suspected(session, claims[0].declaration, settings=stricter, now=make.now + after)
        assert asked is is_one


def test_a_verdict_is_of_what_had_come_and_can_be_undone_for_a_day(
    session: Session, settings: Settings, sealer: Sealer, declare: Declare, officer: Officer, make: Factory
) -> None:
    held = [declare(make.now + HOUR * each, held=True) for each in range(3)]
    declare(make.now)  # not in quarantine

    def judge(verdict: Verdict | None, until: datetime) -> int:
        with atomic(session):
            judgement = Judgement(HeldKind.DECLARATIONS, verdict, until)
            return quarantine.judge(session, judgement, by=officer, now=make.now + 5 * HOUR)

    def settle(at: datetime) -> bool:
        return quarantine.settle_next(session, settings=settings, sealer=sealer, broken=set(), now=at)

    before = quarantine.look(session, HeldKind.DECLARATIONS, officer)
    assert (before.count, before.first, before.last, before.buried) == (3, make.now, make.now + 2 * HOUR, 0)
    assert [each.id for each in before.sample] == [each.id for each in reversed(held)]
    assert judge(Verdict.BURY, make.now + HOUR) == 2
    after = quarantine.look(session, HeldKind.DECLARATIONS, officer)
    assert (after.count, after.buried, quarantine.count(session, officer)) == (1, 2, 1)
    assert judge(Verdict.BURY, make.now + HOUR) == 0
    assert judge(None, make.now) == 1
    judged_at = make.now + 5 * HOUR
    assert not settle(judged_at + DAY - INSTANT)
    assert settle(judged_at + DAY)
    assert not settle(judged_at + DAY)
    assert judge(Verdict.RELEASE, make.now + HOUR) == 1
    assert settle(judged_at)
    states = session.scalars(select(Declaration.state).order_by(Declaration.id)).all()
    assert states == [DeclarationState.OPEN, DeclarationState.QUARANTINED, DeclarationState.OPEN]
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("%flood")).order_by(AuditEntry.id))
    assert acts.all() == ["bury_flood", "take_back_flood", "release_flood"]


def test_a_declaration_with_a_claim_out_of_quarantine_is_not_buried(
    session: Session, settings: Settings, sealer: Sealer, declare: Declare, claim: Callable[..., Claim],
    officer: Officer, make: Factory,
) -> None:  # fmt: skip
    held = declare(make.now, held=True)
    made = claim(make.now, of=held)
    bury = Judgement(HeldKind.DECLARATIONS, Verdict.BURY, make.now)
    with atomic(session):
        assert quarantine.judge(session, bury, by=officer, now=make.now) == 0
        made.held_at = make.now
    with atomic(session):
        assert quarantine.judge(session, bury, by=officer, now=make.now) == 1
    with atomic(session):
        session.get_one(Claim, made.id).held_at = None
    assert quarantine.settle_next(session, settings=settings, sealer=sealer, broken=set(), now=make.now + DAY)
    session.refresh(held)
    assert (held.state, held.verdict, held.judged_at) == (DeclarationState.QUARANTINED, None, None)


@pytest.mark.parametrize(("verdict", "left"), [(Verdict.BURY, 0), (Verdict.RELEASE, 1)])
def test_a_claim_that_was_held_goes_or_comes_out_with_whom_it_is_of(
    verdict: Verdict, left: int, session: Session, settings: Settings, sealer: Sealer, declare: Declare,
    claim: Callable[..., Claim], officer: Officer, outsider: Officer, make: Factory,
) -> None:  # fmt: skip
    made = claim(make.now, of=declare(make.now, objects=0, held=True), held_at=make.now)

    def settle(broken: set[int]) -> bool:
        with atomic(session):
            return claim_ending.settle_next(
                session, settings=settings, sealer=sealer, broken=broken, now=make.now + DAY
            )

    assert not settle(set())
    assert quarantine.count(session, outsider) == 0
    assert claim_desk.listed(session, officer, ended=False, limit=5, offset=0).total == 0
    with atomic(session):
        judgement = Judgement(HeldKind.CLAIMS, verdict, make.now)
        assert quarantine.judge(session, judgement, by=outsider, now=make.now) == 0
        assert quarantine.judge(session, judgement, by=officer, now=make.now) == 1
    assert not settle({made.id})
    assert settle(set())
    listed = claim_desk.listed(session, officer, ended=False, limit=5, offset=0)
    assert [listed.total, session.scalar(select(func.count(Claim.id)))] == [left, left]
    if left:
        session.refresh(made)
        assert (made.held_at, made.verdict, made.judged_at) == (None, None, None)
        assert made.declaration.state is DeclarationState.OPEN


def test_what_is_added_has_room_and_a_place(
    session: Session, settings: Settings, sealer: Sealer, declare: Declare, make: Factory
) -> None:
    row = declare(make.now)
    few = replace(settings, max_declared_objects=3, max_declared_photos=3)
    photo = filing.DescribedPhoto(b"jpeg", filing.SignatureParts("4", b"", b""))

    def add(photos: int, to: int | None) -> bool:
        described = filing.DescribedObject(StatedObject(words="x"), (photo,) * photos)
        with atomic(session):
            has_room = filing.has_room(row, photos, to_object=to, settings=few)
            if has_room:
                filing.add_object(session, row, filing.Addition(described, to), sealer=sealer, now=make.now)
        return has_room

    with atomic(session):
        row.objects[0].compared_at = make.now
    assert add(1, 1)
    assert row.objects[0].compared_at is None
    assert not add(1, 2)
    assert not add(0, 1)
    assert add(0, None)
    assert not add(3, 2)
    assert add(2, 2)
    assert not add(1, 1)
    assert add(0, None)
    assert not add(0, None)
    assert [(each.position, [one.position for one in each.photos]) for each in row.objects] == [
        (1, [0]), (2, [0, 1]), (3, []),
    ]  # fmt: skip
    with atomic(session):
        lifecycle.close(session, row, by=None, now=make.now)
    assert not add(0, 3)


def test_a_code_is_valid_for_a_day_and_five_wrong_ones_refuse_the_address(
    session: Session, sealer: Sealer, declare: Declare, make: Factory
) -> None:
    row, until = declare(make.now), make.now + DAY
    right = contact_address.code_of("M-1", sealer)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def waiting(**fields: Any) -> DeclaredAddress:
        with atomic(session):
            row.addresses[:] = []
            plain = {"address_key": "k", "asked_at": make.now, "tries": 0, "code_reference": "M-1", "code_until": until}
            made = DeclaredAddress(person=Addressee.VICTIM, state=AddressState.WAITING, **plain | fields)
            row.addresses.append(made)
        return made

    def confirm(typed: str, at: datetime) -> None:
        with atomic(session):
            contact_address.confirm(session, row, typed, sealer=sealer, now=at)

    address = waiting()
    confirm(wrong, make.now)
    assert (address.state, address.tries) == (AddressState.WAITING, 1)
    confirm(right, until)
    assert address.state is AddressState.CONFIRMED
    address = waiting(tries=3)
    confirm(wrong, make.now)
    assert (address.state, address.tries) == (AddressState.WAITING, 4)
    confirm(wrong, make.now)
    assert (address.state, address.tries) == (AddressState.REFUSED, 5)
    mails, address = len(row.mails), waiting()
    confirm(right, until + INSTANT)
    assert (address.state, address.code_until, address.tries) == (AddressState.WAITING, None, 0)
    assert len(row.mails) == mails + 1


def test_of_two_persons_each_has_a_mail_of_its_own(session: Session, declare: Declare, make: Factory) -> None:
    row = declare(make.now)

    def called() -> int:
        return session.scalar(select(func.count(Declaration.id)).where(~ending_calls.is_written_to())) or 0

    with atomic(session):
        for person, state in ((Addressee.HELPER, AddressState.CONFIRMED), (Addressee.VICTIM, AddressState.REFUSED)):
            fields = {"address_key": "k", "asked_at": make.now, "tries": 0}
            row.addresses.append(DeclaredAddress(person=person, state=state, **fields))
    assert [answers._mail(row, each) for each in (Addressee.HELPER, Addressee.VICTIM)] == ["confirmed", "refused"]
    # A helper's address leaves the victim to be called.
    assert called() == 1
    with atomic(session):
        next(each for each in row.addresses if each.person is Addressee.VICTIM).state = AddressState.CONFIRMED
    assert called() == 0


def test_one_address_is_asked_three_times_a_day(
    session: Session, settings: Settings, sealer: Sealer, declare: Declare, make: Factory
) -> None:
    allowed = replace(settings, **ALERTS)
    mailing = replace(allowed, smtp_host="localhost", mail_sender="a@b.example", public_address="http://c.example")

    def asked(at: datetime, how: Settings = mailing) -> int:
        row = declare(at)
        with atomic(session):
            persons = contact_address.to_confirm(Contact("Mme Rougé", "rouge@victim.example"), None, how)
            contact_address.ask(session, row, persons, sealer=sealer, now=at)
        assert all((each.tries, each.asked_at) == (0, at) for each in row.addresses)
        return len(row.addresses)

    assert asked(make.now, settings) == 0
    assert [asked(make.now + HOUR * each) for each in range(4)] == [1, 1, 1, 0]
    assert [asked(make.now + DAY), asked(make.now + DAY)] == [1, 0]


def test_the_desk_lists_what_concerns_the_unit_open_ones_first(
    session: Session, declare: Declare, officer: Officer, outsider: Officer, make: Factory
) -> None:
    near, far, nobodys = declare(make.now), declare(make.now, departement="44"), declare(make.now, departement="09")
    older, at_desk = declare(make.now - DAY), declare(make.now - HOUR, departement="44", unit=officer.unit)
    declare(make.now, held=True)
    with atomic(session):
        lifecycle.close(session, near, by=None, now=make.now)

    def listed(by: Officer, **part: int) -> list[int]:
        return [each.id for each in desk.listed(session, by, **{"limit": 9, "offset": 0, **part}).declarations]

    assert listed(officer) == [nobodys.id, at_desk.id, older.id, near.id]
    assert listed(officer, limit=2, offset=1) == [at_desk.id, older.id]
    assert desk.listed(session, officer, limit=1, offset=0).total == 4
    assert listed(outsider) == [nobodys.id, far.id]
