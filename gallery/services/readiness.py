"""Whether a site could do its work now: what a monitor asks, and what a proxy goes by."""

import enum
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from gallery.errors import Outage, StoreOfAnother
from gallery.models import StoreName
from gallery.services import schema
from gallery.services.resources import Resources
from gallery.services.storekeeping import ownership
from gallery.storage import PhotoStore


class Part(enum.StrEnum):
    """What a site needs."""

    DATABASE = "database"
    SCHEMA = "schema"
    STORE = "store"
    DISK = "disk"
    OWNER = "owner"


@dataclass(frozen=True)
class Needs:
    """What one site needs. reads, writes: stores; disks: folders on whose disks it writes.

    owned: the stores that must be this database's. prepare: makes what its first visitor would otherwise wait for;
    without it a database that answers is enough.
    """

    sessions: sessionmaker[Session]
    reads: Sequence[PhotoStore]
    writes: Sequence[PhotoStore]
    disks: Sequence[Path]
    least_free_bytes: int
    prepare: Callable[[], object] = lambda: None
    owned: Sequence[tuple[StoreName, PhotoStore]] = ()


def needs_of(given: Resources) -> Needs:
    """What the whole installation needs: the database, both stores to be written, and room."""
    stores = [given.public, given.private]
    return Needs(
        given.sessions,
        [],
        stores,
        list(disks(given).values()),
        given.settings.least_free_bytes,
        owned=ownership.both(given),
    )


def seen_from_outside(given: Resources) -> Needs:
    """The same for a monitor, which may read the stores and writes nothing."""
    return replace(needs_of(given), reads=[given.public, given.private], writes=[])


def disks(given: Resources) -> dict[str, Path]:
    """Folders on whose disks the installation writes, by what lies there; a store of objects is on none of ours."""
    stores = {"public": given.public.folder, "private": given.private.folder}
    return {"instance": given.settings.instance} | {
        name: Path(each) for name, each in stores.items() if each is not None
    }


def lacking(needs: Needs) -> list[Part]:
    """What is not there or can't be used at this moment; nothing when the site is ready."""
    found = _of_database(needs)
    stores: list[Callable[[], None]] = [each.check_reading for each in needs.reads]
    stores += [each.check_writing for each in needs.writes]
    if not all(_works(check) for check in stores):
        found.append(Part.STORE)
    if not all(_has_room(disk, needs.least_free_bytes) for disk in needs.disks):
        found.append(Part.DISK)
    if Part.DATABASE not in found and owner_refusals(needs):
        found.append(Part.OWNER)
    return found


def owner_refusals(needs: Needs) -> list[StoreOfAnother]:
    """Which stores are another database's; one that does not answer, or of which a role may not know, is left out."""
    refusals = []
    try:
        with needs.sessions() as session:
            for name, store in needs.owned:
                with suppress(Outage):
                    refusals.append(ownership.why_not(session, store, name))
    except SQLAlchemyError:
        return []
    return [refusal for refusal in refusals if refusal is not None]


def _of_database(needs: Needs) -> list[Part]:
    try:
        with needs.sessions() as session:
            if not schema.look(session).can_be_used:
                return [Part.SCHEMA]
        needs.prepare()
    except SQLAlchemyError:
        return [Part.DATABASE]
    return []


def _works(check: Callable[[], None]) -> bool:
    try:
        check()
    except Outage:
        return False
    return True


def _has_room(folder: Path, least: int) -> bool:
    try:
        return shutil.disk_usage(folder).free >= least
    except OSError:
        return False
