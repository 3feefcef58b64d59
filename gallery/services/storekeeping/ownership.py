"""Whose a store is: each says which database it belongs to, and nothing is removed from it by another.

A store says it from its first use. One that was in use before it could say so is recognised by its files.
"""

import secrets
from collections.abc import Mapping
from itertools import islice

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from gallery.errors import Outage, StoreOfAnother, StoreRefused, StoreUnknown
from gallery.models import ArchiveState, DatabaseIdentity, GivenArchive, Item, ItemPhoto, ItemStatus, StoreName
from gallery.services import keyed_rows
from gallery.services.resources import Resources
from gallery.services.storekeeping import named
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, archive_of, digest_of

LOOKED_AT = 500
WITH_FILE = (ArchiveState.READING, ArchiveState.READ, ArchiveState.IMPORTING)


def identity(session: Session) -> str:
    """What this database is known by; drawn at its first use, and in every dump of it."""
    known = session.scalar(select(DatabaseIdentity.identity))
    end_reading(session)
    return known or _drawn(session)


def check(session: Session, store: PhotoStore, name: StoreName) -> None:
    """Let a store that is this database's pass, and mark one that nobody has marked and that is.

    Raises StoreOfAnother for one of another database, StoreUnknown for an unmarked one whose files this database does
    not know, or that has none of the files which this database names.
    """
    ours = identity(session)
    theirs = store.identity()
    if theirs is None:
        _recognise(session, store, name)
        store.claim(ours)
        # Whoever was quicker may have been another database's process.
        theirs = store.identity()
    if theirs != ours:
        raise StoreOfAnother(name, theirs=str(theirs), ours=ours)


def why_not(session: Session, store: PhotoStore, name: StoreName) -> StoreOfAnother | None:
    """Why nothing may be written into a store that is marked as another database's, else None; changes nothing."""
    theirs = store.identity()
    if theirs is None:
        return None
    ours = session.scalar(select(DatabaseIdentity.identity)) or ""
    end_reading(session)
    return None if theirs == ours else StoreOfAnother(name, theirs=theirs, ours=ours)


def require(given: Resources) -> None:
    """Raise StoreOfAnother for a store that is marked as another database's; changes no store."""
    with given.sessions() as session:
        # Drawn where there is none, so that the refusal names it.
        identity(session)
        for name, store in both(given):
            if refusal := why_not(session, store, name):
                raise refusal


def both(given: Resources) -> list[tuple[StoreName, PhotoStore]]:
    """Both stores of an installation by their names, the public one first."""
    return [(StoreName.PUBLIC, given.public), (StoreName.PRIVATE, given.private)]


class StoresLook:
    """A look at both stores, before anything is done with them: new ones are marked, and another's are refused."""

    def __init__(self, given: Resources, refused: Mapping[StoreName, StoreRefused] | None = None) -> None:
        self._given = given
        self._refused = dict(refused or {})
        self.is_over = False

    def again(self) -> "StoresLook":
        """A look that is still to be taken; until then what this one has refused stays refused."""
        return StoresLook(self._given, self._refused)

    def take(self) -> bool:
        """Look at them; raise an Outage for one that does not answer, once the other was looked at."""
        outage = None
        with self._given.sessions() as session:
            for name, store in both(self._given):
                try:
                    check(session, store, name)
                    self._refused.pop(name, None)
                except StoreRefused as refusal:
                    self._refused[name] = refusal
                except Outage as other:
                    outage = other
        if outage is not None:
            raise outage
        self.is_over = not self._refused
        return True

    def require(self) -> None:
        """Raise StoreRefused where a store was not this database's when it was last looked at."""
        for refusal in self._refused.values():
            raise refusal


def adopt(session: Session, store: PhotoStore) -> None:
    """Make a store this database's, whatever it said: an operator answers for it."""
    store.adopt(identity(session))


def _drawn(session: Session) -> str:
    with atomic(session):
        keyed_rows.ensure(session, DatabaseIdentity, id=1, identity=secrets.token_hex(8))
        return session.scalars(select(DatabaseIdentity.identity)).one()


def _recognise(session: Session, store: PhotoStore, name: StoreName) -> None:
    keys = list(islice((file.key for file in store.files() if _is_ours(file.key)), LOOKED_AT))
    # Empty and named by nobody: a new store of a new database.
    known = _knows_any(session, keys) if keys else not _expects_files(session, name)
    end_reading(session)
    if not known:
        raise StoreUnknown(name)


def _is_ours(key: str) -> bool:
    return digest_of(key) is not None or archive_of(key) is not None


def _knows_any(session: Session, keys: list[str]) -> bool:
    references = {reference for key in keys if (reference := archive_of(key))}
    has_archive = exists().where(GivenArchive.reference.in_(references))
    return bool(named.among(session, keys)) or bool(session.scalar(select(has_archive)))


def _expects_files(session: Session, name: StoreName) -> bool:
    photos = select(ItemPhoto.id)
    if name is StoreName.PUBLIC:
        photos = photos.join(Item).where(Item.status == ItemStatus.PUBLISHED, ItemPhoto.is_private.is_(False))
        return session.scalar(photos.limit(1)) is not None
    archives = select(GivenArchive.id).where(GivenArchive.state.in_(WITH_FILE))
    return session.scalar(photos.limit(1)) is not None or session.scalar(archives.limit(1)) is not None
