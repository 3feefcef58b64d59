"""A copy of all that is kept of a declaration and its claims, for their owner: a table that programs read, and files.

A part that no key opens is named as such, and keeps nothing else from its owner.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from gallery.errors import SealBroken
from gallery.models import Claim, ClaimStatement, Declaration, DeclaredObject, Officer, ProofKind, ProposalState
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.claims import claim_seals
from gallery.services.claims.claim_seals import FrozenWords
from gallery.services.declarations import answers, sealed_rows
from gallery.services.declarations.answers import MessageKind

TABLE = "declaration.json"
UNREADABLE = "unreadable"
_SUFFIXES = {ProofKind.PHOTO: "jpg", ProofKind.DOCUMENT: "pdf"}


@dataclass(frozen=True)
class _Kept:
    """A file that is kept sealed. name: in the copy; read: opens it, or raises SealBroken."""

    name: str
    read: Callable[[], bytes]


def give(session: Session, declaration: Declaration, *, sealer: Sealer, by: Officer, now: datetime) -> bytes:
    """A ZIP of it, made in memory, once an officer has checked who asks; noted in the journal; inside atomic()."""
    answers.tell(session, declaration, MessageKind.COPY_GIVEN, now=now)
    audit.record(session, by, "copy_declaration", declaration, now=now)
    packed, damaged = BytesIO(), []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in _files(declaration, sealer):
            try:
                archive.writestr(each.name, each.read(), zipfile.ZIP_STORED)
            except SealBroken:
                damaged.append(each.name)
        claims = [
            _claim(each, place, claim_seals.read(session, each, sealer=sealer, by=by, now=now), sealer)
            for place, each in enumerate(declaration.claims, start=1)
        ]
        table = _table(declaration, sealer) | {"claims": claims, "unreadable_files": damaged}
        archive.writestr(TABLE, json.dumps(table, ensure_ascii=False, indent=2, default=str))
    return packed.getvalue()


def _files(declaration: Declaration, sealer: Sealer) -> Iterator[_Kept]:
    """The photos of its objects, and the proofs of its claims as they were sent."""
    for each in declaration.objects:
        for number, photo in enumerate(each.photos, start=1):
            yield _Kept(f"objet-{each.position}-photo-{number}.jpg", partial(sealed_rows.picture_of, photo, sealer))
    for place, claim in enumerate(declaration.claims, start=1):
        for statement in claim.statements:
            for name, proof in zip(_names_of(statement, place), statement.proofs, strict=True):
                yield _Kept(name, partial(claim_seals.file_of, proof, sealer))


def _names_of(statement: ClaimStatement, place: int) -> list[str]:
    return [
        f"demande-{place}-envoi-{statement.position}-preuve-{each.position}.{_SUFFIXES[each.kind]}"
        for each in statement.proofs
    ]


def _readable(read: Callable[[], Any]) -> Any:
    """What is sealed, as a table; the word for it where no key opens it."""
    try:
        return asdict(read())
    except SealBroken:
        return UNREADABLE


def _table(declaration: Declaration, sealer: Sealer) -> dict[str, Any]:
    """What only matching needs (signatures, keyed digests) is computed from the rest, and left out."""
    references = {each.id: each.reference for each in declaration.claims}
    return {
        "reference": declaration.reference,
        "state": declaration.state.value,
        "declared_at": declaration.declared_at,
        "theft_from": declaration.theft_from,
        "theft_until": declaration.theft_until,
        "departement": declaration.departement,
        "ends_on": declaration.ends_on,
        "said": _readable(lambda: sealed_rows.secrets_of(declaration, sealer)),
        "objects": [_object(each, sealer) for each in declaration.objects],
        "messages": [
            {
                "kind": each.kind,
                "claim": references.get(each.claim_id or 0),
                "at": each.at,
                "told_at": each.told_at,
                "helper_told_at": each.helper_told_at,
            }
            for each in declaration.messages
        ],
        "addresses": [
            {"of": each.person.value, "state": each.state.value, "asked_at": each.asked_at, "wrong_codes": each.tries}
            for each in declaration.addresses
        ],
        "mails": [
            {"to": each.person.value, "kind": each.kind.value, "state": each.state.value, "sent_at": each.sent_at}
            for each in declaration.mails
        ],
    }


def _object(declared: DeclaredObject, sealer: Sealer) -> dict[str, Any]:
    said = _readable(lambda: sealed_rows.secrets_of_object(declared, sealer))
    return {
        "number": declared.position,
        "category": declared.category.code if declared.category else None,
        **(said if isinstance(said, dict) else {"words": said}),
        "proposals": [
            {
                "item": one.item.public_number,
                "decided_at": one.decided_at,
                "told_at": one.told_at,
                "helper_told_at": one.helper_told_at,
            }
            for one in declared.proposals
            if one.state is ProposalState.SHOWN
        ],
    }


def _claim(claim: Claim, place: int, said: Sequence[FrozenWords], sealer: Sealer) -> dict[str, Any]:
    """What officers suspect of a proof is no statement of its owner, and is left out."""
    notice = claim_seals.find_notice(claim, sealer)
    return {
        "reference": claim.reference,
        "item": claim.item.public_number,
        "state": claim.state.value,
        "claimed_at": claim.claimed_at,
        "changed_at": claim.changed_at,
        "told_at": claim.told_at,
        "seen_at": claim.seen_at,
        "steps": [{"state": each.state.value, "at": each.at} for each in claim.steps],
        "notice": asdict(notice) if notice else UNREADABLE if claim.sealed_notice else None,
        "said": [
            {
                "number": statement.position,
                "at": words.said_at,
                "answers": dict(words.answers) if words.is_readable else UNREADABLE,
                "words": words.words if words.is_readable else UNREADABLE,
                "proofs": _names_of(statement, place),
                "proofs_not_opened": words.unread,
            }
            for statement, words in zip(claim.statements, said, strict=True)
        ],
    }
