"""The newest objects that an address of the gallery asks for, as an Atom feed for whoever leaves nothing with us.

Words and links, no photo: what a reader of feeds has fetched can't be taken back.
"""

from flask import Response, make_response, render_template, request, url_for

from gallery.services.days import begin_in_paris, day_in_paris
from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.index_entries import Sort
from gallery.services.gallery.public_records import PublicItem
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.api.description import let_others_read
from gallery.web.public.filters import Asked
from gallery.web.public.kept import is_typed, kept
from gallery.web.resources import database, now

NEWEST = 50


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
        # Not the last publication, of which the month alone is public; and a reader that goes by it misses no object.
        updated=begin_in_paris(day_in_paris(now())).isoformat(),
        month=_month,
        page=asked.address,
        address=address_for(asked),
    )
    return Response(feed, mimetype="application/atom+xml")


def address_for(asked: Asked) -> str:
    """The feed of what a page of the gallery shows."""
    return url_for("public.feed", **asked.sorted_by(Sort.NEWEST).arguments)


def _month(item: PublicItem) -> str:
    """The first instant of the month in which an item was published."""
    return begin_in_paris(day_in_paris(item.published_at).replace(day=1)).isoformat()
