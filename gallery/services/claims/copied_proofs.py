"""The worker's comparison of proofs with our own photos: a screenshot of the gallery proves nothing.

State is in rows: a proof is due until it was compared, and doing it twice is harmless.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.errors import PhotoRefused, SealBroken
from gallery.models import Claim, ClaimProof, ClaimStatement
from gallery.services.albums import verification
from gallery.services.albums.verification import Authenticity, OurPhotos
from gallery.services.claims import claim_ending, claim_seals
from gallery.services.items.renditions import limits_of
from gallery.services.resources import Resources
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic, end_reading

OURS = (Authenticity.OURS, Authenticity.ALTERED, Authenticity.NO_LONGER_PUBLIC)
# What `copy_of` says of a photo that was public: its file is gone, and with it what tells of which item it was.
FORMER = "former"
log = logging.getLogger(__name__)


@dataclass
class ClaimWork:
    """Nothing is done, and nothing read, where the operator takes no claims."""

    given: Resources
    # Of published photos: the worker has one, whoever asks it.
    published: PhotoCatalogue
    # Claims and proofs whose seal is broken: not tried again by this process.
    _broken: set[int] = field(default_factory=set)
    _broken_proofs: set[int] = field(default_factory=set)

    def compare_next_proof(self) -> bool:
        """Look for the next proof among our photos, as `/verifier` does; False when none is due."""
        if not self.given.settings.takes_claims:
            return False
        with self.given.sessions() as session:
            due = session.scalar(_due(self._broken_proofs))
            if due is None:
                return False
            proof_id = due.id
            try:
                pages = claim_seals.pages_of(due, self.given.sealer)
            except SealBroken:
                log.warning("the proof in row %d can't be compared: its seal is broken", proof_id)
                self._broken_proofs.add(proof_id)
                return True
            end_reading(session)
            found = next(filter(None, (self._copied(session, page) for page in pages)), "")
            with atomic(session):
                proof = session.get(ClaimProof, proof_id)
                # None: its owner has erased it meanwhile.
                if proof is not None:
                    proof.copy_of, proof.compared_at = found, self.given.now()
        return True

    def settle_next(self) -> bool:
        """Carry out what officers have said of one claim in quarantine; False when there is none."""
        given = self.given
        if not given.settings.takes_claims:
            return False
        with given.sessions() as session, atomic(session):
            return claim_ending.settle_next(
                session, settings=given.settings, sealer=given.sealer, broken=self._broken, now=given.now()
            )

    def _copied(self, session: Session, page: bytes) -> str:
        """The number of the item whose photo this picture shows, FORMER, or empty."""
        try:
            picture = imaging.decode(page, limits_of(self.given.settings))
        except PhotoRefused:
            return ""
        ours = OurPhotos(self.published, self._former, self.given.public, self.given.settings.public_address)
        found = verification.of_picture(session, picture, ours)
        if found.authenticity not in OURS:
            return ""
        return found.item.public_number if found.item else FORMER

    @cached_property
    def _former(self) -> PhotoCatalogue:
        return open_catalogue(self.given, Scope.FORMER)


def _due(but: Collection[int]) -> Select[ClaimProof]:
    wanted = select(ClaimProof).join(ClaimProof.statement).join(ClaimStatement.claim)
    wanted = wanted.where(ClaimProof.compared_at.is_(None), Claim.held_at.is_(None), ClaimProof.id.not_in(but))
    return wanted.order_by(ClaimProof.id).limit(1)
