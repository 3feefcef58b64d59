"""What an album says of its items beside their photos, as a digest, by which it is noticed that they say it no more.

A heading that is hidden from the public since, as a brand, must not leave with captions and keywords made before, nor
a text of a photo that was corrected since.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gallery.models import Case, Category, Item, ItemPhoto, ItemStatus
from gallery.services.gallery.public_records import PublicItem

# A statement takes some tens of thousands of values at most.
_ASKED_AT_ONCE = 10_000


def of_item(item: PublicItem) -> str:
    """What its title, caption, keywords and alternative texts are made of; an officer may change the first three."""
    words = (item.title, item.category.name_fr, item.brand, item.model, item.theft_from, item.theft_until)
    return _digest(words, {photo.public_id: photo.alt_text for photo in item.photos})


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
        described = _photos_described(session, some)
        rows = session.execute(wanted.where(some, Item.status == ItemStatus.PUBLISHED))
        found |= {number: _digest(words, described.get(number, {})) for number, *words in rows}
    return found


def _photos_described(session: Session, which: ColumnElement[bool]) -> dict[str, dict[str, str]]:
    """What officers have written of the public photos of these items: by number, then by the photo's public id."""
    found: dict[str, dict[str, str]] = {}
    wanted = select(Item.public_number, ItemPhoto.public_id, ItemPhoto.alt_text).join(ItemPhoto.item)
    for number, public_id, text in session.execute(
        wanted.where(which, ItemPhoto.is_private.is_(False), ItemPhoto.alt_text != "")
    ):
        found.setdefault(number, {})[public_id] = text
    return found


def _digest(words: Iterable[str | date | None], described: Mapping[str, str]) -> str:
    """An item without a written text has the digest that earlier versions have kept of it."""
    texts = [[public_id, text] for public_id, text in sorted(described.items()) if text]
    said: list[object] = [str(word or "") for word in words]
    return sha256(json.dumps([*said, texts] if texts else said).encode()).hexdigest()
