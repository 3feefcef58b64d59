"""What stands between an item and the public."""

import enum
from collections.abc import Mapping

from gallery.errors import PublicationRefused
from gallery.models import Category, Item, ItemPhoto, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.items.singulars import name_of_one
from gallery.services.words import telling
from gallery.services.words.folding import words_of


class Obstacle(enum.StrEnum):
    """Why an item can't be public."""

    NO_PUBLIC_PHOTO = "no_public_photo"
    CATEGORY_NEVER_PUBLIC = "category_never_public"
    CASE_NOT_AUTHORISED = "case_not_authorised"
    UNIT_UNREACHABLE = "unit_unreachable"
    TELLING_TITLE = "telling_title"
    # What is hidden of it is not known.
    UNREADABLE = "unreadable"
    HANDED_BACK = "handed_back"
    # A claim of it was agreed to.
    PROMISED = "promised"
    # Nobody knows before the files are copied.
    FILE_ABSENT = "file_absent"


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
        # What an earlier version published of a unit that can't be reached may still be put right.
        found = tuple(each for each in but_for_title(item, sealer=sealer) if each is not Obstacle.UNIT_UNREACHABLE)
        if found:
            raise PublicationRefused(found)


def told_by_title(title: str, hidden: Mapping[str, str], category: Category) -> list[str]:
    """What a title, which the public sees, still says of hidden texts: of each all of it, or else parts of it.

    category: of the object; what its name says is public.
    """
    public = words_of(category.name_fr, name_of_one(category))
    return telling.told(title, hidden.values(), public=public)


def check_title_tells_no_more(item: Item, hidden: Mapping[str, str], *, title: str, category: Category) -> None:
    """Raise PublicationRefused when a published item's title has come to tell what is hidden.

    title, category: those until now. What these tell was public before, so that whoever hides it is only told.
    """
    if item.status is ItemStatus.PUBLISHED:
        before = ", ".join(told_by_title(title, hidden, category))
        if not all(telling.says(before, each) for each in told_by_title(item.title, hidden, item.category)):
            raise PublicationRefused((Obstacle.TELLING_TITLE,))
