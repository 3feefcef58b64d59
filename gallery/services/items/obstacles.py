"""What stands between an item and the public."""

import enum

from gallery.errors import PublicationRefused
from gallery.models import Item, ItemPhoto, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases


class Obstacle(enum.StrEnum):
    """Why an item can't be public."""

    NO_PUBLIC_PHOTO = "no_public_photo"
    CATEGORY_NEVER_PUBLIC = "category_never_public"
    CASE_NOT_AUTHORISED = "case_not_authorised"
    UNIT_UNREACHABLE = "unit_unreachable"
    TELLING_TITLE = "telling_title"


def but_for_title(item: Item, *, sealer: Sealer) -> tuple[Obstacle, ...]:
    """What stands between an item and the public, whatever its title says; `publication.obstacles` has all."""
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


def check_may_stay_public(item: Item, *, sealer: Sealer) -> None:
    """Raise PublicationRefused when a published item has come to have an obstacle."""
    if item.status is ItemStatus.PUBLISHED:
        # What an earlier version published of a unit that can't be reached may still be put right; and a title that
        # tells what is hidden from now on was public before, so that whoever hides something is only told.
        found = tuple(each for each in but_for_title(item, sealer=sealer) if each is not Obstacle.UNIT_UNREACHABLE)
        if found:
            raise PublicationRefused(found)
