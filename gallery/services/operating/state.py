"""In what state an installation is: what is lacking now, what waits too long, and whether anybody has to act."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.errors import Outage, StoreRefused
from gallery.models import StoreName
from gallery.services import readiness, schema
from gallery.services.operating import counts
from gallery.services.operating.counts import Counts
from gallery.services.readiness import Part
from gallery.services.resources import Resources
from gallery.services.search import snapshots
from gallery.services.storekeeping import ownership

QUEUE_WITHIN = timedelta(hours=1)
"""How long a photo may wait for the worker, which describes a thousand in some ten minutes."""
WAITING_WITHIN = {"drops": timedelta(minutes=30), "waiting_photos": timedelta(hours=2)}
"""How long what victims have sent may, and a photo of a case, into which thousands may come at once; the alarms of
deploy/ go by the same."""
SWEEP_WITHIN = timedelta(hours=3)
"""How old the last sweep of a store may be; the worker sweeps every hour."""
BACKUP_WITHIN = timedelta(hours=50)
"""How old the last whole backup may be, where there is one: one is made every night, and one may be missed."""
RESTORE_TEST_WITHIN = timedelta(days=40)
"""How old the last test of restoring one may be, where there was one: it is made every month."""


class Trouble(enum.StrEnum):
    """What somebody has to act on. The first four are parts that are not there (`Part`)."""

    DATABASE = "database"
    SCHEMA = "schema"
    STORE = "store"
    DISK = "disk"
    QUEUE = "queue"
    LATE_DROPS = "late_drops"
    SWEEP = "sweep"
    NOT_OURS = "not_ours"
    DROPS = "drops"
    BACKUP = "backup"
    RESTORE_TEST = "restore_test"


@dataclass(frozen=True)
class SnapshotSeen:
    """The copy of the public catalogue on this machine."""

    written_at: datetime
    photos: int


@dataclass(frozen=True)
class State:
    """What was found at one moment. found, known: the schema's versions of the database and of the program.

    counts: None when the database can't be used. ours: by store, whether it belongs to this database; one that did not
    answer is left out.
    """

    at: datetime
    found: str
    known: str
    counts: Counts | None
    ours: Mapping[str, bool]
    snapshot: SnapshotSeen | None
    troubles: Sequence[Trouble]

    @property
    def is_healthy(self) -> bool:
        """Whether nobody has to act."""
        return not self.troubles


def look(given: Resources) -> State:
    """See how an installation is; raises nothing, whatever is broken."""
    lacking = readiness.lacking(readiness.needs_of(given))
    troubles = [Trouble(each.value) for each in lacking if each is not Part.OWNER]
    found, counted, ours = "", None, dict[str, bool]()
    if Part.DATABASE not in lacking:
        with given.sessions() as session:
            found = schema.look(session).found
            if Part.SCHEMA not in lacking:
                counted, ours = counts.count(session, now=given.now()), ours_of(session, given)
                troubles += _troubles(counted, given.now())
    troubles += [Trouble.NOT_OURS] if not all(ours.values()) else []
    known = schema.known_revisions()[-1]
    return State(given.now(), found, known, counted, ours, snapshot_of(given.settings.snapshot_path), troubles)


def snapshot_of(folder: Path) -> SnapshotSeen | None:
    """The newest snapshot in this folder; None before the worker has written one."""
    found = snapshots.last_written(folder)
    return None if found is None else SnapshotSeen(*found)


def _troubles(counted: Counts, now: datetime) -> list[Trouble]:
    late = {kind for kind, at in counted.oldest_waiting_at.items() if now - at > WAITING_WITHIN[kind]}
    is_late = now - (counted.oldest_undescribed_at or now) > QUEUE_WITHIN or "waiting_photos" in late
    found = [Trouble.QUEUE] if is_late else []
    if "drops" in late:
        found.append(Trouble.LATE_DROPS)
    if any(each.refusal or now - each.at > SWEEP_WITHIN for each in counted.sweeps) or _was_never_swept(counted, now):
        found.append(Trouble.SWEEP)
    if counted.stuck.total:
        found.append(Trouble.DROPS)
    if counted.backed_up_at is not None and now - counted.backed_up_at > BACKUP_WITHIN:
        found.append(Trouble.BACKUP)
    tested = counted.restore_test
    if tested is not None and (not tested.has_passed or now - tested.at > RESTORE_TEST_WITHIN):
        found.append(Trouble.RESTORE_TEST)
    return found


def _was_never_swept(counted: Counts, now: datetime) -> bool:
    is_new = counted.begun_at is None or now - counted.begun_at <= SWEEP_WITHIN
    return not is_new and {each.store for each in counted.sweeps} != {each.value for each in StoreName}


def ours_of(session: Session, given: Resources) -> dict[str, bool]:
    """By store, whether it belongs to this database; one that does not answer is left out."""
    found = {}
    for name, store in ownership.both(given):
        try:
            ownership.check(session, store, name)
            found[name.value] = True
        except StoreRefused:
            found[name.value] = False
        except (Outage, SQLAlchemyError):
            continue
    return found
