"""The catalogue of a service that has outgrown memory: PostgreSQL makes the shortlist, the rest is the same code."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.matching.catalogue.catalogue import readable_details
from gallery.matching.catalogue.segment import Question, Segment, Similarities
from gallery.matching.catalogue.shortlisting import question_row
from gallery.matching.signature import Details
from gallery.matching.tiers.colour import Histogram
from gallery.matching.tiers.encoder import Vector
from gallery.models import StoredSignature
from gallery.services.search import lookups
from gallery.services.search.memory import Scope, signatures_in, stored_details


class DatabaseCatalogue:
    """Signatures of the public photos of published items, or of all photos, by signature id, left in the database.

    A search sees everything that was committed before it began and that the worker has indexed.
    """

    def __init__(self, sessions: sessionmaker[Session], *, scope: Scope = Scope.PUBLIC) -> None:
        self._sessions, self._scope = sessions, scope

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        """The catalogue as the database has it now, for one search. narrowed_to: ids of the items that may appear."""
        return _Shortlisted(self._sessions, self._scope, narrowed_to)


class _Shortlisted:
    """What one search compares: a few hundred photos, shortlisted by the first questions that it asks."""

    def __init__(self, sessions: sessionmaker[Session], scope: Scope, narrowed_to: Collection[int] | None) -> None:
        self._sessions, self._scope, self._narrowed_to = sessions, scope, narrowed_to
        self._segment: Segment | None = None

    def __len__(self) -> int:
        with self._sessions() as session:
            return int(lookups.has_any(session, scope=self._scope))

    def answer(self, questions: Sequence[Question]) -> list[Similarities]:
        """Compare all questions with all that the first ones shortlisted."""
        if self._segment is None:
            self._segment = self._shortlist(questions)
        everything = np.ones(len(self._segment), np.bool_)
        return [self._segment.answer(question, everything) for question in questions]

    def colours(self, entry_id: int) -> Histogram | None:
        """The colours of a shortlisted photo."""
        if self._segment is None:
            return None
        rows = np.flatnonzero(self._segment.entry_ids == entry_id)
        return self._segment.colours.histogram(int(rows[0])) if len(rows) else None

    def cosines(self, vector: Vector) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The items of the photos whose vectors are nearest to this one, and their cosines."""
        with self._sessions() as session:
            near = lookups.vectors_near(session, vector, narrowed_to=self._narrowed_to, scope=self._scope)
            segment = _segment(session, sorted(near), self._scope)
        return segment.item_ids, segment.cosines(vector)

    def _shortlist(self, questions: Sequence[Question]) -> Segment:
        with self._sessions() as session:
            near: set[int] = set()
            for question in questions:
                near |= lookups.signatures_near(
                    session, question_row(question), narrowed_to=self._narrowed_to, scope=self._scope
                )
            return _segment(session, sorted(near), self._scope)

    def details(self, entry_ids: Sequence[int]) -> dict[int, Details]:
        """Fetch the details of photos."""
        with self._sessions() as session:
            return readable_details(stored_details(session, entry_ids))


def _segment(session: Session, ids: Sequence[int], scope: Scope) -> Segment:
    # Those that left the scope since the shortlist was made are left out.
    wanted = signatures_in(session, scope).where(StoredSignature.id.in_(ids)).order_by(StoredSignature.id)
    read = []
    for signature_id, item_id, _, compact in session.execute(wanted.add_columns(StoredSignature.compact)):
        try:
            read.append((signature_id, item_id, matching.Signature.from_bytes(compact)))
        except SignatureUnreadable:
            continue
    return Segment.of([row[0] for row in read], [row[1] for row in read], [row[2] for row in read])
