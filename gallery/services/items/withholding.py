"""Headings of a description that the public does not see, although it sees the others: they lie in the sealed value.

So no column that a public page, a package, an index or a search reads has them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Category, Item, Officer
from gallery.sealing import Sealer
from gallery.services.items import items
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem, open_secrets
from gallery.services.items.obstacles import told_by_title
from gallery.services.resources import Resources

# What is written of a thing, but for the title and the category that every list of the gallery is made of, and for the
# colours, which its photos show.
FIELDS = (
    "object_type",
    "brand",
    "model",
    "materials",
    "measurements",
    "inscriptions",
    "distinguishing_features",
    "subject",
    "period",
    "maker",
    "state_as_found",
)
# What only an owner may know of a thing that anybody could describe from its photo.
BY_DEFAULT = ("inscriptions", "distinguishing_features")
ASKED_AT_ONCE = 500


def withhold(
    description: ItemDescription, secret: ItemSecrets, fields: tuple[str, ...]
) -> tuple[ItemDescription, ItemSecrets]:
    """Description and secrets with these headings among the secrets, and all others public."""
    texts = {name: getattr(description, name) or secret.withheld.get(name, "") for name in FIELDS}
    public: dict[str, Any] = {name: "" if name in fields else text for name, text in texts.items()}
    kept = {name: texts[name] for name in FIELDS if name in fields}
    return replace(description, **public), replace(secret, withheld=kept)


def by_default(
    description: ItemDescription, secret: ItemSecrets, category: Category
) -> tuple[ItemDescription, ItemSecrets]:
    """Description and secrets of an object of this category, as they are kept when no officer has chosen."""
    return withhold(description, secret, by_custom(category))


def by_custom(category: Category) -> tuple[str, ...]:
    """The headings that are hidden of an object of this category when no officer has chosen."""
    return BY_DEFAULT if category.withholds else ()


def put_in_category(session: Session, given: Resources, item: Item, category: Category, *, by: Officer) -> None:
    """Put an item in another category, and hide what that one's custom hides; raise PublicationRefused as an edit does.

    Between two of that custom what is hidden stays as an officer has chosen it; what no key opens stays as it is.
    """
    secret = open_secrets(item, given.sealer)
    if not category.withholds or item.category.withholds or not secret.is_readable:
        items.change_category(session, given, item, category, by=by)
        return
    hidden = withhold(items.description_of(item), secret, tuple({*secret.withheld, *BY_DEFAULT}))
    items.edit(session, given, item, WrittenItem(item.case, category, *hidden, item.version), by=by)


def telling_titles(session: Session, numbers: Sequence[str], *, sealer: Sealer) -> list[str]:
    """The numbers of those of these items whose title says what is withheld of them, in the order given."""
    telling: set[str] = set()
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        some = select(Item).where(Item.public_number.in_(numbers[start : start + ASKED_AT_ONCE]))
        found = ((item, open_secrets(item, sealer)) for item in session.scalars(some))
        telling |= {
            item.public_number for item, secret in found if told_by_title(item.title, secret.withheld, item.category)
        }
    return [number for number in numbers if number in telling]
