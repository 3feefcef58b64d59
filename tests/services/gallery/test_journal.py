"""Cases, categories, cards and checks: what is written of them, what the journal tells, and of whom."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import (
    AlreadyTaken,
    CaseNotFound,
    CaseNumberTaken,
    CategoryNotFound,
    ChangedMeanwhile,
    PublicationRefused,
    TooManyCards,
)
from gallery.models import AuditEntry, CardNumber, Case, Officer, Unit
from gallery.services import audit, cases, revision
from gallery.services.cases import CaseSecrets, TheftWindow, WrittenCase
from gallery.services.items import categories, checks
from gallery.services.items.categories import WrittenCategory
from gallery.services.items.checks import Consultation
from gallery.services.items.numbering import card_numbers
from gallery.services.transaction import atomic
from tests.factories import Factory

HOUR, INSTANT, DAY = timedelta(hours=1), timedelta(microseconds=1), date(2026, 11, 1)
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


def newest(session: Session, subject: audit.Subject) -> tuple[str, dict[str, object]]:
    (entry,) = audit.history(session, subject, limit=1)
    return entry.action, dict(entry.details)


def test_a_case_is_changed_in_what_is_other_and_keeps_its_leave(
    session: Session, make: Factory, unit: Unit, officer: Officer, outsider: Officer
) -> None:
    case, number = make.case(unit), revision.current(session)
    secret, window = cases.open_secrets(case, make.sealer), TheftWindow(case.theft_from, case.theft_until)
    same = WrittenCase(window, secret, case.version)

    def edit(written: WrittenCase) -> None:
        with atomic(session):
            cases.edit(session, make.at(make.now + HOUR), case, written, by=officer)

    edit(same)
    assert (newest(session, case)[0], revision.current(session)) == ("create", number)
    edit(replace(same, secret=replace(secret, notes="x", case_number="9/2026"), window=TheftWindow(DAY, None)))
    assert newest(session, case) == ("edit", {"fields": ["case_number", "notes", "theft_window"]})
    assert (case.theft_from, case.theft_until, revision.current(session)) == (DAY, None, number + 1)
    pytest.raises(ChangedMeanwhile, edit, same)
    edit(replace(same, secret=CaseSecrets(), version=case.version))
    make_public = make.item(make.case(unit), with_photos=1)
    make.publish(make_public)
    shown = make_public.case
    without = WrittenCase(TheftWindow(), CaseSecrets(), shown.version)
    with pytest.raises(PublicationRefused), atomic(session):
        cases.edit(session, make.given, shown, without, by=officer)
    assert cases.get(session, case.reference, by=officer) is cases.lock(session, case.reference, by=officer) is case
    for get in (cases.get, cases.lock):
        pytest.raises(CaseNotFound, get, session, case.reference, by=outsider)
    by, on = {"authorised_by": "la procureure"}, {"authorised_on": "2026-11-01"}
    assert [CaseSecrets(**each).is_authorised for each in ({}, by, on, by | on)] == [False, False, False, True]
    assert (len(case.reference), case.created_at) == (12, make.now)


def test_a_number_is_of_one_case_of_the_unit_however_it_is_written(
    session: Session, make: Factory, unit: Unit, outsider: Officer
) -> None:
    first, second = (make.case(unit, CaseSecrets(case_number=number)) for number in ("SEQ 2026–77", "seq 2026-77"))
    theirs = make.case(outsider.unit, CaseSecrets(case_number="1/2026"))

    def find(number: str) -> Case | None:
        return cases.find_by_number(session, unit, number, sealer=make.sealer)

    assert [find("SEQ 2026–77"), find("seq 2026-77"), find("1/2026")] == [first, second, None]
    # Of several that are the same the one that is written so, else the newest.
    assert find("Seq2026-77") is second

    def check(number: str, but: Case | None = None, of: Unit = unit) -> None:
        cases.check_number_free(session, of, number, but=but, sealer=make.sealer)

    with pytest.raises(CaseNumberTaken) as taken:
        check("SEQ 2026-77")
    assert taken.value.reference == second.reference
    check("1/2026")
    check("SEQ2026-77", but=first)
    check("SEQ2026-77", but=second)
    pytest.raises(CaseNumberTaken, check, "1/2026", of=outsider.unit)
    check("1/2026", but=theirs, of=outsider.unit)
    third = make.case(unit, CaseSecrets(case_number="3/2026"))
    pytest.raises(CaseNumberTaken, check, "SEQ 2026-77", but=third)
    assert [each.case for each in cases.kept_by(session, unit, sealer=make.sealer)] == [third, second, first]
    make.item(first)
    make.item(first)
    assert cases.item_counts(session, cases.kept_by(session, unit, sealer=make.sealer)) == {first.id: 2}


def test_the_journal_tells_an_account_and_every_account(
    session: Session, make: Factory, unit: Unit, officer: Officer, colleague: Officer
) -> None:
    looked, now = audit.LOOKED[0], make.now
    item = make.item(make.case(unit))
    with atomic(session):
        audit.record(session, colleague, "disable", officer, now=now)
        audit.record(session, officer, looked, item, now=now)
        audit.record(session, officer, "edit", item, now=now)
        audit.record(session, None, "sign_in_refused", None, now=now)
    about = [each.action for each in audit.of_account(session, officer)]
    assert about == [looked, "disable", "create"]
    every = [each.action for each in audit.of_accounts(session)]
    assert every == ["sign_in_refused", looked, "disable", "create", "create"]
    assert [len(audit.of_account(session, officer, limit=2)), len(audit.of_accounts(session, limit=3))] == [2, 3]
    assert [
        each.subject for each in session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "service"))
    ] == [""]
    with atomic(session):
        audit.record(session, officer, looked, item, now=now + HOUR)
    assert len(audit.history(session, item, actions=(looked,))) == 2
    assert len(audit.history(session, item, actions=(looked,), since=now + HOUR)) == 1
    assert audit.count_old(session, (looked,), older_than=now) == 0
    assert audit.count_old(session, (looked,), older_than=now + HOUR) == 1
    with atomic(session):
        assert audit.forget_old(session, (looked,), older_than=now + HOUR) == 1
    assert [each.action for each in audit.history(session, item)] == ["edit", "create"]
    assert [each.at for each in audit.history(session, item, actions=(looked,))] == [now + HOUR]


def test_what_comes_in_hundreds_is_counted_by_the_hour(
    session: Session, make: Factory, unit: Unit, officer: Officer, colleague: Officer
) -> None:
    case = make.case(unit)
    times = ((officer, timedelta()), (officer, HOUR - INSTANT), (colleague, timedelta()), (officer, 2 * HOUR - INSTANT))
    for by, later in times:
        with atomic(session):
            audit.tally(session, by, "drop_photos", case, now=make.now + later)
    told = [(each.officer, each.details) for each in audit.history(session, case, actions=("drop_photos",))]
    assert told == [(officer, {"times": 1}), (colleague, {"times": 1}), (officer, {"times": 2})]


def test_a_category_is_added_after_the_others_and_changed(
    session: Session, make: Factory, unit: Unit, officer: Officer
) -> None:
    number, last = revision.current(session), categories.all_in_order(session)[-1]
    written = WrittenCategory("Horloges", "Clocks", never_public=False, withholds=True)
    try:
        with atomic(session):
            made = categories.create(session, written, code="clockwork", by=officer, now=make.now)
        assert (made.position, made.name_fr, made.name_en, made.never_public, made.withholds) == (
            last.position + 1, "Horloges", "Clocks", False, True,
        )  # fmt: skip
        assert revision.current(session) == number + 1
        assert categories.all_in_order(session)[-1] is categories.lock_by_code(session, "clockwork") is made
        assert [each.action for each in audit.history(session, made)] == ["create"]
        pytest.raises(AlreadyTaken, categories.create, session, written, code="clockwork", by=officer, now=make.now)
        for get in (categories.get_by_code, categories.lock_by_code):
            pytest.raises(CategoryNotFound, get, session, "nothing")
    finally:
        session.rollback()
        with atomic(session):
            session.delete(categories.get_by_code(session, "clockwork"))


def test_somebody_vouches_for_an_item_and_the_last_one_counts(
    session: Session, make: Factory, unit: Unit, officer: Officer, colleague: Officer
) -> None:
    item = make.item(make.case(unit))
    assert checks.find(session, item) is None
    with atomic(session):
        checks.vouch(session, item, Consultation("x" * 500, DAY), by=officer, now=make.now)
    assert newest(session, item) == ("vouch_for_photos", {"consulted_by": "x" * 500, "consulted_on": "2026-11-01"})
    with atomic(session):
        checks.keep(session, item, Consultation("Alix", DAY), by=colleague, now=make.now + HOUR)
    found = checks.find(session, item)
    assert found is not None
    assert (found.officer, found.consulted_by, found.consulted_on, found.checked_at) == (
        colleague, "Alix", DAY, make.now + HOUR,
    )  # fmt: skip
    with atomic(session):
        checks.note(session, item.case, Consultation("Alix", DAY), by=officer, now=make.now)
    assert newest(session, item.case)[0] == "vouch_for_photos"


def test_cards_are_drawn_within_limits_and_used_up(
    session: Session, make: Factory, unit: Unit, officer: Officer, outsider: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (card_numbers.MAX_AT_ONCE, card_numbers.MAX_UNUSED) == (200, 5000)
    monkeypatch.setattr(card_numbers, "MAX_AT_ONCE", 3)
    monkeypatch.setattr(card_numbers, "MAX_UNUSED", 4)

    def draw(count: int) -> list[str]:
        with atomic(session):
            return card_numbers.reserve(session, unit, count, by=officer, now=make.now)

    for count in (0, 4, -1):
        with pytest.raises(TooManyCards) as many:
            draw(count)
        assert many.value.limit == 3
    numbers = draw(3)
    assert (len(set(numbers)), newest(session, unit)) == (3, ("reserve_numbers", {"cards": 3}))
    with pytest.raises(TooManyCards) as many:
        draw(2)
    assert many.value.limit == 1
    assert len(draw(1)) == 1
    with atomic(session):
        printed = session.scalars(select(CardNumber)).first()
        assert (printed and printed.printed_at) == make.now
        card_numbers.use(session, numbers[0])
    with atomic(session):
        assert len(card_numbers.print_cards(session, unit, 1, by=officer, now=make.now)) == 1
    assert newest(session, unit) == ("print_cards", {"cards": 1})
    # The whole reserve is out: a year later none of it counts any more, and all of it is still the unit's.
    assert card_numbers.left(session, unit, now=make.now) == 0
    later = make.now + card_numbers.COUNTED_FOR
    assert card_numbers.left(session, unit, now=later) == 4
    assert card_numbers.of_unit(session, numbers, unit) == set(numbers[1:])
    item = make.item(make.case(unit))
    asked = [*numbers, item.public_number]
    assert card_numbers.of_unit(session, asked, unit) == {*numbers[1:], item.public_number}
    assert card_numbers.of_unit(session, asked, outsider.unit) == set()


def test_declarations_that_are_read_together_are_each_counted_by_the_hour(
    session: Session, officer: Officer, make: Factory
) -> None:
    for references, later in ((["D-A", "D-B"], timedelta()), (["D-B", "D-C"], HOUR - INSTANT), (["D-A"], 2 * HOUR)):
        with atomic(session):
            audit.tally_declarations(session, officer, references, now=make.now + later)
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "read_declaration").order_by(AuditEntry.id))
    told = [(each.subject, each.officer, each.details["times"]) for each in lines]
    assert told == [("D-A", officer, 1), ("D-B", officer, 2), ("D-C", officer, 1), ("D-A", officer, 1)]
