"""The background process: finds in the database what is to be done, and does it through services.

Several may run: a photo is leased to one of them, and comes back when its worker was killed. Everything may be done
twice without harm.
"""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.database import CommitWatch, is_given_up, why_down
from gallery.errors import ChangedMeanwhile, FileAbsent, Outage, SchemaUnfit, StoreRefused
from gallery.models import StoreName
from gallery.services import housekeeping, schema
from gallery.services.albums.export_work import ExportMaker
from gallery.services.claims import claim_filing
from gallery.services.claims.copied_proofs import ClaimWork
from gallery.services.facebook import archive_work, sender
from gallery.services.items import signatures
from gallery.services.items.signatures import DuePhoto
from gallery.services.lots.work import LotWork
from gallery.services.proposals.work import DeclarationWork
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, Pauses, Rests, Stillness, Stop, is_outage
from gallery.services.search import opening, pgvector
from gallery.services.search.memory import Scope
from gallery.services.search.search import PhotoCatalogue
from gallery.services.storekeeping import ownership, wording
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic

SWEEP_EVERY = timedelta(hours=1)
SHORTLISTED_AT_ONCE = 50
# One that could not be described anew is not tried again before this.
RENEWAL_LEASE = timedelta(hours=1)
SNAPSHOT_EVERY = timedelta(minutes=10)
# Some 15 MB in each searching process.
SNAPSHOT_MIN_NEW = 1000
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Worker:
    """One worker. stop: set it, and the worker ends after the photo at hand."""

    given: Resources
    stop: Stop
    rests: Rests = field(default_factory=Rests)
    # Photos taken and, because of an outage, not tried: to be given back once the database is there; others first.
    untried: list[tuple[DuePhoto, datetime]] = field(default_factory=list)
    renewing_from: datetime = datetime.min.replace(tzinfo=UTC)
    look: ownership.StoresLook | None = None

    def run(self) -> None:
        """Work until stopped. While the database does not answer, or has other tables, each pause is longer."""
        with closing(CommitWatch(self.given.sessions.kw["bind"])) as watch:
            try:
                self._work(Stillness(watch, self.stop, self.given.settings.worker_pause_seconds))
            finally:
                self._leave_exports()

    def _work(self, stillness: Stillness) -> None:
        pauses = Pauses(self.stop)
        # Not at once: after a start with the wrong database, the operator has an hour to read the log.
        next_sweep, next_snapshot = self.given.now() + SWEEP_EVERY, self.given.now()
        while not self.stop.is_set():
            try:
                if not pauses.is_sure:
                    schema.require(self.given.sessions())
                    self.look = self.look and self.look.again()
                    self._check_stores()
                    self._attempt(self.declarations.publish_key, "publish the key of declarations")
                if self.given.now() >= next_sweep:
                    next_sweep = self.given.now() + SWEEP_EVERY
                    if housekeeping.take_turn(self.given, every=SWEEP_EVERY):
                        self._attempt(self.sweep, "sweep")
                if self.given.now() >= next_snapshot:
                    next_snapshot = self.given.now() + SNAPSHOT_EVERY
                    self._attempt(self.write_snapshot, "write a snapshot")
                stillness.begin()
                is_busy = self._advance()
                pauses.restore()
                if not is_busy:
                    stillness.wait(is_short=bool(self.rests))
            except (SQLAlchemyError, SchemaUnfit, StoreRefused) as error:
                pauses.wait(error)

    def _check_stores(self) -> None:
        """Raise StoreRefused for a store of another database; one that does not answer is looked at again later."""
        self.look = self.look or ownership.StoresLook(self.given)
        if not self.look.is_over:
            self._attempt(self.look.take, "look at the stores")
            self.look.require()

    @property
    def _pieces(self) -> dict[str, Callable[[], bool]]:
        """Each kind of work that is not describing new photos, by what a log says of it."""
        return {
            "describe an older photo anew": self.renew_next,
            "shortlist": self.shortlist_next,
            "describe a waiting photo": self.lots.describe_next,
            "put waiting photos together": self.lots.propose_next,
            "look for private parts": self.lots.look_next,
            "take an archive over": self.advance_archive,
            "publish on a page": self.advance_post,
            "make the file of an album": self.advance_export,
            "file a declaration": self.declarations.collect_next,
            "carry out a verdict on a declaration in quarantine": self.declarations.settle_next,
            "carry out a verdict on a claim in quarantine": self.claims.settle_next,
            "see whether somebody helps with declarations": self.declarations.look_for_helpers,
            "describe a declared photo": self.declarations.describe_next,
            "look for a declared object": self.declarations.compare_next_object,
            "compare an item with declarations": self.declarations.compare_next_item,
            "compare a claimant's proof with our photos": self.claims.compare_next_proof,
            "send a mail": self.declarations.send_next_mail,
        }

    def _advance(self) -> bool:
        """Do a piece of each kind of work; False when there is nothing to do."""
        self._check_stores()
        is_busy = self._attempt(self.describe_next, "describe")
        for name, piece in self._pieces.items():
            is_busy |= self._attempt(piece, name)
        return is_busy

    def run_once(self) -> int:
        """Describe what is due now, and return how many photos that were."""
        self.declarations.publish_key()
        described = 0
        while not self.stop.is_set() and self.describe_next():
            described += 1
        for more in self._pieces.values():
            while not self.stop.is_set() and more():
                pass
        return described

    def describe_next(self) -> bool:
        """Describe one photo; False when none is due. A failure is logged, and the photo is due again after its lease.

        An outage is raised and is no attempt: the photo is due as before.
        One at a time: were several taken at once, a photo that kills its worker would use up the others' attempts.
        """
        with self.given.sessions() as session:
            due = self._take(session)
            if due is None:
                return False
            self._describe(session, due)
        return True

    def renew_next(self) -> bool:
        """Describe one photo anew that an older version of the matcher has described; False when there is none.

        Once none is left it is looked for again each hour: versions change with an upgrade, which starts the worker.
        """
        if self.given.now() < self.renewing_from:
            return False
        with self.given.sessions() as session:
            with atomic(session):
                due = signatures.take_outdated(session, lease=RENEWAL_LEASE, now=self.given.now())
            if due is None:
                self.renewing_from = self.given.now() + SWEEP_EVERY
                return False
            self._describe(session, due)
        return True

    def shortlist_next(self) -> bool:
        """Index signatures that a catalogue in the database lacks; False when there is none."""
        if self.given.settings.catalogue != "pgvector":
            return False
        with self.given.sessions() as session, atomic(session):
            indexed = pgvector.index_missing(session, limit=SHORTLISTED_AT_ONCE)
            if 0 < indexed < SHORTLISTED_AT_ONCE:
                pgvector.count_again(session)
        return indexed > 0

    def advance_archive(self) -> bool:
        """Do the next step of an archive of albums that an officer has given; False when there is none."""
        with self.given.sessions() as session:
            return archive_work.advance(session, self.given)

    def advance_post(self) -> bool:
        """Send the next photo of an album to its unit's page, or the post; False when there is nothing to do now."""
        with self.given.sessions() as session:
            return sender.advance(session, self.given)

    def advance_export(self) -> bool:
        """Go on for a second with the file of an album that an officer has asked for; False when there is none."""
        return self._exports.advance()

    def write_snapshot(self) -> bool:
        """Write the public catalogue for the searching processes to map, once much of it is in no snapshot."""
        written = opening.write_snapshot(self.given, min_new=SNAPSHOT_MIN_NEW)
        if written:
            log.info("wrote the catalogue that searching processes map: %s", self.given.settings.snapshot_path)
        return written

    def sweep(self) -> bool:
        """Keep house: files that no row names, the trash, old drafts and ended sessions."""
        older_than = self.given.now() - timedelta(hours=self.given.settings.orphan_hours)
        sweep = Sweep(older_than=older_than, now=self.given.now())
        with self.given.sessions() as session:
            house = housekeeping.House(session, self.given, sweep, self.stop)
            removed = house.keep()
        if removed:
            log.info("swept %d files", removed)
        return removed > 0

    @cached_property
    def lots(self) -> LotWork:
        """What is done for photos that wait in cases."""
        return LotWork(self.given)

    @cached_property
    def declarations(self) -> DeclarationWork:
        """What is done for victims who have declared a theft."""
        return DeclarationWork(self.given, self._published, claim_filing.HANDLERS)

    @cached_property
    def _published(self) -> PhotoCatalogue:
        return opening.open_catalogue(self.given, Scope.PUBLIC)

    @cached_property
    def claims(self) -> ClaimWork:
        """What is done for claimants besides."""
        return ClaimWork(self.given, self._published)

    @cached_property
    def _exports(self) -> ExportMaker:
        return ExportMaker(self.given)

    def _leave_exports(self) -> None:
        """Let another worker take the file at hand at once; where that fails, one does once the lease has ended."""
        try:
            self._exports.close()
        except SQLAlchemyError as error:
            log.warning("an album's file waits for its lease to end: %s", why_down(error))

    def _take(self, session: Session) -> DuePhoto | None:
        lease = timedelta(minutes=self.given.settings.worker_lease_minutes)
        with atomic(session):
            for due, until in self.untried:
                signatures.give_back(session, due, until=until)
            taken = signatures.take_due(session, limit=1, lease=lease, now=self.given.now())
        self.untried.clear()
        return taken[0] if taken else None

    def _describe(self, session: Session, due: DuePhoto) -> None:
        try:
            made = signatures.make(due, settings=self.given.settings, private=self.given.private)
            with atomic(session):
                signatures.keep(session, made, now=self.given.now())
        except Exception as error:
            if outage := self._outage(session, error):
                self.untried.append((due, self.given.now() + GIVEN_BACK_FOR))
                raise outage from error
            log.exception("photo %d could not be described", due.photo_id)

    def _outage(self, session: Session, error: Exception) -> Exception | None:
        """What is out of order, if that is not the photo: a file is absent too where the disk of the store is."""
        if isinstance(error, FileAbsent):
            try:
                ownership.check(session, self.given.private, StoreName.PRIVATE)
            except (StoreRefused, Outage) as other:
                return other
        return error if is_outage(error) or isinstance(error, (SQLAlchemyError, ChangedMeanwhile)) else None

    def _attempt(self, act: Callable[[], bool], name: str) -> bool:
        """Do it; what goes wrong (a store does not answer, the disk is full) is logged, and tried again after a pause.

        An error of the database that concerns all work is raised.
        """
        if not self.rests.is_over(name, self.given.now()):
            return False
        try:
            done = act()
        except Exception as error:
            if is_outage(error) or is_given_up(error):
                self.rests.begin(name, wording.in_one_line(error), self.given.now())
                return False
            if why_down(error) or not self._has_its_tables(error):
                raise
            log.exception("the worker could not %s", name)
            return False
        self.rests.end(name, self.given.now(), was_done=done)
        return done

    def _has_its_tables(self, error: Exception) -> bool:
        """Whether the tables are as they were at the start, unless an error has nothing to do with them."""
        return not isinstance(error, SQLAlchemyError) or schema.look(self.given.sessions()).fit is schema.Fit.SAME
