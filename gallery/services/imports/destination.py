"""Where an import puts its items: the unit, its cases with their leave to publish, the keys, the stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from gallery.errors import SealBroken
from gallery.models import Case, Officer, Unit
from gallery.services import cases
from gallery.services.cases import CaseRecord, CaseSecrets, TheftWindow
from gallery.services.items import categories
from gallery.services.items.checks import Consultation
from gallery.services.people import units
from gallery.services.resources import Resources


@dataclass(frozen=True)
class Authorisation:
    """Who allowed publication, and when, in ISO form."""

    by: str
    on: str


@dataclass(frozen=True)
class Destination:
    """Where an import puts its items, what it works with, and who does it. by: None for the command line.

    consulted: what is vouched for of the photos that are published; written into the history of each of their items.
    """

    given: Resources
    unit_code: str
    publish: bool
    by: Officer | None = None
    consulted: Consultation | None = None


@dataclass(frozen=True)
class FoundCase:
    """A case that an import puts items in. case_id: None for one that would be opened."""

    case_id: int | None
    is_authorised: bool


def ensure_cases(
    session: Session, wanted: Mapping[str, Authorisation | None], *, destination: Destination
) -> Mapping[str, FoundCase]:
    """The unit's cases of these numbers, opened where there is none; inside atomic().

    An authorisation is recorded in a case that has none. Raises SealBroken where a case that no key opens may be the
    one of a number that no other case has.
    """
    unit = units.get_by_code(session, destination.unit_code)
    sealer = destination.given.sealer
    known = cases.kept_by(session, unit, sealer=sealer)
    found = {}
    for number, leave in wanted.items():
        record = _of_number(known, number)
        case = record.case if record else _open_case(session, unit, number, leave, destination)
        if record is None:
            known.append(CaseRecord(case, cases.open_secrets(case, sealer)))
        if record and leave and not record.secrets.is_authorised:
            _authorise(session, destination.given, record, leave)
        found[number] = FoundCase(case.id, cases.open_secrets(case, sealer).is_authorised)
    return found


def foresee_cases(
    session: Session, wanted: Mapping[str, Authorisation | None], *, destination: Destination
) -> Mapping[str, FoundCase]:
    """The cases as `ensure_cases` would leave them, or refuse to; nothing is written."""
    known = cases.kept_by(session, units.get_by_code(session, destination.unit_code), sealer=destination.given.sealer)
    found = {}
    for number, leave in wanted.items():
        record = _of_number(known, number)
        is_authorised = leave is not None or (record is not None and record.secrets.is_authorised)
        found[number] = FoundCase(record.case.id if record else None, is_authorised)
    return found


def never_public_categories(session: Session) -> set[str]:
    """Codes of the categories whose photos must not even reach the public store."""
    return {category.code for category in categories.all_in_order(session) if category.never_public}


def _of_number(known: Sequence[CaseRecord], number: str) -> CaseRecord | None:
    """The case of this number as it is written, else of the same number written otherwise; raise SealBroken."""
    readable = [each for each in known if each.secrets.is_readable]
    exact = [each for each in readable if each.secrets.case_number == number]
    same = (each for each in readable if cases.same_number(each.secrets.case_number) == cases.same_number(number))
    found = exact[0] if exact else next(same, None)
    if found is None and len(readable) < len(known):
        raise SealBroken
    return found


def _open_case(
    session: Session, unit: Unit, number: str, leave: Authorisation | None, destination: Destination
) -> Case:
    secret = CaseSecrets(
        case_number=number, authorised_by=leave.by if leave else "", authorised_on=leave.on if leave else ""
    )
    written = cases.WrittenCase(window=TheftWindow(), secret=secret)
    return cases.create(session, destination.given, unit, written, by=destination.by)


def _authorise(session: Session, given: Resources, record: CaseRecord, leave: Authorisation) -> None:
    case = record.case
    written = cases.WrittenCase(
        window=TheftWindow(case.theft_from, case.theft_until),
        secret=replace(record.secrets, authorised_by=leave.by, authorised_on=leave.on),
        version=case.version,
    )
    cases.edit(session, given, case, written, by=None)
