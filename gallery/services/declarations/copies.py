"""A copy of all that is kept of a declaration, for its owner: a table that programs read, and the photos."""

import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from gallery.models import Declaration, Officer, ProposalState
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.declarations import answers, sealed_rows
from gallery.services.declarations.answers import MessageKind

TABLE = "declaration.json"


def give(session: Session, declaration: Declaration, *, sealer: Sealer, by: Officer, now: datetime) -> bytes:
    """A ZIP of it, made in memory, once an officer has checked who asks; noted in the journal; inside atomic()."""
    answers.tell(session, declaration, MessageKind.COPY_GIVEN, now=now)
    audit.record(session, by, "copy_declaration", declaration, now=now)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(_table(declaration, sealer), ensure_ascii=False, indent=2, default=str)
        archive.writestr(TABLE, text)
        for each in declaration.objects:
            for number, photo in enumerate(each.photos, start=1):
                name = f"objet-{each.position}-photo-{number}.jpg"
                archive.writestr(name, sealed_rows.picture_of(photo, sealer), zipfile.ZIP_STORED)
    return packed.getvalue()


def _table(declaration: Declaration, sealer: Sealer) -> dict[str, Any]:
    """What only matching needs (signatures, keyed digests) is computed from the rest, and left out."""
    return {
        "reference": declaration.reference,
        "state": declaration.state.value,
        "declared_at": declaration.declared_at,
        "theft_from": declaration.theft_from,
        "theft_until": declaration.theft_until,
        "departement": declaration.departement,
        "ends_on": declaration.ends_on,
        "said": asdict(sealed_rows.secrets_of(declaration, sealer)),
        "objects": [
            {
                "number": each.position,
                "category": each.category.code if each.category else None,
                **asdict(sealed_rows.secrets_of_object(each, sealer)),
                "proposals": [
                    {
                        "item": one.item.public_number,
                        "decided_at": one.decided_at,
                        "told_at": one.told_at,
                        "helper_told_at": one.helper_told_at,
                    }
                    for one in each.proposals
                    if one.state is ProposalState.SHOWN
                ],
            }
            for each in declaration.objects
        ],
        "messages": [
            {"kind": each.kind, "at": each.at, "told_at": each.told_at, "helper_told_at": each.helper_told_at}
            for each in declaration.messages
        ],
        "mails": [
            {"to": each.person.value, "kind": each.kind.value, "state": each.state.value, "sent_at": each.sent_at}
            for each in declaration.mails
        ],
    }
