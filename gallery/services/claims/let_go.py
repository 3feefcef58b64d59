"""Items that were hidden for an agreed claim that is no more: withdrawn by its owner, erased, or no longer agreed.

Nothing shows them again by itself: an officer of the unit decides.
"""

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from gallery.models import AuditEntry, Claim, ClaimState, Item, ItemStatus, Officer
from gallery.services.declarations.lifecycle import LET_GO


def is_let_go(session: Session, item: Item) -> bool:
    """Whether an item is hidden for a claim that is no more."""
    return session.scalar(select(Item.id).where(Item.id == item.id, _is_let_go())) is not None


def listed(session: Session, by: Officer, *, limit: int) -> list[Item]:
    """Those of the officer's unit, the last changed first."""
    wanted = select(Item).where(Item.unit_id == by.unit_id, _is_let_go())
    return list(session.scalars(wanted.order_by(Item.updated_at.desc(), Item.id).limit(limit)))


def _is_let_go() -> ColumnElement[bool]:
    """Of an item that nobody has published and withdrawn since, and that no other claimant was promised."""
    note, later = aliased(AuditEntry), aliased(AuditEntry)
    same = (later.subject_kind == note.subject_kind, later.subject == note.subject)
    withdrawn_since = exists().where(*same, later.action == "withdraw", later.id > note.id)
    noted = exists().where(
        note.subject_kind == "item", note.subject == Item.public_number, note.action == LET_GO, ~withdrawn_since
    )
    promised = exists().where(Claim.item_id == Item.id, Claim.state == ClaimState.AGREED)
    return and_(Item.status == ItemStatus.WITHDRAWN, noted, ~promised)
