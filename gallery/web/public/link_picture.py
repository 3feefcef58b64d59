"""The picture that networks show beside a shared link to an item, 1200 x 630."""

from flask import Response

from gallery.extensions import limiter
from gallery.services.gallery import public_items
from gallery.services.transaction import end_reading
from gallery.sharing import pictures
from gallery.web.headers import photo_caching
from gallery.web.public.proper_addresses import at_proper_address, proper_number
from gallery.web.resources import database, resources

# A shared link is asked for once by each network; a tenth of a second of processor for a picture leaves room for many.
RATE = "60 per minute"
limited = limiter.shared_limit(RATE, scope="link_picture")


@limited
@at_proper_address(proper_number)
def show(number: str) -> Response:
    """Compose it of the item's cover; raise ItemNotFound or ItemNoLongerPublic."""
    item = public_items.get(database(), number)
    key = public_items.photo_file_key(database(), item.cover.public_id, item.cover.largest.name)
    settings = resources().settings
    end_reading(database())
    data = pictures.link_file(
        resources().public.get(key),
        title=item.title,
        number=item.public_number,
        owner=item.unit.name,
        site=settings.public_address or settings.site_name,
    )
    return Response(data, mimetype="image/jpeg", headers={"Cache-Control": photo_caching()})
