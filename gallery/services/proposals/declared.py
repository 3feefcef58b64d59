"""The open declarations in the memory of a worker: signatures and words, unsealed, to compare each new item with."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, sessionmaker

from gallery import matching
from gallery.errors import SealBroken, SignatureUnreadable
from gallery.models import Declaration, DeclarationState, DeclaredObject, DeclaredPhoto
from gallery.sealing import Sealer
from gallery.services.declarations import sealed_rows
from gallery.services.words.folding import words_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeclaredWords:
    """What is said of an object, as words are compared. category_id: None when none was chosen."""

    stems: frozenset[str]
    category_id: int | None


class DeclaredObjects:
    """The objects of open declarations, brought up to date by `refresh`.

    In memory only, and only in the worker, which has the key: some 3 kB a photo.
    """

    def __init__(self, sessions: sessionmaker[Session], sealer: Sealer) -> None:
        self._sessions, self._sealer = sessions, sealer
        self.catalogue = matching.Catalogue(self._details)
        self.words: dict[int, DeclaredWords] = {}
        # The revision at which every item had been compared: looking for one costs a look at each, once a second.
        self.nothing_due_at = -1

    def refresh(self, session: Session) -> None:
        """Take in what was declared since the last time, and forget what is closed, ended or deleted."""
        self._refresh_words(session)
        wanted = dict(session.execute(_photos_of_open_ones()).all())
        held = self.catalogue.entry_ids()
        self.catalogue.remove(held - wanted.keys())
        missing = select(DeclaredPhoto).where(DeclaredPhoto.id.in_(wanted.keys() - held))
        for photo in session.scalars(missing.execution_options(yield_per=100)):
            self._add(photo)

    def _refresh_words(self, session: Session) -> None:
        wanted = set(session.scalars(select(DeclaredObject.id).join(DeclaredObject.declaration).where(is_open())))
        self.words = {each: words for each, words in self.words.items() if each in wanted}
        missing = select(DeclaredObject).where(DeclaredObject.id.in_(wanted - self.words.keys()))
        for declared in session.scalars(missing):
            self.words[declared.id] = words_of_object(declared, self._sealer)

    def _add(self, photo: DeclaredPhoto) -> None:
        try:
            entry = matching.CatalogueEntry(
                photo.id, photo.object_id, sealed_rows.signature_of(photo, self._sealer).compact
            )
            self.catalogue.add([entry])
        except (SealBroken, SignatureUnreadable) as error:
            # One spoilt row must not keep the others from being found.
            log.warning("the signature of declared photo %d can't be used: %s", photo.id, type(error).__name__)

    def _details(self, photo_ids: Sequence[int]) -> dict[int, bytes]:
        with self._sessions() as session:
            photos = session.scalars(select(DeclaredPhoto).where(DeclaredPhoto.id.in_(photo_ids)))
            return {each.id: sealed_rows.signature_of(each, self._sealer).details for each in photos}


def words_of_object(declared: DeclaredObject, sealer: Sealer) -> DeclaredWords:
    """The words by which a declared object is looked for."""
    said = sealed_rows.secrets_of_object(declared, sealer)
    return DeclaredWords(frozenset(words_of(said.words, said.brand)), declared.category_id)


def is_open() -> ColumnElement[bool]:
    """Of a declaration whose objects are looked for."""
    return Declaration.state == DeclarationState.OPEN


def _photos_of_open_ones() -> Select[int, int]:
    wanted = select(DeclaredPhoto.id, DeclaredPhoto.object_id).join(DeclaredPhoto.declared)
    return wanted.join(DeclaredObject.declaration).where(is_open(), DeclaredPhoto.version == matching.current_version())
