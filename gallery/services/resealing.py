"""Confidential values sealed anew after the sealing identity was changed, row by row; can be stopped and run again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, select, tuple_, update
from sqlalchemy.orm import Session

from gallery.database import Base
from gallery.errors import SealBroken
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
INBOX: Final = "declaration_inbox.sealed"
# Their digests are in the journal, so that nobody can change what a claimant has said: they stay as they were filed.
FROZEN: Final = ("claim_proofs.sealed", "claim_statements.sealed")
# Sealed to their owners' codes, which nobody here has.
OF_THEIR_OWNERS: Final = ("declaration_answers.sealed", "opened_declarations.sealed")

Place = tuple[Any, ...]


@dataclass
class Resealed:
    """How many values were sealed anew, and the rows of those that no identity opens, by column; these stay."""

    count: int = 0
    lost: dict[str, list[Place]] = field(default_factory=dict)


def reseal(session: Session, sealer: Sealer, told: Callable[[str, int], None]) -> Resealed:
    """Seal to the newest identity what a former one opens; what none opens keeps nothing else from it."""
    done = Resealed()
    for name in SEALED:
        for places in _batches(session, name):
            with atomic(session):
                sealed = [_seal_anew(session, name, place, sealer) for place in places]
            done.count += sealed.count(True)
            if lost := [place for place, was_sealed in zip(places, sealed, strict=True) if was_sealed is None]:
                done.lost.setdefault(name, []).extend(lost)
            told(name, len(places))
    return done


def former(session: Session, sealer: Sealer) -> dict[str, int]:
    """How many values of each column a former identity opens, and the newest does not."""
    found: dict[str, int] = {}
    for name in (*SEALED, *FROZEN):
        for places in _batches(session, name):
            values = [session.scalar(_value(name, place)) for place in places]
            end_reading(session)
            old = sum(value is not None and not sealer.is_newest(value) and sealer.opens(value) for value in values)
            if old:
                found[name] = found.get(name, 0) + old
    return found


def _seal_anew(session: Session, name: str, place: Place, sealer: Sealer) -> bool | None:
    """Whether it was; None where no identity opens it."""
    # The row may have been sealed by an officer since it was listed, or be gone.
    value = session.scalar(_value(name, place).with_for_update())
    if value is None or sealer.is_newest(value):
        return False
    try:
        anew = sealer.sealed_anew(value)
    except SealBroken:
        return None
    table, column = _of(name)
    # A drop that was tried in vain while its key was missing is due again, and no garbage.
    again: dict[str, Any] = {"attempts": 0, "unreadable_at": None} if name == INBOX else {}
    changed = {column: anew} | again
    session.execute(update(table).where(_is(table, place)).values(changed))
    return True


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
