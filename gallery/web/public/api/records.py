"""Public records as the API writes them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import url_for
from flask_babel import to_user_timezone

from gallery.services.gallery.public_records import PublicItem, PublicPhoto, PublicUnit
from gallery.web import labels
from gallery.web.public import sharing
from gallery.web.public.delivery import MEDIA_TYPES

Record = Mapping[str, Any]
# Under the same names in both.
WRITTEN = (
    "title", "object_type", "brand", "model", "maker", "materials", "measurements", "colours", "inscriptions",
    "distinguishing_features", "subject", "period", "state_as_found", "theft_from", "theft_until",
)  # fmt: skip


def item(shown: PublicItem) -> Record:
    """An item. Of its publication the month is public, not the day."""
    return {
        **{name: getattr(shown, name) for name in WRITTEN},
        "number": shown.public_number,
        "url": sharing.address_of(shown),
        "category": asdict(shown.category),
        "published_in": to_user_timezone(shown.published_at).strftime("%Y-%m"),
        "unit": unit(shown.unit),
        "photos": [photo(each) for each in shown.photos],
    }


def unit(shown: PublicUnit) -> Record:
    """A unit."""
    return asdict(shown)


def photo(shown: PublicPhoto) -> Record:
    """A photo with an address for each size."""
    files = [
        {
            "url": labels.absolute(url_for("public.photo", public_id=shown.public_id, name=each.name)),
            "media_type": MEDIA_TYPES[each.name.rpartition(".")[2]],
            "width": each.width,
            "height": each.height,
        }
        for each in shown.renditions
    ]
    return {"alt_text": shown.alt_text, "files": files}
