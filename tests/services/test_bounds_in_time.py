"""At which instant a declaration or a claim waits, is warned of, ends, may be undone, and goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count as numbers
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import ClaimStepRefused
from gallery.models import (
    Addressee,
    AddressState,
    AuditEntry,
    Claim,
    ClaimState,
    Declaration,
    DeclarationMessage,
    DeclarationState,
    DeclaredAddress,
    Item,
    ItemStatus,
    Officer,
    Unit,
    Verdict,
)
from gallery.sealing import Sealer
from gallery.services.claims import claim_desk, claim_ending, progress
from gallery.services.claims.progress import NextStep
from gallery.services.declarations import answers, contact_address, desk, filing, flood, lifecycle, quarantine
from gallery.services.declarations.answers import ClaimNotice, MessageKind
from gallery.services.declarations.opening.locks import Lock
from gallery.services.declarations.quarantine import HeldKind, Judgement
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft
from gallery.services.proposals import ending_calls
from gallery.services.transaction import atomic
from tests.factories import Factory

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
ME = Contact("Rougé", "rouge@victim.example", "06 55 44 33 22")
Declare = Callable[..., Declaration]
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, flood_per_hour=3, flood_per_contact=2)


@pytest.fixture
def declare(session: Session, sealer: Sealer, make: Factory) -> Declare:
    """A declaration that is filed at once, of one object or of none."""
    places = numbers(1)

    def file(
        at: datetime, *, contact: Contact = ME, objects: int = 1, held: bool = False, departement: str = "35", **by: Any
    ) -> Declaration:
        stated, number = StatedObject(words="vélo"), next(places)
        said = Statement(
            Theft(departement=departement), (stated,) * objects, contact, (at + 365 * DAY).date(), consented_at=at
        )
        lock = Lock(f"{number:064d}", b"wrapped", sealer.recipient, "0" * 64)
        described = filing.DescribedStatement(said, [filing.DescribedObject(stated, ())] * objects)
        with atomic(session):
            arrival = filing.Arrival(lock, f"r{number}", is_suspected=held, **by)
            return filing.add(session, described, arrival, sealer=sealer, now=at)

    return file


@pytest.fixture
def claim(session: Session, declare: Declare, make: Factory, unit: Unit) -> Callable[..., Claim]:
    """A claim for an item, in a declaration of its own."""
    item = make.published(make.case(unit))

    def file(at: datetime, *, of: Declaration | None = None, **fields: Any) -> Claim:
        declaration = of or declare(at, objects=0)
        with atomic(session):
            plain = {"state": ClaimState.RECEIVED, "changed_at": at, "told_at": at}
            made = Claim(
                reference=f"R-{declaration.id}", declaration=declaration, item=item, claimed_at=at, **plain | fields
            )
            session.add(made)
        return made

    return file


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


@pytest.mark.parametrize(
    ("state", "days_changed", "days_seen", "is_due"),
    [
        (ClaimState.RETURNED, 0, 0, True),
        (ClaimState.RETURNED, -1, 0, False),
        (ClaimState.NOT_ESTABLISHED, 0, 0, True),
        (ClaimState.NOT_ESTABLISHED, 0, -1, False),
        (ClaimState.NOT_ESTABLISHED, -1, 0, False),
        (ClaimState.RETURNED, 0, None, False),
        (ClaimState.AGREED, 9, 9, False),
    ],
)
def test_a_claim_is_over_once_seen_and_kept_for_as_long_as_it_may_be_contested(
    state: ClaimState, days_changed: int, days_seen: int | None, is_due: bool, session: Session, settings: Settings,
    claim: Callable[..., Claim], make: Factory,
) -> None:  # fmt: skip
    changed_at = make.now - (settings.claim_days + days_changed) * DAY
    seen_at = None if days_seen is None else make.now - (settings.claim_contest_days + days_seen) * DAY
    made = claim(make.now - 900 * DAY, state=state, changed_at=changed_at, seen_at=seen_at)
    told = {"at": make.now - claim_ending.LAST_WARNING, "told_at": make.now - claim_ending.LAST_WARNING}
    with atomic(session):
        session.add(
            DeclarationMessage(
                declaration_id=made.declaration_id, claim_id=made.id, kind=MessageKind.CLAIM_ENDS_IN_A_WEEK, **told
            )
        )
    assert claim_ending.count_due(session, settings, now=make.now) == is_due
    with atomic(session):
        assert claim_ending.purge(session, settings, now=make.now).erased == is_due
    assert session.scalar(select(func.count(Declaration.id))) == 1 - is_due


def test_nobody_agrees_to_an_item_that_was_returned_nor_to_a_claim_that_is_held(
    session: Session, claim: Callable[..., Claim], officer: Officer, make: Factory
) -> None:
    made = claim(make.now, state=ClaimState.WITH_MAGISTRATE)

    def agree() -> None:
        with atomic(session):
            row = session.get_one(Claim, made.id)
            step = NextStep(ClaimState.AGREED, ClaimNotice(), row.version)
            progress.change(session, make.given, row, step, by=officer)

    with atomic(session):
        session.get_one(Item, made.item_id).status = ItemStatus.RETURNED
    pytest.raises(ClaimStepRefused, agree)
    with atomic(session):
        session.get_one(Item, made.item_id).status = ItemStatus.PUBLISHED
        session.get_one(Claim, made.id).held_at = make.now
    pytest.raises(ClaimStepRefused, agree)
    with atomic(session):
        session.get_one(Claim, made.id).held_at = None
    agree()


def test_an_end_is_told_of_and_what_was_shown_too_before_it_is_purged(
    session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row, grace = declare(make.now), settings.declaration_grace_days * DAY
    with atomic(session):
        lifecycle.close(session, row, by=None, now=make.now)
        lifecycle.close(session, row, by=None, now=make.now + DAY)  # harmless
    assert row.closed_at == make.now
    assert lifecycle.count_due(session, settings, now=make.now + grace - INSTANT) == 0
    assert lifecycle.count_due(session, settings, now=make.now + grace) == 1


@pytest.mark.parametrize("days", [0, 1])
def test_what_stays_in_quarantine_goes_after_its_end_and_the_grace(
    days: int, session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row = declare(make.now, held=True)
    now = make.now + (365 + settings.declaration_grace_days + days) * DAY
    assert lifecycle.count_due(session, settings, now=now) == days
    with atomic(session):
        lifecycle.prolong(session, row, by=None, now=make.now)
        lifecycle.close(session, row, by=None, now=make.now)
    assert (row.state, len(row.messages)) == (DeclarationState.QUARANTINED, 1)


def test_it_is_prolonged_for_a_year_and_for_two_in_all(session: Session, declare: Declare, make: Factory) -> None:
    row, today = declare(make.now), make.now.date()
    for later, ends_on in ((0, 365), (100, 465), (400, 731), (731, 731)):
        with atomic(session):
            lifecycle.prolong(session, row, by=None, now=make.now + later * DAY)
        assert row.ends_on == today + ends_on * DAY
    messages = len(row.messages)
    with atomic(session):
        lifecycle.prolong(session, row, by=None, now=make.now + 732 * DAY)
    assert len(row.messages) == messages


def test_open_ones_end_the_day_after_their_last_and_those_without_objects_never(
    session: Session, settings: Settings, declare: Declare, make: Factory
) -> None:
    row, claimant = declare(make.now), declare(make.now, objects=0)

    def purge(days: int) -> lifecycle.Purged:
        with atomic(session):
            return lifecycle.purge(session, settings, now=make.now + days * DAY)

    assert purge(334).warned == 0
    assert [purge(335).warned, purge(336).warned, purge(357).warned, purge(358).warned] == [1, 0, 0, 1]
    assert (purge(365).ended, purge(366).ended) == (0, 1)
    assert [each.kind for each in row.messages] == [
        MessageKind.RECEIVED, MessageKind.ENDS_SOON, MessageKind.ENDS_IN_A_WEEK, MessageKind.ENDED,
    ]  # fmt: skip
    assert (row.state, claimant.state) == (DeclarationState.CLOSED, DeclarationState.OPEN)


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
    allowed = replace(settings, alerts_legal_act="PLAN-3", alerts_impact_assessment="2026-11-29")
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
