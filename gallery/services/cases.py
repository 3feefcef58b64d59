"""Cases: the procedures that items come from. A case belongs to a unit, and its officers alone know of it."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.errors import CaseNotFound, ChangedMeanwhile, PublicationRefused
from gallery.models import Case, Item, ItemStatus, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit, revision


@dataclass(frozen=True)
class CaseSecrets:
    """What is never public about a case. Dates in ISO form; authorised_by empty: publication is not authorised."""

    case_number: str = ""
    discovered_on: str = ""
    discovery_place: str = ""
    authorised_by: str = ""
    authorised_on: str = ""
    authorised_scope: str = ""
    notes: str = ""

    @property
    def is_authorised(self) -> bool:
        """Publication was authorised by a named magistrate on a given day."""
        return bool(self.authorised_by and self.authorised_on)


@dataclass(frozen=True)
class TheftWindow:
    """The days between which the thefts may have happened, both included; either may be unknown."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class CaseRecord:
    """A case with its secrets opened, for officers of its unit."""

    case: Case
    secrets: CaseSecrets


def create(
    session: Session,
    unit: Unit,
    window: TheftWindow,
    secret: CaseSecrets,
    *,
    sealer: Sealer,
    by: Officer | None,
    now: datetime,
) -> Case:
    """Open a case in a unit."""
    case = Case(reference=secrets.token_hex(6), unit=unit, created_at=now)
    _write(case, window, secret, sealer)
    session.add(case)
    session.flush()
    audit.record(session, by, "create", case, now=now)
    return case


def edit(
    session: Session,
    case: Case,
    window: TheftWindow,
    secret: CaseSecrets,
    *,
    expected_version: int,
    sealer: Sealer,
    by: Officer | None,
    now: datetime,
) -> None:
    """Change a case; raise ChangedMeanwhile, or PublicationRefused when its published items would lose their leave."""
    if case.version != expected_version:
        raise ChangedMeanwhile
    before = open_secrets(case, sealer)
    if not secret.is_authorised and _has_published_items(session, case):
        raise PublicationRefused(("case_not_authorised",))
    changed = sorted(name for name, value in asdict(secret).items() if value != getattr(before, name))
    if (case.theft_from, case.theft_until) != (window.first, window.last):
        changed.append("theft_window")
    if not changed:
        return
    _write(case, window, secret, sealer)
    # Its theft window is public with its items.
    revision.touch(session)
    audit.record(session, by, "edit", case, now=now, fields=changed)


def get(session: Session, reference: str, *, by: Officer) -> Case:
    """The case of the officer's unit under this reference; raise CaseNotFound."""
    case = session.scalar(select(Case).where(Case.reference == reference, Case.unit_id == by.unit_id))
    if case is None:
        raise CaseNotFound(reference)
    return case


def take(session: Session, reference: str, *, by: Officer) -> Case:
    """The same case, to be changed: locked until the transaction ends; raise CaseNotFound."""
    case = session.scalar(
        select(Case).where(Case.reference == reference, Case.unit_id == by.unit_id).with_for_update(of=Case)
    )
    if case is None:
        raise CaseNotFound(reference)
    return case


def open_secrets(case: Case, sealer: Sealer) -> CaseSecrets:
    """Open what is sealed in a case."""
    return CaseSecrets(**sealer.unseal(case.sealed, row=_row(case)))


def kept_by(session: Session, unit: Unit, *, sealer: Sealer) -> list[CaseRecord]:
    """The unit's cases, newest first, with their secrets."""
    cases = session.scalars(
        select(Case).where(Case.unit_id == unit.id).order_by(Case.created_at.desc(), Case.id.desc())
    )
    return [CaseRecord(case, open_secrets(case, sealer)) for case in cases]


def item_counts(session: Session, unit: Unit) -> dict[int, int]:
    """How many items each case of a unit has, by the case's row; cases without items are absent."""
    rows = session.execute(select(Item.case_id, func.count()).where(Item.unit_id == unit.id).group_by(Item.case_id))
    return {row[0]: row[1] for row in rows}


def find_by_number(session: Session, unit: Unit, case_number: str, *, sealer: Sealer) -> Case | None:
    """The unit's case of this number. Every case is opened: the number is sealed, and a unit has few cases."""
    records = kept_by(session, unit, sealer=sealer)
    return next((record.case for record in records if record.secrets.case_number == case_number), None)


def _write(case: Case, window: TheftWindow, secret: CaseSecrets, sealer: Sealer) -> None:
    case.theft_from, case.theft_until = window.first, window.last
    case.sealed = sealer.seal(asdict(secret), row=_row(case))


def _row(case: Case) -> str:
    return f"case:{case.reference}"


def _has_published_items(session: Session, case: Case) -> bool:
    published = select(Item.id).where(Item.case_id == case.id, Item.status == ItemStatus.PUBLISHED).limit(1)
    return session.scalar(published) is not None
