"""What the worker does every hour: stores swept, the trash emptied, and forgotten what is kept for a time only."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from gallery.errors import Outage, StoreRefused
from gallery.models import StoreName
from gallery.services import forgetting, sweeping
from gallery.services.claims import claim_ending
from gallery.services.declarations import inbox, lifecycle
from gallery.services.declarations.opening import visits
from gallery.services.items import deletion
from gallery.services.resources import Resources
from gallery.services.rests import Stop
from gallery.services.storekeeping import ownership, released, reports, trash, wording
from gallery.services.storekeeping.batches import each_attempted
from gallery.services.sweeping import Sweep, Swept
from gallery.services.transaction import atomic

log = logging.getLogger(__name__)


def take_turn(given: Resources, *, every: timedelta) -> bool:
    """Whether this worker is to keep house now: each of several would list both stores for nothing."""
    with given.sessions() as session:
        ownership.identity(session)
        with atomic(session):
            return reports.take_turn(session, every=every, now=given.now())


@dataclass(frozen=True)
class House:
    """One round through both stores. stop: set it, and the round ends between two batches."""

    session: Session
    given: Resources
    sweep: Sweep
    stop: Stop

    def keep(self) -> int:
        """Do all of it, and return how many files were swept; a store that may not be touched is a line in the log."""
        # Before any row is forgotten by which an unmarked store would be recognised.
        is_ours = self._private_is_ours()
        forgotten = self._forget()
        removed = self._swept(sweeping.sweep_public(self.session, self.given.public, self.sweep))
        removed += self._swept(sweeping.sweep_private(self.session, self.given.private, self.sweep))
        if is_ours and not self.stop.is_set():
            self._mind_private_store(forgotten)
        return removed

    def _forget(self) -> list[str]:
        with atomic(self.session):
            # By itself: who opens a declaration meanwhile removes these rows too, and would wait for all of the round.
            visits.purge(self.session, now=self.sweep.now)
        with atomic(self.session):
            released.forget_old(
                self.session, older_than=self.sweep.now - timedelta(days=self.given.settings.trash_days)
            )
            keys = forgetting.forget_old(self.session, self.given.settings, now=self.sweep.now).keys
        with atomic(self.session):
            claims = claim_ending.purge(self.session, self.given.settings, now=self.sweep.now)
            purged = lifecycle.purge(self.session, self.given.settings, now=self.sweep.now)
            garbage = inbox.purge_unreadable(self.session, self.given.settings, now=self.sweep.now)
            stuck = inbox.stuck(self.session)
        if purged.ended or purged.erased:
            log.info("%d declarations ended, %d erased", purged.ended, purged.erased)
        if purged.kept:
            log.info("%d declarations that are over are kept until their owners know of it", purged.kept)
        if claims.erased:
            log.info("%d claims erased", claims.erased)
        if claims.kept:
            log.info("%d claims that are over are kept until their owners know of it", claims.kept)
        if garbage:
            log.warning("%d drops that no key opens were erased", garbage)
        if stuck.total:
            log.error("in the inbox: %d drops that no key opens, %d not filed", stuck.unreadable, stuck.unfiled)
        return keys

    def _swept(self, batches: Iterator[Swept]) -> int:
        removed = 0
        try:
            for batch in batches:
                removed += batch.removed
                for failure in batch.failures:
                    log.error("a file could not be removed: %s", failure)
                if self.stop.is_set():
                    break
        except StoreRefused as refusal:
            log.error("%s", wording.why(refusal))
        except Outage as outage:
            log.error("a store could not be swept: %s", outage.why)
        return removed

    def _private_is_ours(self) -> bool:
        try:
            ownership.check(self.session, self.given.private, StoreName.PRIVATE)
        except (StoreRefused, Outage):
            # The sweep will say so.
            return False
        return True

    def _mind_private_store(self, ended: list[str]) -> None:
        private, public = self.given.private, self.given.public
        kept_from = (self.sweep.now - timedelta(days=self.given.settings.trash_days)).date()
        with each_attempted() as attempt:
            attempt(partial(private.delete, ended))
            attempt(partial(deletion.destroy, self.session, private=private, public=public))
            attempt(self._take_back)
            attempt(partial(trash.empty, private, thrown_before=kept_from))

    def _take_back(self) -> None:
        if taken := trash.take_back_named(self.session, self.given.private):
            log.warning("%d files that the database names were taken back from the trash", taken)
