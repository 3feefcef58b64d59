"""One import under way: what is to do goes to the pool, what comes back is written in batches, and told."""

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Never, TextIO

from sqlalchemy.orm import Session
from tqdm import tqdm

from gallery.cli.desk import Desk, now
from gallery.cli.pool import archive_at, in_processes, store_at
from gallery.cli.words import sentence_for
from gallery.config import Settings
from gallery.errors import PublicationRefused
from gallery.services.imports import importing
from gallery.services.imports.importing import (
    Authorisation,
    Destination,
    FoundCase,
    ImportedItem,
    PreparedItem,
    ReadPhoto,
)
from gallery.services.imports.plan import Plan, PlannedItem, Refusal
from gallery.services.items.publication import Obstacle
from gallery.services.transaction import atomic, end_reading

ITEMS_A_TRANSACTION = 20


@dataclass(frozen=True)
class Task:
    """One item for a process of the pool. archive: its parts, none when the photos are files of their own.

    expose: its files go to the public store too.
    """

    planned: PlannedItem
    archive: tuple[Path, ...]
    settings: Settings
    expose: bool


@dataclass
class Tally:
    """What has become of the items so far. refused: photos, rows and publications."""

    added: int = 0
    published: int = 0
    known: int = 0
    refused: int = 0
    photos: int = 0
    seconds: float = 0


@dataclass
class Run:
    """One import under way."""

    desk: Desk
    session: Session
    plan: Plan
    # Parts of the archive that the photos are in; none: they are files.
    archive: tuple[Path, ...]
    destination: Destination
    # Cases by number, with the authorisation to record in each that has none.
    leaves: Mapping[str, Authorisation | None]
    # Case that must be authorised for anything to be done at all; empty: none.
    required_case: str
    progress: "tqdm[Never]"
    report: TextIO | None
    cases: Mapping[str, FoundCase] = field(default_factory=dict)
    never_public: set[str] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    def go(self) -> Tally:
        """Prepare in the pool, write rows here, batch by batch."""
        began = time.monotonic()
        self.refuse_each(self.plan.refusals)
        batch: list[PreparedItem] = []
        for prepared in in_processes(prepare, self.tasks()):
            batch.append(prepared)
            if len(batch) == ITEMS_A_TRANSACTION:
                self.write(batch)
                batch = []
        self.write(batch)
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def foresee(self) -> Tally:
        """Say what `go` would do: every photo is read, none is decoded, nothing is written."""
        began = time.monotonic()
        self.refuse_each(self.plan.refusals)
        read, seen = reader_of(self.archive, self.desk.settings), set[str]()
        for planned in self.plan.items:
            found = importing.foresee(self.session, planned, destination=self.destination, read=read, seen=seen)
            self.refuse_each(found.refusals)
            self.progress.update(len(planned.photos))
            if found.is_known:
                self.tally.known += 1
                self.record(planned, "", "known")
            elif found.photos:
                self.tally.added += 1
                self.tally.photos += found.photos
                self.record(planned, "", "new")
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def tasks(self) -> Iterator[Task]:
        """The items that are not there yet."""
        read = reader_of(self.archive, self.desk.settings)
        for planned in self.plan.items:
            known = importing.find_known(self.session, planned, destination=self.destination, read=read)
            if known is None:
                end_reading(self.session)
                yield Task(planned, self.archive, self.desk.settings, expose=self.may_be_public(planned))
            else:
                self.tally.known += 1
                self.record(planned, known.public_number, "known")

    def may_be_public(self, planned: PlannedItem) -> bool:
        """Whether publication will be allowed; the cases are opened when the first item needs one."""
        if not self.cases:
            self.open_cases()
        is_authorised = self.cases[planned.case_number].is_authorised
        return self.destination.publish and is_authorised and planned.category_code not in self.never_public

    def open_cases(self) -> None:
        """Find or open the cases; raise PublicationRefused when the required one is not authorised."""
        with atomic(self.session):
            found = importing.find_cases(self.session, self.leaves, destination=self.destination, now=now())
            required = found.get(self.required_case)
            if required is not None and not required.is_authorised:
                raise PublicationRefused((Obstacle.CASE_NOT_AUTHORISED,))
            self.never_public = importing.never_public_categories(self.session)
        self.cases = found

    def write(self, batch: Sequence[PreparedItem]) -> None:
        """Write one batch of items in one transaction, then tell."""
        with atomic(self.session):
            imported = [
                importing.add(
                    self.session,
                    prepared,
                    self.cases[prepared.planned.case_number].case_id,
                    destination=self.destination,
                    now=now(),
                )
                for prepared in batch
                if prepared.photos
            ]
        for item in imported:
            self.tell(item)
        for prepared in batch:
            self.tally.photos += len(prepared.photos)
            self.refuse_each(prepared.refusals)
            self.progress.update(len(prepared.planned.photos))

    def tell(self, item: ImportedItem) -> None:
        """Count an item that was written."""
        if item.is_new:
            self.tally.added += 1
            self.tally.published += self.destination.publish and not item.obstacles
        else:
            self.tally.known += 1
        if item.obstacles:
            self.refuse(
                f"{item.planned.source}, draft {item.public_number}", sentence_for(PublicationRefused(item.obstacles))
            )
        self.record(item.planned, item.public_number, "new" if item.is_new else "known")

    def record(self, planned: PlannedItem, public_number: str, outcome: str) -> None:
        """Add an item's line to the report."""
        if self.report:
            csv.writer(self.report).writerow([planned.source, public_number, outcome])

    def refuse_each(self, refusals: Sequence[Refusal]) -> None:
        """Count and name what can't be taken."""
        for refusal in refusals:
            self.refuse(refusal.source, sentence_for(refusal.error))

    def refuse(self, source: str, reason: str) -> None:
        """Count and name what was not taken."""
        self.tally.refused += 1
        self.progress.write(f"refused: {source}: {reason}")


def reader_of(archive: tuple[Path, ...], settings: Settings) -> ReadPhoto:
    """Reads photos out of an archive, or from the files that they are."""
    if archive:
        return partial(archive_at(archive).read_photo, limit_bytes=settings.max_upload_bytes)
    return partial(importing.read_photo, settings=settings)


def prepare(task: Task) -> PreparedItem:
    """What a process of the pool does."""
    settings = task.settings
    return importing.prepare(
        task.planned,
        read=reader_of(task.archive, settings),
        settings=settings,
        private=store_at(settings.private_store_address),
        public=store_at(settings.public_store_address) if task.expose else None,
    )
