"""Who has vouched for the photos of an item before it was published."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from gallery.models import Item, Officer, PublicationCheck

MAX_NAME = 120


@dataclass(frozen=True)
class Consultation:
    """Who consulted FOVeS, the State's file of stolen objects, and on which day."""

    by: str
    on: date


def keep(session: Session, item: Item, consulted: Consultation, *, by: Officer, now: datetime) -> None:
    """Keep with an item that this officer has vouched for it; a later one takes the place of an earlier one."""
    session.merge(
        PublicationCheck(
            item_id=item.id,
            officer_id=by.id,
            checked_at=now,
            consulted_by=consulted.by[:MAX_NAME],
            consulted_on=consulted.on,
        )
    )


def find(session: Session, item: Item) -> PublicationCheck | None:
    """Who has vouched for an item; None: nobody, or it was published one by one."""
    wanted = select(PublicationCheck).where(PublicationCheck.item_id == item.id)
    return session.scalar(wanted.options(joinedload(PublicationCheck.officer)))
