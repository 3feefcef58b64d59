"""One import under way: the pool prepares, what comes back is written object by object, or only weighed."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from gallery.cli.imports.tally import Account, Tally
from gallery.cli.pool import archive_at, in_processes, private_store, public_store
from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.services.imports import destination as destinations
from gallery.services.imports import importing, preparing, recognition
from gallery.services.imports.destination import Authorisation, Destination, FoundCase
from gallery.services.imports.plan import Plan, PlannedItem, ReadPhoto
from gallery.services.imports.preparing import ExaminedItem, PreparedItem
from gallery.services.imports.recognition import NOT_LISTED, Digests, Listed
from gallery.services.imports.refusals import PhotoMayBeListed, RowSharesPhoto
from gallery.services.imports.weighing import Weighing
from gallery.services.items.obstacles import Obstacle, is_reachable, obstacles_of
from gallery.services.people import units
from gallery.services.resources import Resources
from gallery.services.transaction import atomic, end_reading

Done = TypeVar("Done", PreparedItem, ExaminedItem)


@dataclass(frozen=True)
class ImportTask:
    """One item for a process of the pool. archive: its parts, none when the photos are files of their own.

    expose: its files go to the public store too.
    """

    planned: PlannedItem
    archive: tuple[Path, ...]
    settings: Settings
    expose: bool


@dataclass
class Run:
    """One import under way."""

    given: Resources
    session: Session
    plan: Plan
    # Parts of the archive that the photos are in; none: they are files.
    archive: tuple[Path, ...]
    destination: Destination
    # Cases by number, with the authorisation to record in each that has none.
    leaves: Mapping[str, Authorisation | None]
    # Case that must be authorised for anything to be done at all; empty: none.
    required_case: str
    account: Account
    listed: Listed = NOT_LISTED
    weighing: Weighing = field(init=False)
    digests: Digests = field(init=False)
    cases: Mapping[str, FoundCase] = field(default_factory=dict)
    never_public: set[str] = field(default_factory=set)

    def go(self) -> Tally:
        """Prepare in the pool and write each object as it comes: a killed import loses only what was being prepared."""
        return self._each(prepare, self._open_cases, self._write)

    def foresee(self) -> Tally:
        """Say what `go` would do: every photo is read and decoded, nothing is written."""
        return self._each(examine, self._foresee_cases, self._weigh)

    def _each(
        self, work: Callable[[ImportTask], Done], ensure_cases: Callable[[], None], keep: Callable[[Done], None]
    ) -> Tally:
        began = time.monotonic()
        self.digests = Digests(reader_of(self.archive, self.given.settings))
        self.plan, self.listed = recognition.read_listed(self.plan, self.digests, sealer=self.given.sealer)
        self.account.refuse_each(self.plan.refusals)
        for done in in_processes(work, self._tasks(ensure_cases)):
            self.account.refuse_each(done.refusals)
            self.account.name_damaged(done.damaged)
            if done.digests:
                with self.account.refusing(done.planned):
                    keep(done)
            self.account.photos_seen(done.planned)
        self.account.tally.seconds = time.monotonic() - began
        return self.account.tally

    def _tasks(self, ensure_cases: Callable[[], None]) -> Iterator[ImportTask]:
        """The items that are not there yet; the cases are found when the first item needs its own."""
        for planned in self.plan.items:
            is_over = True
            with self.account.refusing(planned):
                is_over = self._is_over(planned)
            if is_over:
                self.account.photos_seen(planned)
                continue
            end_reading(self.session)
            if not self.cases:
                ensure_cases()
            yield self._task(planned)

    def _task(self, planned: PlannedItem) -> ImportTask:
        """What is to be prepared of an item, without what is hidden by now in other photos of the same files."""
        is_to_be_public = self.destination.publish and not self._obstacles(planned)
        unit = units.get_by_code(self.session, self.destination.unit_code)
        planned = preparing.with_hidden(self.session, planned, self.digests, unit.id)
        end_reading(self.session)
        return ImportTask(planned, self.archive, self.given.settings, expose=is_to_be_public)

    def _is_over(self, planned: PlannedItem) -> bool:
        """Whether an item is there with all its photos, or a copy of what a row describes; raise ImportRefusal."""
        found = self.digests.of_all(planned.photos)
        held = [source for each in found for source in self.listed.held.get(each, ())]
        if held:
            raise (RowSharesPhoto if planned.is_listed else PhotoMayBeListed)(tuple(dict.fromkeys(held)))
        if not planned.is_listed and any(each in self.listed.named for each in found):
            self.account.known(planned, "")
            return True
        known = importing.find_known(
            self.session, planned, self.digests, destination=self.destination, listed=self.listed
        )
        if known is not None:
            self.account.known(planned, known.public_number)
        return known is not None

    def _open_cases(self) -> None:
        """Find or open the cases; raise PublicationRefused when the required one is not authorised."""
        with atomic(self.session):
            self._take(destinations.ensure_cases(self.session, self.leaves, destination=self.destination))

    def _foresee_cases(self) -> None:
        self.weighing = Weighing(self.session, self.destination, self.listed)
        self._take(destinations.foresee_cases(self.session, self.leaves, destination=self.destination))

    def _take(self, found: Mapping[str, FoundCase]) -> None:
        required = found.get(self.required_case)
        if required is not None and not required.is_authorised:
            raise PublicationRefused((Obstacle.CASE_NOT_AUTHORISED,))
        unit = units.get_by_code(self.session, self.destination.unit_code)
        if self.destination.publish and not is_reachable(unit):
            raise PublicationRefused((Obstacle.UNIT_UNREACHABLE,))
        self.never_public = destinations.never_public_categories(self.session)
        self.cases = found

    def _obstacles(self, planned: PlannedItem) -> tuple[str, ...]:
        return obstacles_of(
            never_public=planned.category_code in self.never_public,
            is_authorised=self.cases[planned.case_number].is_authorised,
            is_reachable=True,
        )

    def _write(self, prepared: PreparedItem) -> None:
        try:
            self._add(prepared)
        except ChangedMeanwhile:
            # Most likely a part of the same file was hidden since it was prepared.
            self._add(prepare(self._task(prepared.planned)))

    def _add(self, prepared: PreparedItem) -> None:
        case_id = self.cases[prepared.planned.case_number].case_id
        assert case_id is not None, "opened before the first item"
        with atomic(self.session):
            imported = importing.add(self.session, prepared, case_id, destination=self.destination, listed=self.listed)
        self.account.tell(imported)

    def _weigh(self, examined: ExaminedItem) -> None:
        self.account.tell(self.weighing.weigh(examined, self._obstacles(examined.planned)))


def reader_of(archive: tuple[Path, ...], settings: Settings) -> ReadPhoto:
    """Reads photos out of an archive, or from the files that they are."""
    if archive:
        return partial(archive_at(archive).read_photo, limit_bytes=settings.max_upload_bytes)
    return partial(preparing.read_photo, settings=settings)


def prepare(task: ImportTask) -> PreparedItem:
    """What a process of the pool does."""
    settings = task.settings
    return preparing.prepare(
        task.planned,
        read=reader_of(task.archive, settings),
        settings=settings,
        private=private_store(settings),
        public=public_store(settings) if task.expose else None,
    )


def examine(task: ImportTask) -> ExaminedItem:
    """What a process of the pool does when nothing is to be written."""
    return preparing.examine(task.planned, read=reader_of(task.archive, task.settings), settings=task.settings)
