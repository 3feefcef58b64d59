"""The picture that networks show beside a shared link to an item, 1200 x 630."""

from flask import Response

from gallery.services import public_items
from gallery.sharing import pictures
from gallery.web.headers import photo_caching
from gallery.web.workplace import database, workplace


def show(number: str) -> Response:
    """Compose it of the item's cover; raise ItemNotFound or ItemNoLongerPublic."""
    item = public_items.get(database(), number)
    key = public_items.photo_file_key(database(), item.cover.public_id, item.cover.largest.name)
    settings = workplace().settings
    data = pictures.link_file(
        workplace().public_store.get(key),
        title=item.title,
        number=item.public_number,
        owner=item.unit.name,
        site=settings.public_address or settings.site_name,
    )
    return Response(data, mimetype="image/jpeg", headers={"Cache-Control": photo_caching()})
