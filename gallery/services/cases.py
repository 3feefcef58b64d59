"""Cases: the procedures that items come from. A case belongs to a unit, and its officers alone know of it."""

import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gallery.errors import CaseNotFound, CaseNumberTaken, ChangedMeanwhile, PublicationRefused, SealBroken
from gallery.models import Case, Item, ItemStatus, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit, revision
from gallery.services.resources import Resources

PAGE_SIZE = 50
DASHES = re.compile(r"[‐‑‒–—−]")


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

    @property
    def is_readable(self) -> bool:
        """Whether the case could be opened: these are its secrets."""
        return True


class UnreadableCase(CaseSecrets):
    """In place of the secrets of a case that no key opens: nothing is known of them, and nothing is authorised."""

    @property
    def is_readable(self) -> bool:
        """They are lost, or another key opens them."""
        return False


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


@dataclass(frozen=True)
class CasesPage:
    """A page of a list of cases. has_more: another page follows."""

    records: Sequence[CaseRecord]
    has_more: bool


@dataclass(frozen=True)
class WrittenCase:
    """All that was written of a case. version: of the case that was shown to whoever wrote; 0 for a new one.

    replaces_unreadable: as in items.WrittenItem.
    """

    window: TheftWindow
    secret: CaseSecrets
    version: int = 0
    replaces_unreadable: bool = False


def create(session: Session, given: Resources, unit: Unit, written: WrittenCase, *, by: Officer | None) -> Case:
    """Open a case in a unit."""
    now = given.now()
    case = Case(reference=secrets.token_hex(6), unit=unit, created_at=now)
    _write(case, written, given.sealer)
    session.add(case)
    session.flush()
    audit.record(session, by, "create", case, now=now)
    return case


def edit(session: Session, given: Resources, case: Case, written: WrittenCase, *, by: Officer | None) -> None:
    """Change a case; raise ChangedMeanwhile, or PublicationRefused when its published items would lose their leave.

    Raises SealBroken as `items.edit` does.
    """
    # Whoever publishes has it too: an import locks an item's case by its row only, and may be about to commit.
    revision.hold(session)
    before, window, secret = open_secrets(case, given.sealer), written.window, written.secret
    if case.version != written.version or (before.is_readable and written.replaces_unreadable):
        raise ChangedMeanwhile
    if not (before.is_readable or written.replaces_unreadable):
        raise SealBroken
    if not secret.is_authorised and _published_items(session, case):
        raise PublicationRefused(("case_not_authorised",))
    changed = sorted(name for name, value in asdict(secret).items() if value != getattr(before, name))
    if (case.theft_from, case.theft_until) != (window.first, window.last):
        changed.append("theft_window")
    if not changed and before.is_readable:
        return
    _write(case, written, given.sealer)
    # Its theft window is public with its items.
    revision.touch_items(session, _published_items(session, case))
    if "theft_window" in changed:
        # What was stolen in these days is another: its items are compared with all that is declared once more.
        session.execute(update(Item).where(Item.case_id == case.id).values(updated_at=given.now()))
    audit.record(session, by, "edit", case, now=given.now(), fields=changed)


def get(session: Session, reference: str, *, by: Officer) -> Case:
    """The case of the officer's unit under this reference; raise CaseNotFound."""
    case = session.scalar(select(Case).where(Case.reference == reference, Case.unit_id == by.unit_id))
    if case is None:
        raise CaseNotFound(reference)
    return case


def lock(session: Session, reference: str, *, by: Officer) -> Case:
    """The case of the officer's unit, to be changed: locked until the transaction ends; raise CaseNotFound."""
    case = session.scalar(
        select(Case).where(Case.reference == reference, Case.unit_id == by.unit_id).with_for_update(of=Case)
    )
    if case is None:
        raise CaseNotFound(reference)
    return case


