"""The sealed parts of a claim's rows, as values, and the digests by which they are known to be as they were filed."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import SealBroken
from gallery.models import Claim, ClaimProof, ClaimStatement, Officer
from gallery.sealing import Sealer, seal_to
from gallery.services import audit
from gallery.services.declarations.told_claims import ClaimNotice, told_row


@dataclass(frozen=True)
class FrozenWords:
    """What was said at one time. unread: proofs that could not be opened; is_as_filed: nothing has changed since.

    is_readable: whether it could be opened.
    """

    said_at: datetime
    answers: Mapping[str, str]
    words: str
    unread: int
    is_as_filed: bool
    is_readable: bool = True


@dataclass(frozen=True)
class FrozenFields:
    """What is sealed of a statement. unread: how many proofs could not be opened."""

    answers: Mapping[str, str]
    words: str
    unread: int


def freeze(said: FrozenFields, claim: Claim, position: int, sealer: Sealer) -> bytes:
    """Seal what was said, for the statement at this position of a claim."""
    fields = {"answers": dict(said.answers), "words": said.words, "unread": said.unread}
    return sealer.seal(fields, row=_statement_row(claim.reference, position))


def digest_of(reference: str, position: int, said_at: datetime, sealed: bytes, proofs: Sequence[str]) -> str:
    """SHA-256 of all that is frozen: of which claim, when, the sealed words, the digests of the proofs in order.

    It is in the journal's line of the filing, too; what is sealed can't be guessed from it.
    """
    parts = [reference, position, said_at.isoformat(), hashlib.sha256(sealed).hexdigest(), *proofs]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def read(session: Session, claim: Claim, *, sealer: Sealer, by: Officer, now: datetime) -> list[FrozenWords]:
    """All that a claimant has said, the earliest first, with its line in the journal; inside atomic()."""
    audit.tally(session, by, "read_claim", claim, now=now)
    return [_opened(claim, each, sealer) for each in claim.statements]


def seal_file(data: bytes, public_id: str, sealer: Sealer) -> bytes:
    """Seal a proof as it was sent."""
    return sealer.seal({"file": _text(data)}, row=f"claim proof:{public_id}")


def file_of(proof: ClaimProof, sealer: Sealer) -> bytes:
    """A proof as it was sent; raises SealBroken."""
    return _bytes(sealer.unseal(proof.sealed, row=f"claim proof:{proof.public_id}")["file"])


def seal_pages(pages: Sequence[bytes], public_id: str, sealer: Sealer) -> bytes:
    """Seal the pictures of a proof, JPEG files."""
    return sealer.seal({"pages": [_text(each) for each in pages]}, row=f"claim pages:{public_id}")


def pages_of(proof: ClaimProof, sealer: Sealer) -> list[bytes]:
    """The pictures of a proof, JPEG files, in order."""
    return [_bytes(each) for each in sealer.unseal(proof.sealed_pages, row=f"claim pages:{proof.public_id}")["pages"]]


def seal_notice(claim: Claim, notice: ClaimNotice, sealer: Sealer) -> None:
    """Put a notice into a claim, for officers and for whoever has the code."""
    claim.sealed_notice = sealer.seal(asdict(notice), row=_notice_row(claim))
    claim.told = seal_to(claim.declaration.answer_recipient, asdict(notice), row=told_row(claim.reference))


def notice_of(claim: Claim, sealer: Sealer) -> ClaimNotice:
    """What goes with the state of a claim; empty where nothing does, or no key opens it."""
    return find_notice(claim, sealer) or ClaimNotice()


def find_notice(claim: Claim, sealer: Sealer) -> ClaimNotice | None:
    """The same; None where there is none, or no key opens it."""
    if claim.sealed_notice is None:
        return None
    try:
        return ClaimNotice.from_fields(sealer.unseal(claim.sealed_notice, row=_notice_row(claim)))
    except SealBroken:
        return None


def _opened(claim: Claim, statement: ClaimStatement, sealer: Sealer) -> FrozenWords:
    proofs = [hashlib.sha256(each.sealed).hexdigest() for each in statement.proofs]
    made = digest_of(claim.reference, statement.position, statement.said_at, statement.sealed, proofs)
    is_as_filed = made == statement.digest
    try:
        fields = sealer.unseal(statement.sealed, row=_statement_row(claim.reference, statement.position))
    except SealBroken:
        return FrozenWords(statement.said_at, {}, "", 0, is_as_filed, is_readable=False)
    return FrozenWords(statement.said_at, fields["answers"], fields["words"], fields["unread"], is_as_filed)


def _statement_row(reference: str, position: int) -> str:
    return f"claim statement:{reference}:{position}"


def _notice_row(claim: Claim) -> str:
    return f"claim notice:{claim.reference}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
