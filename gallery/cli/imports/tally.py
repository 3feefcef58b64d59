"""What an import tells as it goes: counts, refusals with their reasons, the report, how far it is."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Never, TextIO

from tqdm import tqdm

from gallery.cli.imports.sentences import line_for
from gallery.cli.spoken import said
from gallery.cli.words import sentence_for
from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.errors.photos import PhotoDeleted
from gallery.services.imports.importing import ImportedItem, Outcome
from gallery.services.imports.plan import PlannedItem, Refusal
from gallery.services.imports.refusals import ImportRefusal
from gallery.services.items.obstacles import Obstacle
from gallery.sharing.cells import harmless


@dataclass
class Tally:
    """What has become of the items so far. refused: photos, rows and publications; photos: those that were added.

    damaged: photos that look damaged and are taken nevertheless.
    """

    added: int = 0
    described: int = 0
    published: int = 0
    known: int = 0
    refused: int = 0
    photos: int = 0
    damaged: int = 0
    seconds: float = 0


@dataclass
class Account:
    """The tally of one import, told while it grows."""

    progress: "tqdm[Never]"
    report: TextIO | None
    publishes: bool
    tally: Tally = field(default_factory=Tally)

    def tell(self, item: ImportedItem) -> None:
        """Count an item that was written, or would be."""
        self.tally.added += item.outcome is Outcome.NEW
        self.tally.described += item.outcome is Outcome.DESCRIBED
        self.tally.known += item.outcome is Outcome.KNOWN
        self.tally.photos += item.photos
        self.tally.published += item.outcome is not Outcome.KNOWN and self.publishes and not item.obstacles
        if item.obstacles:
            source = f"{item.planned.source}, draft {item.public_number}".rstrip()
            self._refuse(source, sentence_for(PublicationRefused(item.obstacles)))
        if item.title_tells and Obstacle.TELLING_TITLE not in item.obstacles:
            self.progress.write(
                said(
                    "title: {source}: it still says what is hidden from the public; change it if that is to "
                    "stay hidden",
                    source=f"{item.planned.source} {item.public_number}".rstrip(),
                )
            )
        self._record(item.planned, item.public_number, item.outcome)

    def known(self, planned: PlannedItem, public_number: str) -> None:
        """Count an item that is there already."""
        self.tell(ImportedItem(planned, public_number, Outcome.KNOWN))

    def refuse_each(self, refusals: Sequence[Refusal]) -> None:
        """Count photos and rows that can't be taken, and name everything that is wrong with them."""
        self.tally.refused += len({refusal.source for refusal in refusals})
        for refusal in refusals:
            self.progress.write(f"refused: {line_for(refusal, sentence_for(refusal.error))}")

    def name_damaged(self, sources: Sequence[str]) -> None:
        """Count and name photos that look damaged, which is no refusal."""
        self.tally.damaged += len(sources)
        for source in sources:
            self.progress.write(f"damaged: {source}: parts of it are missing or blurred; take it again if you can")

    @contextmanager
    def refusing(self, planned: PlannedItem) -> Iterator[None]:
        """Count and name an item that an import leaves as it is, or that somebody has changed meanwhile."""
        try:
            yield
        except (ImportRefusal, PhotoDeleted, ChangedMeanwhile) as error:
            self._refuse(planned.source, sentence_for(error))

    def photos_seen(self, planned: PlannedItem) -> None:
        """Show that an item is done."""
        self.progress.update(len(planned.photos))

    def _record(self, planned: PlannedItem, public_number: str, outcome: Outcome) -> None:
        if self.report:
            csv.writer(self.report).writerow([harmless(planned.source), public_number, outcome.value])
            # A killed import's report tells what was written.
            self.report.flush()

    def _refuse(self, source: str, reason: str) -> None:
        self.tally.refused += 1
        self.progress.write(f"refused: {source}: {reason}")
