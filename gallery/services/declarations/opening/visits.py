"""A declaration that a browser has opened with its code: a row, for half an hour, that only the browser's secret opens.

The key is made of the secret in the cookie and kept nowhere, so a copy of the database opens nothing; once the row is
gone, and our backups leave it out, neither does a copy of the cookie.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from gallery.models import OpenedDeclaration
from gallery.services.declarations.opening.locks import NONCE_BYTES, Holder

LASTS = timedelta(minutes=30)
SECRET_BYTES = 32


@dataclass(frozen=True)
class Visit:
    """Who has opened a declaration; asked: what was asked for last, and standing: how things stood then."""

    holder: Holder
    asked: str = ""
    standing: str = ""


def begin(session: Session, visit: Visit, *, now: datetime) -> str:
    """Keep it for half an hour, and return the secret for the browser's cookie; inside atomic()."""
    purge(session, now=now)
    secret = secrets.token_hex(SECRET_BYTES)
    row = {"digest": _digest(secret), "locator": visit.holder.locator, "sealed": _sealed(visit, secret)}
    session.execute(insert(OpenedDeclaration).values(**row, ends_at=now + LASTS))
    return secret


def find(session: Session, secret: str, *, now: datetime) -> Visit | None:
    """What this secret opens; None for what is none of ours, and once the half hour is over or was ended."""
    is_ours = (OpenedDeclaration.digest == _digest(secret), OpenedDeclaration.ends_at > now)
    sealed = session.scalar(select(OpenedDeclaration.sealed).where(*is_ours))
    return None if sealed is None else _opened(sealed, secret)


def note(session: Session, secret: str, visit: Visit) -> None:
    """Keep what has changed, for as long as before; inside atomic(). Nothing where it has ended."""
    changed = update(OpenedDeclaration).where(OpenedDeclaration.digest == _digest(secret))
    session.execute(changed.values(sealed=_sealed(visit, secret)))


def end(session: Session, secret: str) -> None:
    """Have this secret open nothing any more; inside atomic()."""
    session.execute(delete(OpenedDeclaration).where(OpenedDeclaration.digest == _digest(secret)))


def purge(session: Session, *, now: datetime) -> None:
    """Delete those that are over; inside atomic()."""
    session.execute(delete(OpenedDeclaration).where(OpenedDeclaration.ends_at <= now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _cipher(secret: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), length=32, salt=None, info=b"opened declaration").derive(secret.encode()))


def _sealed(visit: Visit, secret: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, json.dumps(asdict(visit)).encode(), None)


def _opened(sealed: bytes, secret: str) -> Visit:
    fields = json.loads(_cipher(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
    return Visit(**fields | {"holder": Holder(**fields["holder"])})