def open_secrets(case: Case, sealer: Sealer) -> CaseSecrets:
    """Open what is sealed in a case; an UnreadableCase where no key does: its other cases must stay at hand."""
    try:
        return CaseSecrets(**sealer.unseal_remembered(case.sealed, row=_row(case)))
    except SealBroken:
        return UnreadableCase()


def kept_by(session: Session, unit: Unit, *, sealer: Sealer) -> list[CaseRecord]:
    """The unit's cases, newest first, with their secrets."""
    cases = session.scalars(
        select(Case).where(Case.unit_id == unit.id).order_by(Case.created_at.desc(), Case.id.desc())
    )
    return [CaseRecord(case, open_secrets(case, sealer)) for case in cases]


def page_of(session: Session, unit: Unit, page: int, *, first: Collection[int] = (), sealer: Sealer) -> CasesPage:
    """A page, from 1, of the unit's cases, newest first. first: rows of those that come before the others."""
    order = (Case.id.in_(first).desc(), Case.created_at.desc(), Case.id.desc())
    wanted = select(Case).where(Case.unit_id == unit.id).order_by(*order)
    found = session.scalars(wanted.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    return CasesPage(
        [CaseRecord(case, open_secrets(case, sealer)) for case in found[:PAGE_SIZE]], len(found) > PAGE_SIZE
    )


def item_counts(session: Session, records: Sequence[CaseRecord]) -> dict[int, int]:
    """How many items each of these cases has, by the case's row; cases without items are absent."""
    of_them = Item.case_id.in_([record.case.id for record in records])
    rows = session.execute(select(Item.case_id, func.count()).where(of_them).group_by(Item.case_id))
    return {row[0]: row[1] for row in rows}


def find_by_number(session: Session, unit: Unit, case_number: str, *, sealer: Sealer) -> Case | None:
    """The unit's case of this number. Every case is opened: the number is sealed, and a unit has few cases."""
    records = [each for each in kept_by(session, unit, sealer=sealer) if each.secrets.is_readable]
    same = [each for each in records if same_number(each.secrets.case_number) == same_number(case_number)]
    exact = (each.case for each in same if each.secrets.case_number == case_number)
    return next(exact, same[0].case if same else None)


def check_number_free(
    session: Session, unit: Unit, case_number: str, *, but: Case | None = None, sealer: Sealer
) -> None:
    """Raise CaseNumberTaken when another case of the unit has this number, however it is written; inside atomic().

    Until the transaction ends the unit's other cases wait, so that two of one number never both are new.
    """
    # Rows that refer to the unit are still added meanwhile, by whoever has the catalogue that `edit` waits for.
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True))
    taken = find_by_number(session, unit, case_number, sealer=sealer)
    if taken is not None and taken is not but and not _has_number(but, case_number, sealer):
        raise CaseNumberTaken(taken.reference)


def same_number(case_number: str) -> str:
    """A case's number without what people write differently: capitals, blanks, kinds of dashes.

    >>> same_number("Seq 2026/77 ") == same_number("SEQ\u00a02026/77"), same_number("1/23") == same_number("12/3")
    (True, False)
    """
    return DASHES.sub("-", "".join(unicodedata.normalize("NFKC", case_number).casefold().split()))


def _write(case: Case, written: WrittenCase, sealer: Sealer) -> None:
    case.theft_from, case.theft_until = written.window.first, written.window.last
    case.sealed = sealer.seal(asdict(written.secret), row=_row(case))


def _row(case: Case) -> str:
    return f"case:{case.reference}"


def _has_number(case: Case | None, case_number: str, sealer: Sealer) -> bool:
    """Whether a case has this number already: two that an earlier version let in can still be edited."""
    return case is not None and same_number(open_secrets(case, sealer).case_number) == same_number(case_number)


def _published_items(session: Session, case: Case) -> Sequence[int]:
    """Rows of the case's items that the public sees."""
    published = select(Item.id).where(Item.case_id == case.id, Item.status == ItemStatus.PUBLISHED)
    return session.scalars(published).all()
