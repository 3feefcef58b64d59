"""The journal: written in the transaction of the act itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select
from sqlalchemy.orm import Session, joinedload

from gallery.models import AuditEntry, Case, Category, Claim, Declaration, Item, Officer, Unit

Subject = Item | Case | Officer | Unit | Category | Declaration | Claim


# How the journal calls each, and which column tells it from others.
_NAMED_BY: Mapping[type, tuple[str, str]] = {
    Item: ("item", "public_number"),
    Case: ("case", "reference"),
    Officer: ("officer", "public_id"),
    Unit: ("unit", "code"),
    Category: ("category", "code"),
    Declaration: ("declaration", "reference"),
    Claim: ("claim", "reference"),
}
# Acts that come in hundreds: within this time of the last one its count grows, and no line is added.
TALLIED_WITHIN = timedelta(hours=1)
# What the journal calls a whole backup, which is about no thing and no account.
BACKUP = "backup"
# The same of a test of restoring one, and how the two ways are called in which it may end.
RESTORE_TEST, PASSED, FAILED = "restore_test", "restore_test_passed", "restore_test_failed"
# Of those who looked, tried or came: they would hide what was done to a thing in its own history.
LOOKED = (
    "sign_in", "sign_in_failed", "code_failed", "confirmation_failed", "made_to_wait", "refused",
    "limited", "download_original", "read_sealed", "read_declaration", "read_claim", "show_recovery_codes",
    "export_list", "export_sealed_list",
)  # fmt: skip


@dataclass(frozen=True)
class RestoreTest:
    """How a test of restoring the newest backup ended, and when."""

    at: datetime
    has_passed: bool


def record(
    session: Session, by: Officer | None, action: str, subject: Subject | None, *, now: datetime, **details: Any
) -> None:
    """Note that this officer (None: command line, worker or a stranger) did this to it (None: the service itself).

    details: never a confidential value.
    """
    kind, number = _name(subject)
    session.add(AuditEntry(at=now, officer=by, action=action, subject_kind=kind, subject=number, details=details))


def tally(session: Session, by: Officer | None, action: str, subject: Subject | None, *, now: datetime) -> None:
    """Note what may happen in hundreds: one line an hour, with the number of times."""
    kind, name = _name(subject)
    _tally(session, {"officer_id": by.id if by else None, "action": action, "subject_kind": kind}, (name,), now=now)


def tally_declarations(session: Session, by: Officer, references: Collection[str], *, now: datetime) -> None:
    """Note that an officer reads all of these declarations, as `tally` would one by one, in a few statements."""
    kind, _ = _NAMED_BY[Declaration]
    _tally(session, {"officer_id": by.id, "action": "read_declaration", "subject_kind": kind}, references, now=now)


def _tally(session: Session, act: Mapping[str, Any], names: Collection[str], *, now: datetime) -> None:
    """Count it in the lines of the last hour. act: who did what to which kind of thing, by column; names: of those."""
    wanted = select(AuditEntry).filter_by(**act)
    wanted = wanted.where(AuditEntry.subject.in_(names), AuditEntry.at > now - TALLIED_WITHIN)
    # The newest line of each, which comes last; as it stands once whoever counts in it at this moment is done.
    found = wanted.order_by(AuditEntry.id).with_for_update(of=AuditEntry).execution_options(populate_existing=True)
    lines = {each.subject: each for each in session.scalars(found)}
    for line in lines.values():
        line.details = line.details | {"times": line.details.get("times", 1) + 1}
    if new := [{**act, "at": now, "subject": name, "details": {"times": 1}} for name in names if name not in lines]:
        session.execute(insert(AuditEntry), new)


def history(
    session: Session,
    subject: Subject,
    *,
    actions: Collection[str] = (),
    since: datetime | None = None,
    limit: int = 200,
) -> list[AuditEntry]:
    """What was done to this subject, the latest first, with who did it. actions: these alone; else all but looking."""
    kind, number = _name(subject)
    wanted = select(AuditEntry).where(AuditEntry.subject_kind == kind, AuditEntry.subject == number)
    wanted = wanted.where(AuditEntry.action.in_(actions) if actions else AuditEntry.action.not_in(LOOKED))
    if since is not None:
        wanted = wanted.where(AuditEntry.at >= since)
    return _newest(session, wanted, limit)


def of_account(session: Session, officer: Officer, *, limit: int = 200) -> list[AuditEntry]:
    """What was done to an account, and what its officer did that changed nothing, the latest first."""
    wanted = select(AuditEntry).where(_is_about(officer) | (AuditEntry.officer_id == officer.id) & _is_looking())
    return _newest(session, wanted, limit)


def of_accounts(session: Session, *, limit: int = 500) -> list[AuditEntry]:
    """What was done to every account, and attempts on accounts that do not exist, the latest first."""
    wanted = select(AuditEntry).where(AuditEntry.subject_kind.in_(("officer", "service")) | _is_looking())
    return _newest(session, wanted, limit)


def record_backup(session: Session, *, now: datetime) -> None:
    """Note that a whole backup was made."""
    session.add(AuditEntry(at=now, officer=None, action="back_up", subject_kind=BACKUP, subject="", details={}))


def begun_at(session: Session) -> datetime | None:
    """When the first line that is kept was written: the installation is at least as old; None without any line."""
    return session.scalar(select(AuditEntry.at).order_by(AuditEntry.id).limit(1))


def last_backup(session: Session) -> datetime | None:
    """When the last whole backup was made; None when none was."""
    wanted = select(AuditEntry.at).where(AuditEntry.subject_kind == BACKUP, AuditEntry.subject == "")
    return session.scalar(wanted.order_by(AuditEntry.id.desc()).limit(1))


def record_restore_test(session: Session, test: RestoreTest) -> None:
    """Note how a test of restoring ended."""
    action = PASSED if test.has_passed else FAILED
    entry = AuditEntry(at=test.at, officer=None, action=action, subject_kind=RESTORE_TEST, subject="", details={})
    session.add(entry)


def last_restore_test(session: Session) -> RestoreTest | None:
    """The last test of restoring that is noted; None when none is."""
    wanted = select(AuditEntry.at, AuditEntry.action).filter_by(subject_kind=RESTORE_TEST, subject="")
    found = session.execute(wanted.order_by(AuditEntry.id.desc()).limit(1)).first()
    return None if found is None else RestoreTest(found.at, found.action == PASSED)


def forget_old(session: Session, actions: Collection[str], *, older_than: datetime) -> int:
    """Forget the lines of these actions written before, and return how many."""
    count = count_old(session, actions, older_than=older_than)
    session.execute(delete(AuditEntry).where(AuditEntry.action.in_(actions), AuditEntry.at < older_than))
    return count


def count_old(session: Session, actions: Collection[str], *, older_than: datetime) -> int:
    """How many lines of these actions were written before."""
    wanted = select(func.count(AuditEntry.id)).where(AuditEntry.action.in_(actions), AuditEntry.at < older_than)
    return session.scalar(wanted) or 0


def _is_about(officer: Officer) -> ColumnElement[bool]:
    kind, number = _name(officer)
    return (AuditEntry.subject_kind == kind) & (AuditEntry.subject == number)


def _is_looking() -> ColumnElement[bool]:
    return AuditEntry.action.in_(LOOKED)


def _newest(session: Session, wanted: Select[Any], limit: int) -> list[AuditEntry]:
    return list(
        session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(limit).options(joinedload(AuditEntry.officer)))
    )


def _name(subject: Subject | None) -> tuple[str, str]:
    if subject is None:
        return "service", ""
    kind, name = next(names for each, names in _NAMED_BY.items() if isinstance(subject, each))
    return kind, str(getattr(subject, name))
