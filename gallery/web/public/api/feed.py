"""The newest objects that an address of the gallery asks for, as an Atom feed for whoever leaves nothing with us.

Words and links, no photo: what a reader of feeds has fetched can't be taken back.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import Response, make_response, render_template, request, url_for

from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.index_entries import Sort
from gallery.services.gallery.public_records import PublicItem
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.api.description import let_others_read
from gallery.web.public.filters import Asked
from gallery.web.public.kept import is_typed, kept
from gallery.web.resources import database

NEWEST = 50
# Of a feed that nothing was ever published in: RFC 4287 wants an instant.
NEVER = "2025-01-01T00:00:00+00:00"


def show() -> Response:
    """The feed, which any program may read."""
    return let_others_read(make_response(_kept()))


@kept(*filters.ARGUMENTS, unless=is_typed)
def _kept() -> Response:
    """The newest items of what the address asks for, https://www.rfc-editor.org/rfc/rfc4287."""
    categories = public_items.categories_by_code(database())
    asked = filters.read(request.args, categories).sorted_by(Sort.NEWEST)
    page = browsing.look(database(), catalogues().gallery, asked.filters, browsing.Portion(NEWEST, Sort.NEWEST))
    feed = render_template(
        "public/feed.xml",
        items=page.items,
        narrowed=[each.label for each in filters.in_force(asked, categories, filters.written(page))],
        updated=_instant(page.items),
        page=asked.address,
        address=address_for(asked),
    )
    return Response(feed, mimetype="application/atom+xml")


def address_for(asked: Asked) -> str:
    """The feed of what a page of the gallery shows."""
    return url_for("public.feed", **asked.sorted_by(Sort.NEWEST).arguments)


def _instant(items: Sequence[PublicItem]) -> str:
    published: list[datetime] = [each.published_at for each in items]
    return max(published).isoformat(timespec="seconds") if published else NEVER
