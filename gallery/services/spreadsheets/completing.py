"""A draft with what a row says over it: cells that are empty leave it as it is."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from gallery.models import Item
from gallery.services.imports import columns
from gallery.services.imports.plan import PlannedItem
from gallery.services.items import items, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets

COLUMN_OF = {field: column for column, field in {**columns.DESCRIPTION_COLUMNS, **columns.SECRET_COLUMNS}.items()} | {
    "category": columns.CATEGORY,
    "colours": columns.COLOURS,
    "withheld": columns.WITHHELD,
}


@dataclass(frozen=True)
class Completed:
    """A draft as a row says it should be. version: of the draft that was read; changes: columns that change it."""

    source: str
    public_number: str
    version: int
    category_code: str
    description: ItemDescription
    secret: ItemSecrets
    changes: tuple[str, ...]


def completed(item: Item, secret: ItemSecrets, planned: PlannedItem, *, withholds: Collection[str]) -> Completed | None:
    """The draft with what a row says; None when it says nothing new.

    withholds: codes of the categories whose custom it is to hide what `withholding.BY_DEFAULT` names; where the row
    says nothing of it, nothing of that is shown which was not shown before.
    """
    before = _all_words(items.description_of(item), secret)
    said = {**asdict(planned.description), **_texts(planned.secret), "category": planned.category_code}
    after = before | {"category": item.category.code} | {name: value for name, value in said.items() if value}
    unasked = {*secret.withheld, *(_by_custom(item, before, after) if after["category"] in withholds else ())}
    withheld = tuple(sorted(unasked if planned.withheld is None else planned.withheld))
    old = before | {"category": item.category.code, "withheld": tuple(sorted(secret.withheld))}
    new = after | {"withheld": withheld}
    changes = tuple(COLUMN_OF[name] for name in new if old[name] != new[name])
    if not changes:
        return None
    description = ItemDescription(**{name: after[name] for name in ItemDescription.__dataclass_fields__})
    texts = replace(secret, withheld={}, **{name: after[name] for name in items.SECRET_TEXTS})
    hidden = withholding.withhold(description, texts, withheld)
    return Completed(planned.source, item.public_number, item.version, after["category"], *hidden, changes)


def _by_custom(item: Item, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """What is hidden unasked in a category of that custom: all in one that is new, else what had not been written."""
    is_other = item.category.code != after["category"]
    return {name for name in withholding.BY_DEFAULT if is_other or (after[name] and not before[name])}


def _all_words(description: ItemDescription, secret: ItemSecrets) -> dict[str, Any]:
    """All that is written of an item, including what the public does not see."""
    return {**asdict(description), **secret.withheld, **_texts(secret)}


def _texts(secret: ItemSecrets) -> dict[str, str]:
    return {name: getattr(secret, name) for name in items.SECRET_TEXTS}
