"""What may be shown to the public, and the acts that show and hide it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import FileAbsent, PublicationRefused
from gallery.models import Claim, ClaimState, Item, ItemStatus, Officer
from gallery.sealing import Sealer
from gallery.services import audit, revision
from gallery.services.items.items import open_secrets
from gallery.services.items.obstacles import Obstacle, but_for_title, public_photos
from gallery.services.items.obstacles import told_by_title as told_by
from gallery.services.items.renditions import expose
from gallery.services.resources import Resources
from gallery.storage import PhotoStore


def obstacles(session: Session, item: Item, *, sealer: Sealer) -> tuple[Obstacle, ...]:
    """Everything that stands between an item and the public; empty when it may be shown."""
    if item.status is ItemStatus.RETURNED:
        return (Obstacle.HANDED_BACK,)
    if _is_promised(session, item):
        return (Obstacle.PROMISED,)
    others = but_for_title(item, sealer=sealer)
    if not open_secrets(item, sealer).is_readable:
        return (*others, Obstacle.UNREADABLE)
    return (*others, Obstacle.TELLING_TITLE) if told_by_title(item, sealer=sealer) else others


def told_by_title(item: Item, *, sealer: Sealer) -> list[str]:
    """What the title of an item, which the public would see, says of what is hidden from it."""
    return told_by(item.title, open_secrets(item, sealer).withheld, item.category)


def prepare_files(item: Item, *, private: PhotoStore, public: PhotoStore) -> None:
    """Copy what `publish` will show to the public store: the slow part, before the transaction opens.

    Raises PublicationRefused where the private store lacks a file of it.
    """
    try:
        for photo in public_photos(item):
            expose(photo, private=private, public=public)
    except FileAbsent as error:
        raise PublicationRefused((Obstacle.FILE_ABSENT,)) from error


def publish(session: Session, given: Resources, item: Item, *, by: Officer | None) -> None:
    """Show the item to the public; raise PublicationRefused. Published already: nothing happens."""
    if item.status is ItemStatus.PUBLISHED:
        return
    # Whoever changes a category or a unit has it too: what they forbid is known here, or they know what is public.
    revision.hold(session)
    for each in (item.category, item.unit):
        session.refresh(each)
    found = obstacles(session, item, sealer=given.sealer)
    if found:
        raise PublicationRefused(found)
    now = given.now()
    # Touched first: from then on no sweep takes away a file that `prepare_files` finds there.
    revision.touch_items(session, [item.id])
    prepare_files(item, private=given.private, public=given.public)
    item.status, item.published_at, item.updated_at = ItemStatus.PUBLISHED, now, now
    for photo in public_photos(item):
        photo.shown_at = photo.shown_at or now
    audit.record(session, by, "publish", item, now=now)


def _is_promised(session: Session, item: Item) -> bool:
    agreed = select(Claim.id).where(Claim.item_id == item.id, Claim.state == ClaimState.AGREED)
    return session.scalar(agreed.limit(1)) is not None


def withdraw(session: Session, item: Item, *, by: Officer | None, now: datetime) -> None:
    """Hide a published item; its pages and photos answer "gone" from the next request on."""
    if item.status is not ItemStatus.PUBLISHED:
        return
    item.status, item.updated_at = ItemStatus.WITHDRAWN, now
    revision.touch_items(session, [item.id])
    audit.record(session, by, "withdraw", item, now=now)


def hand_back(session: Session, item: Item, *, by: Officer | None, now: datetime) -> bool:
    """Note that the item was given back to its owner, and hide it; False for one that already was."""
    if item.status is ItemStatus.RETURNED:
        return False
    item.status, item.updated_at = ItemStatus.RETURNED, now
    revision.touch_items(session, [item.id])
    audit.record(session, by, "hand_back", item, now=now)
    return True


def take_back(session: Session, item: Item, *, by: Officer | None, now: datetime) -> bool:
    """Undo `hand_back`: the item is kept again, as a draft or, once it has been public, withdrawn."""
    if item.status is not ItemStatus.RETURNED:
        return False
    item.status, item.updated_at = ItemStatus.WITHDRAWN if item.published_at else ItemStatus.DRAFT, now
    revision.touch_items(session, [item.id])
    audit.record(session, by, "take_back", item, now=now)
    return True
