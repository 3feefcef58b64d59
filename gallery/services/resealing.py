"""Confidential values sealed anew after the sealing identity was changed, row by row; can be stopped and run again."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, select, tuple_, update
from sqlalchemy.orm import Session

from gallery.database import Base
from gallery.sealing import Sealer
from gallery.services.transaction import atomic, end_reading

# A sealed proof may have 25 MB.
AT_ONCE: Final = 8
SEALED: Final = (
    "cases.sealed",
    "claim_proofs.sealed_pages",
    "claims.sealed_notice",
    "declaration_inbox.sealed",
    "declarations.sealed",
    "declared_objects.sealed",
    "declared_photos.sealed",
    "declared_photos.sealed_compact",
    "declared_photos.sealed_signature",
    "facebook_pages.sealed",
    "false_accounts.sealed",
    "form_drafts.sealed",
    "items.sealed",
)
# Comes from the public site: one that no identity opens must not keep the others from being sealed anew.
UNCHECKED: Final = ("declaration_inbox.sealed",)
# Their digests are in the journal, so that nobody can change what a claimant has said: they stay as they were filed.
FROZEN: Final = ("claim_proofs.sealed", "claim_statements.sealed")
# Sealed to their owners' codes, which nobody here has.
OF_THEIR_OWNERS: Final = ("declaration_answers.sealed", "opened_declarations.sealed")

Place = tuple[Any, ...]


def reseal(session: Session, sealer: Sealer, told: Callable[[str, int], None]) -> int:
    """Seal to the newest identity what a former one opens; return how many values. Raises SealBroken for a lost key."""
    count = 0
    for name in SEALED:
        for places in _batches(session, name):
            with atomic(session):
                count += sum(_seal_anew(session, name, place, sealer) for place in places)
            told(name, len(places))
    return count


def former(session: Session, sealer: Sealer) -> dict[str, int]:
    """How many values of each column only a former identity opens."""
    found: dict[str, int] = {}
    for name in (*SEALED, *FROZEN):
        for places in _batches(session, name):
            values = [session.scalar(_value(name, place)) for place in places]
            end_reading(session)
            old = sum(value is not None and _needs_former(name, value, sealer) for value in values)
            if old:
                found[name] = found.get(name, 0) + old
    return found


def _seal_anew(session: Session, name: str, place: Place, sealer: Sealer) -> bool:
    # The row may have been sealed by an officer since it was listed, or be gone.
    value = session.scalar(_value(name, place).with_for_update())
    if value is None or not _needs_former(name, value, sealer):
        return False
    table, column = _of(name)
    # A drop that was tried in vain while its key was missing is due again, and no garbage.
    again: dict[str, Any] = {"attempts": 0, "unreadable_at": None} if name in UNCHECKED else {}
    changed = {column: sealer.sealed_anew(value)} | again
    session.execute(update(table).where(_is(table, place)).values(changed))
    return True


def _needs_former(name: str, value: bytes, sealer: Sealer) -> bool:
    return not sealer.is_newest(value) and (name not in UNCHECKED or sealer.opens(value))


def _batches(session: Session, name: str) -> Iterator[list[Place]]:
    """The keys of a table's rows, some at a time."""
    table, column = _of(name)
    key = list(table.primary_key)
    last: Place | None = None
    while True:
        wanted = select(*key).where(table.c[column].is_not(None)).order_by(*key).limit(AT_ONCE)
        if last is not None:
            wanted = wanted.where(tuple_(*key) > tuple_(*last))
        places = [tuple(row) for row in session.execute(wanted)]
        end_reading(session)
        if not places:
            return
        yield places
        last = places[-1]


def _value(name: str, place: Place) -> Select[bytes]:
    table, column = _of(name)
    return select(table.c[column]).where(_is(table, place))


def _is(table: Table, place: Place) -> ColumnElement[bool]:
    return tuple_(*table.primary_key) == tuple_(*place)


def _of(name: str) -> tuple[Table, str]:
    table, _, column = name.partition(".")
    return Base.metadata.tables[table], column
