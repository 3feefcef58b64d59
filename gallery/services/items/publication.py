"""What may be shown to the public, and the acts that show and hide it."""

import enum
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import PublicationRefused
from gallery.models import Item, ItemPhoto, ItemStatus, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit, cases, revision
from gallery.services.items.renditions import expose
from gallery.services.resources import Resources
from gallery.storage import PhotoStore


class Obstacle(enum.StrEnum):
    """Why an item can't be public."""

    NO_PUBLIC_PHOTO = "no_public_photo"
    CATEGORY_NEVER_PUBLIC = "category_never_public"
    CASE_NOT_AUTHORISED = "case_not_authorised"
    UNIT_UNREACHABLE = "unit_unreachable"


def obstacles(item: Item, *, sealer: Sealer) -> tuple[Obstacle, ...]:
    """Everything that stands between an item and the public; empty when it may be shown."""
    photos = () if public_photos(item) else (Obstacle.NO_PUBLIC_PHOTO,)
    is_authorised = cases.open_secrets(item.case, sealer).is_authorised
    others = obstacles_of(
        never_public=item.category.never_public, is_authorised=is_authorised, is_reachable=is_reachable(item.unit)
    )
    return (*photos, *others)


def obstacles_of(*, never_public: bool, is_authorised: bool, is_reachable: bool) -> tuple[Obstacle, ...]:
    """What a category, a case and a unit put between an item with a photo and the public."""
    stands = {
        Obstacle.CATEGORY_NEVER_PUBLIC: never_public,
        Obstacle.CASE_NOT_AUTHORISED: not is_authorised,
        Obstacle.UNIT_UNREACHABLE: not is_reachable,
    }
    return tuple(obstacle for obstacle, holds in stands.items() if holds)


def is_reachable(unit: Unit) -> bool:
    """Whether an owner who recognises an item can reach the unit that keeps it."""
    return bool(unit.public_phone or unit.public_email)


def public_photos(item: Item) -> list[ItemPhoto]:
    """The photos that are public whenever the item is, cover first."""
    return [photo for photo in item.photos if not photo.is_private]


def prepare_files(item: Item, *, private: PhotoStore, public: PhotoStore) -> None:
    """Copy what `publish` will show to the public store: the slow part, before the transaction opens."""
    for photo in public_photos(item):
        expose(photo, private=private, public=public)


def publish(session: Session, given: Resources, item: Item, *, by: Officer | None) -> None:
    """Show the item to the public; raise PublicationRefused. Published already: nothing happens."""
    if item.status is ItemStatus.PUBLISHED:
        return
    found = obstacles(item, sealer=given.sealer)
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


def check_may_stay_public(item: Item, *, sealer: Sealer) -> None:
    """Raise PublicationRefused when a published item has come to have an obstacle."""
    if item.status is ItemStatus.PUBLISHED:
        # What an earlier version published of a unit that can't be reached may still be put right.
        found = tuple(each for each in obstacles(item, sealer=sealer) if each is not Obstacle.UNIT_UNREACHABLE)
        if found:
            raise PublicationRefused(found)
