"""Groups of waiting photos become drafts, or more photos of the item that has the card's number already."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Category, Item, LotPhoto, Officer, PhotoLot
from gallery.sealing import Sealer
from gallery.services.items import items, photos
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.items.renditions import PreparedPhoto, file_columns, hidden_in
from gallery.services.lots import sorting
from gallery.services.lots.grouping import PhotoGroup


def make_item(
    session: Session,
    lot: PhotoLot,
    group: PhotoGroup,
    category: Category,
    title: str,
    *,
    sealer: Sealer,
    by: Officer,
    now: datetime,
) -> Item:
    """Make an item of a group, under the number of its card when it has one; its photos wait no more.

    lot: of a case that is locked. When an item of the unit has the number already, the photos are added to it, and its
    title and category stay.
    """
    item = _known(session, group, by) or items.create(
        session,
        lot.case,
        category,
        ItemDescription(title=title),
        ItemSecrets(),
        sealer=sealer,
        by=by,
        now=now,
        number=group.number,
    )
    for photo in group.photos:
        photos.add_to_item(session, item, _prepared(photo), by=by, now=now)
    sorting.take(session, lot, group.photos)
    return item


def _known(session: Session, group: PhotoGroup, by: Officer) -> Item | None:
    if not group.number:
        return None
    known = select(Item.id).where(Item.public_number == group.number, Item.unit_id == by.unit_id)
    return items.lock(session, group.number, by=by) if session.scalar(known) is not None else None


def _prepared(photo: LotPhoto) -> PreparedPhoto:
    return PreparedPhoto(
        **file_columns(photo),
        hidden=hidden_in(photo),
    )
