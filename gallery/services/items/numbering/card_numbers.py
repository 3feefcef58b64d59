"""Numbers that were printed on cards before there is an object: nobody else is given them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gallery.errors import TooManyCards
from gallery.models import CardNumber, Case, Item, Officer, Unit
from gallery.services import audit
from gallery.services.items.numbering.numbers import free_number

MAX_AT_ONCE = 200
# Of one unit, printed or reserved within a year and lying beside no object yet. Older ones are still the unit's.
MAX_UNUSED = 5000
COUNTED_FOR = timedelta(days=365)


def print_cards(session: Session, unit: Unit, count: int, *, by: Officer | None, now: datetime) -> list[str]:
    """Draw this many numbers to be printed for a unit; raise TooManyCards over MAX_AT_ONCE or MAX_UNUSED."""
    numbers = _drawn(session, unit, count, now=now)
    audit.record(session, by, "print_cards", unit, now=now, cards=count)
    return numbers


def reserve(session: Session, unit: Unit, count: int, *, by: Officer, now: datetime) -> list[str]:
    """Draw this many numbers for objects that a telephone is about to photograph; raise TooManyCards likewise."""
    numbers = _drawn(session, unit, count, now=now)
    audit.record(session, by, "reserve_numbers", unit, now=now, cards=count)
    return numbers


def _drawn(session: Session, unit: Unit, count: int, *, now: datetime) -> list[str]:
    if not 0 < count <= MAX_AT_ONCE:
        raise TooManyCards(limit=MAX_AT_ONCE)
    may_have = left(session, unit, now=now)
    if count > may_have:
        raise TooManyCards(limit=may_have)
    numbers = []
    for _ in range(count):
        number = free_number(session, unit)
        session.add(CardNumber(number=number, unit_id=unit.id, printed_at=now))
        session.flush()
        numbers.append(number)
    return numbers


def left(session: Session, unit: Unit, *, now: datetime) -> int:
    """How many numbers a unit may still have printed or reserved."""
    recent = CardNumber.unit_id == unit.id, CardNumber.printed_at > now - COUNTED_FOR
    unused = session.scalar(select(func.count()).select_from(CardNumber).where(*recent)) or 0
    return max(0, MAX_UNUSED - unused)


def of_unit(session: Session, numbers: Collection[str], unit: Unit) -> set[str]:
    """Those of these numbers that are on a card of the unit, or that an item of it has."""
    printed = select(CardNumber.number).where(CardNumber.number.in_(numbers), CardNumber.unit_id == unit.id)
    used = select(Item.public_number).where(Item.public_number.in_(numbers), Item.unit_id == unit.id)
    return set(session.scalars(printed)) | set(session.scalars(used))


def object_elsewhere(session: Session, number: str, case: Case) -> Item | None:
    """The item of this number where it is one of the unit's and in another case."""
    wanted = Item.public_number == number, Item.unit_id == case.unit_id, Item.case_id != case.id
    return session.scalar(select(Item).where(*wanted))


def use(session: Session, number: str) -> None:
    """An item has this number from now on."""
    session.execute(delete(CardNumber).where(CardNumber.number == number))
