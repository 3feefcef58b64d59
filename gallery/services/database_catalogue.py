"""The catalogue of a service that has outgrown memory: PostgreSQL makes the shortlist, the rest is the same code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import SignatureUnreadable
from gallery.matching.catalogue import readable_details
from gallery.matching.segment import Answer, Question, Segment
from gallery.matching.shortlisting import question_row
from gallery.matching.signature import Details
from gallery.models import ItemPhoto, Signature
from gallery.services import shortlist
from gallery.services.catalogue import stored_details


class DatabaseCatalogue:
    """Signatures of the public photos of published items, by signature id, left in the database.

    A search sees everything that was committed before it began and that the worker has indexed.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        """The catalogue as the database has it now, for one search. narrowed_to: ids of the items that may appear."""
        return _Shortlisted(self._sessions, narrowed_to)


@dataclass(frozen=True)
class _Shortlisted:
    """What one search compares: a few hundred photos a question."""

    sessions: sessionmaker[Session]
    narrowed_to: Collection[int] | None

    def __len__(self) -> int:
        with self.sessions() as session:
            return int(shortlist.has_any(session))

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Shortlist for every question, and compare all questions with all that was shortlisted."""
        with self.sessions() as session:
            near: set[int] = set()
            for question in questions:
                near |= shortlist.signatures_near(session, question_row(question), narrowed_to=self.narrowed_to)
            segment = _segment(session, sorted(near))
        everything = np.ones(len(segment), np.bool_)
        return [segment.answer(question, everything) for question in questions]

    def details(self, photo_ids: Sequence[int]) -> dict[int, Details]:
        """Fetch the details of photos."""
        with self.sessions() as session:
            return readable_details(stored_details(session, photo_ids))


def _segment(session: Session, ids: Sequence[int]) -> Segment:
    rows = session.execute(
        select(Signature.id, ItemPhoto.item_id, Signature.compact)
        .join(ItemPhoto, Signature.photo_id == ItemPhoto.id)
        .where(Signature.id.in_(ids))
        .order_by(Signature.id)
    )
    read = []
    for signature_id, item_id, compact in rows:
        try:
            read.append((signature_id, item_id, matching.Signature.from_bytes(compact)))
        except SignatureUnreadable:
            continue
    return Segment.of([row[0] for row in read], [row[1] for row in read], [row[2] for row in read])
