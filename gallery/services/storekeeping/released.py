"""Files that an officer's act has left without a row: those the sweep expects, and removes without asking."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gallery.models import ReleasedFile
from gallery.services import keyed_rows


def note(session: Session, digests: Iterable[str], *, now: datetime) -> None:
    """Note, in the transaction of the act, that these digests may be without a row from now on."""
    # In one order, so that two acts that release the same files wait for each other and never in a ring.
    for digest in sorted(set(digests)):
        keyed_rows.put(session, ReleasedFile, digest=digest, released_at=now)


def among(session: Session, digests: Iterable[str]) -> set[str]:
    """Those of these digests that were released."""
    return set(session.scalars(select(ReleasedFile.digest).where(ReleasedFile.digest.in_(set(digests)))))


def forget_old(session: Session, *, older_than: datetime) -> None:
    """Forget what was released before this moment: its files were swept since."""
    session.execute(delete(ReleasedFile).where(ReleasedFile.released_at < older_than))
