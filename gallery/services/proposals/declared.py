"""The open declarations in the memory of a worker: signatures and words, unsealed, to compare each new item with."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, sessionmaker, undefer

from gallery import matching
from gallery.errors import SealBroken, SignatureUnreadable
from gallery.models import Colour, Declaration, DeclarationState, DeclaredObject, DeclaredPhoto
from gallery.sealing import Sealer
from gallery.services.declarations import changes, sealed_rows, shapes
from gallery.services.declarations.changes import ChangeKind
from gallery.services.declarations.sealed_rows import ObjectSecrets, SignatureParts
from gallery.services.items.categories import id_of_unsorted, telling_id
from gallery.services.proposals.compared import PhotoOfObject
from gallery.services.words.folding import words_of
from gallery.services.words.item_words import COLOUR_WORDS
from gallery.services.words.kinds import kin_of

# Objects, and photos, opened by one call of `refresh`: some half a second.
AT_ONCE = 1000
# Photos in one run of the catalogue: while they wait for it they take as much memory again.
INDEXED_AT_ONCE = 10_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeclaredWords:
    """What is said of an object, as words are compared. category_id: None when none was chosen, or the one that says
    nothing.

    colours: the names of those that were chosen from the list.
    """

    stems: frozenset[str]
    category_id: int | None
    colours: frozenset[str] = frozenset()


class DeclaredObjects:
    """The objects of open declarations, brought up to date by `refresh`.

    In memory only, and only in the worker, which has the key: some 12 kB a photo.
    """

    def __init__(self, sessions: sessionmaker[Session], sealer: Sealer) -> None:
        self._sessions, self._sealer = sessions, sealer
        self.catalogue = matching.Catalogue(self._details, most_joined=INDEXED_AT_ONCE)
        self.words: dict[int, DeclaredWords] = {}
        # Public ids by row id: SQLite gives the id of the last one, deleted, to the next.
        self._objects: dict[int, str] = {}
        self._photos: dict[int, str] = {}
        # Of what is declared but not taken in yet, by row id; the first to be taken in is the last of the list.
        self._due_objects: list[int] = []
        self._due_photos: list[int] = []
        # The state of declarations that is taken in, and the one whose ids were looked at.
        self._number = self._looked_at = -1
        # The revision at which every item had been compared: looking for one costs a look at each, once a second.
        self.nothing_due_at = -1

    def refresh(self, session: Session) -> bool:
        """Take in what was declared since the last time, and forget what is closed, ended or deleted.

        Costs one number while nothing was; else a look at the ids of all, once, and the opening of what is new. False
        when more is to be taken in than one call does: a worker that starts has other work besides.
        """
        # Read before the rows: what is committed in between is taken in now or next time, never missed.
        number = changes.current(session, ChangeKind.OBJECTS)
        if number == self._number:
            return True
        if number != self._looked_at:
            self._look_at_objects(session)
            self._look_at_photos(session)
            self._looked_at = number
        self._take_in_objects(session)
        self._take_in_photos(session)
        if self._due_objects or self._due_photos:
            return False
        self._number = number
        return True

    def photos(self, session: Session, photo_ids: Sequence[int]) -> dict[int, PhotoOfObject]:
        """How officers are shown these photos, by row id; without those that were deleted meanwhile."""
        wanted = select(DeclaredPhoto).where(DeclaredPhoto.id.in_(photo_ids))
        wanted = wanted.options(undefer(DeclaredPhoto.sealed_signature))
        opened = _opened(session.scalars(wanted), self._sealer)
        return {photo.id: PhotoOfObject(photo.public_id, parts.shown) for photo, parts in opened}

    def _look_at_objects(self, session: Session) -> None:
        open_ones = select(DeclaredObject.id, DeclaredObject.public_id).join(DeclaredObject.declaration)
        wanted = dict(session.execute(open_ones.where(is_open())).all())
        kept = {each for each, public_id in self._objects.items() if wanted.get(each) == public_id}
        self.words = {each: words for each, words in self.words.items() if each in kept}
        self._objects = {each: self._objects[each] for each in kept}
        self._due_objects = sorted(wanted.keys() - kept, reverse=True)

    def _look_at_photos(self, session: Session) -> None:
        wanted = dict(session.execute(_photos_of_open_ones()).all())
        gone = [each for each, public_id in self._photos.items() if wanted.get(each) != public_id]
        self.catalogue.remove(gone)
        for each in gone:
            del self._photos[each]
        self._due_photos = sorted(wanted.keys() - self._photos.keys(), reverse=True)

    def _take_in_objects(self, session: Session) -> None:
        these = self._due_objects[-AT_ONCE:]
        columns = (DeclaredObject.public_id, DeclaredObject.sealed, DeclaredObject.category_id)
        wanted = select(DeclaredObject.id, *columns).where(DeclaredObject.id.in_(these))
        unsorted = id_of_unsorted(session)
        for key, public_id, sealed, category_id in session.execute(wanted) if these else ():
            self._objects[key] = public_id
            try:
                said = sealed_rows.opened_object(sealed, public_id, self._sealer)
            except SealBroken:
                # One spoilt row must not keep the others from being found.
                log.warning("the words of declared object %d can't be used: its seal is broken", key)
            else:
                self.words[key] = _words(said, None if category_id == unsorted else category_id)
        # Once they are taken in, whatever may have gone wrong before.
        del self._due_objects[-AT_ONCE:]

    def _take_in_photos(self, session: Session) -> None:
        these = self._due_photos[-AT_ONCE:]
        columns = (DeclaredPhoto.object_id, DeclaredPhoto.public_id, DeclaredPhoto.sealed_compact)
        wanted = select(DeclaredPhoto.id, *columns).where(DeclaredPhoto.id.in_(these))
        for key, object_id, public_id, sealed in session.execute(wanted).all() if these else ():
            self._add(session, key, object_id, public_id, sealed)
            self._photos[key] = public_id
        del self._due_photos[-AT_ONCE:]
        if self.catalogue.waiting >= INDEXED_AT_ONCE:
            self.catalogue.index()

    def _add(self, session: Session, photo_id: int, object_id: int, public_id: str, sealed: bytes | None) -> None:
        try:
            compact = self._compact(session, photo_id, public_id, sealed)
            self.catalogue.add([matching.CatalogueEntry(photo_id, object_id, compact)])
        except (SealBroken, SignatureUnreadable) as error:
            _log_unusable(photo_id, error)

    def _compact(self, session: Session, photo_id: int, public_id: str, sealed: bytes | None) -> bytes:
        if sealed is not None:
            return sealed_rows.opened_compact(sealed, public_id, self._sealer)
        whole = session.scalar(select(DeclaredPhoto.sealed_signature).where(DeclaredPhoto.id == photo_id))
        # None: deleted since, and forgotten at the next look.
        return sealed_rows.opened_signature(whole or b"", public_id, matching.current_version(), self._sealer).compact

    def _details(self, photo_ids: Sequence[int]) -> dict[int, bytes]:
        with self._sessions() as session:
            photos = session.scalars(select(DeclaredPhoto).where(DeclaredPhoto.id.in_(photo_ids)))
            return {each.id: parts.details for each, parts in _opened(photos, self._sealer)}


def readable_photos(
    photos: Iterable[DeclaredPhoto], sealer: Sealer
) -> Iterator[tuple[DeclaredPhoto, matching.Signature, matching.Box | None]]:
    """Photos with their signatures, and the part of a screenshot that was described; those that can't be read are left
    out, with a line in the log.
    """
    for photo, parts in _opened(photos, sealer):
        try:
            yield photo, matching.Signature.from_bytes(parts.compact, parts.details), parts.shown
        except SignatureUnreadable as error:
            _log_unusable(photo.id, error)


def _opened(photos: Iterable[DeclaredPhoto], sealer: Sealer) -> Iterator[tuple[DeclaredPhoto, SignatureParts]]:
    for photo in photos:
        try:
            yield photo, sealed_rows.signature_of(photo, sealer)
        except SealBroken as error:
            _log_unusable(photo.id, error)


def _log_unusable(photo_id: int, error: Exception) -> None:
    # One spoilt row must not keep the others from being found.
    log.warning("the signature of declared photo %d can't be used: %s", photo_id, type(error).__name__)


def words_of_object(declared: DeclaredObject, sealer: Sealer) -> DeclaredWords:
    """The words by which a declared object is looked for."""
    return _words(sealed_rows.secrets_of_object(declared, sealer), telling_id(declared.category))


def _words(said: ObjectSecrets, category_id: int | None) -> DeclaredWords:
    stems = frozenset(words_of(said.words, said.brand))
    colours = frozenset(words_of(*(COLOUR_WORDS[Colour(each)] for each in said.colours)))
    return DeclaredWords(stems | _kind_of(said.shape, stems), category_id, colours)


def _kind_of(shape: str, stems: frozenset[str]) -> frozenset[str]:
    """The kind that a drawing shows, unless a word has said it already: one kind must not count as two words."""
    kind = frozenset(words_of(shapes.word_of(shape)))
    return frozenset(each for each in kind if not ({each} | kin_of(each)) & stems)


def is_open() -> ColumnElement[bool]:
    """Of a declaration whose objects are looked for."""
    return Declaration.state == DeclarationState.OPEN


def is_known() -> ColumnElement[bool]:
    """Of a declaration that is no flood's: its owner is told what was found, also once the search has ended."""
    return Declaration.state != DeclarationState.QUARANTINED


def _photos_of_open_ones() -> Select[int, str]:
    wanted = select(DeclaredPhoto.id, DeclaredPhoto.public_id).join(DeclaredPhoto.declared)
    return wanted.join(DeclaredObject.declaration).where(is_open(), DeclaredPhoto.version == matching.current_version())
