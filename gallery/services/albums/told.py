"""What an album says of its items beside their photos, as a digest, by which it is noticed that they say it no more.

A heading that is hidden from the public since, as a brand, must not leave with captions and keywords made before.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Category, Item, ItemStatus
from gallery.services.gallery.public_records import PublicItem

# A statement takes some tens of thousands of values at most.
_ASKED_AT_ONCE = 10_000


def of_item(item: PublicItem) -> str:
    """What its title, caption and keywords are made of; the words themselves an officer may change."""
    return _digest(item.title, item.category.name_fr, item.brand, item.model, item.theft_from, item.theft_until)


def of_table(album: Mapping[str, Any]) -> dict[str, str]:
    """What an album that is kept as a table was made of, by item number; "" of one that an earlier version kept."""
    return {item["number"]: item.get("told", "") for item in album.get("items", ())}


def at_this_moment(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """What an album would be made of now, by number, of those of these items that are published."""
    asked, found = list(numbers), dict[str, str]()
    columns = (Item.title, Category.name_fr, Item.brand, Item.model, Case.theft_from, Case.theft_until)
    wanted = select(Item.public_number, *columns).join(Item.category).join(Item.case)
    for start in range(0, len(asked), _ASKED_AT_ONCE):
        some = Item.public_number.in_(asked[start : start + _ASKED_AT_ONCE])
        rows = session.execute(wanted.where(some, Item.status == ItemStatus.PUBLISHED))
        found |= {number: _digest(*words) for number, *words in rows}
    return found


def _digest(*words: str | date | None) -> str:
    return sha256(json.dumps([str(word or "") for word in words]).encode()).hexdigest()
