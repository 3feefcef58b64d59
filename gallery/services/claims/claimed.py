"""What a claimant says: values without rows, as they are sealed, dropped and read again.

Whoever reads one back must not trust it: the process that dropped it stands open to everybody.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gallery.errors import StatementInvalid
from gallery.services.claims import questions
from gallery.services.declarations.statement import LENGTHS, MAX_PHOTO_BYTES, Contact

MAX_ANSWER, MAX_WORDS = 600, 1500
MAX_DOCUMENT_BYTES = 5 * 1024 * 1024
MAX_DOCUMENTS, MAX_PAGES = 2, 10
MAX_CLAIMS, MAX_STATEMENTS = 20, 12
"""Of one declaration, and of one claim."""
NUMBER = re.compile(r"[0-9A-Z-]{1,16}")


@dataclass(frozen=True)
class ClaimWords:
    """What is said at one time. answers: by name of the question; photos: JPEG; documents: PDF, as they were sent."""

    said_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    photos: tuple[bytes, ...] = ()
    documents: tuple[bytes, ...] = ()

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to judge by."""
        return bool(self.words or self.photos or self.documents or any(self.answers.values()))


@dataclass(frozen=True)
class Claimant:
    """Who claims, when no declaration says it yet. phrase: chosen, to recognise our mails by."""

    contact: Contact
    phrase: str = ""
    language: str = "fr"


def check(said: ClaimWords, *, max_proofs: int) -> None:
    """Raise StatementInvalid for what says nothing, or is too much."""
    faults = {
        "questions": not set(said.answers) <= questions.ALL or any(len(x) > MAX_ANSWER for x in said.answers.values()),
        "words": len(said.words) > MAX_WORDS,
        "proofs": len(said.photos) + len(said.documents) > max_proofs or len(said.documents) > MAX_DOCUMENTS,
        "photos": any(len(each) > MAX_PHOTO_BYTES for each in said.photos),
        "documents": any(len(each) > MAX_DOCUMENT_BYTES for each in said.documents),
        "empty": not said.says_anything,
    }
    for name, is_wrong in faults.items():
        if is_wrong:
            raise StatementInvalid(name)


def to_fields(said: ClaimWords) -> dict[str, Any]:
    """The words as JSON can hold them."""
    return {
        "said_at": said.said_at.isoformat(),
        "answers": dict(said.answers),
        "words": said.words,
        "photos": [base64.b64encode(each).decode() for each in said.photos],
        "documents": [base64.b64encode(each).decode() for each in said.documents],
    }


def from_fields(given: object) -> ClaimWords:
    """Read what `to_fields` made; raise StatementInvalid for anything else."""
    try:
        fields: dict[str, Any] = given  # type: ignore[assignment]
        said_at = datetime.fromisoformat(fields["said_at"])
        if said_at.tzinfo is None:
            raise StatementInvalid("said_at")
        answers = {str(name): _text(answer, MAX_ANSWER) for name, answer in fields["answers"].items()}
        files = {
            name: tuple(base64.b64decode(each, validate=True) for each in fields[name])
            for name in ("photos", "documents")
        }
        return ClaimWords(said_at, answers, _text(fields["words"], MAX_WORDS), **files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StatementInvalid("form") from error


def claimant_to_fields(claimant: Claimant) -> dict[str, str]:
    """The claimant as JSON can hold it."""
    contact = claimant.contact
    return {
        "name": contact.name,
        "email": contact.email,
        "telephone": contact.telephone,
        "phrase": claimant.phrase,
        "language": claimant.language,
    }


def claimant_from_fields(given: object) -> Claimant:
    """Read what `claimant_to_fields` made; raise StatementInvalid for anything else, or nobody to reach."""
    if not isinstance(given, dict):
        raise StatementInvalid("form")
    texts = {
        name: _text(given.get(name), LENGTHS[name]) for name in ("name", "email", "telephone", "phrase", "language")
    }
    claimant = Claimant(Contact(texts["name"], texts["email"], texts["telephone"]), texts["phrase"], texts["language"])
    if not claimant.contact.can_be_reached:
        raise StatementInvalid("contact")
    return claimant


def _text(given: object, most: int) -> str:
    if not isinstance(given, str) or len(given) > most or "\0" in given:
        raise StatementInvalid("text")
    return given
