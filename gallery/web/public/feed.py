"""The newest objects of a category and a département as an Atom feed, for whoever leaves nothing with us.

Words and links, no photo: what a reader of feeds has fetched can't be taken back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.gallery_index import Facet, Sort
from gallery.services.gallery.public_records import PublicItem
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.filters import Asked
from gallery.web.public.kept import kept
from gallery.web.resources import database

NEWEST = 50
FOLLOWED = {facet: filters.PARAMETERS[facet] for facet in (Facet.CATEGORY, Facet.DEPARTEMENT)}
# Of a feed that nothing was ever published in: RFC 4287 wants an instant.
NEVER = "2025-01-01T00:00:00+00:00"


@kept(*FOLLOWED.values())
def show() -> Response:
    """The newest items of what the address names, https://www.rfc-editor.org/rfc/rfc4287."""
    categories = public_items.categories_by_code(database())
    given = MultiDict((name, value) for name in FOLLOWED.values() for value in request.args.getlist(name))
    asked = filters.read(given, categories)
    page = browsing.look(database(), catalogues().gallery, asked.filters, browsing.Portion(NEWEST, Sort.NEWEST))
    feed = render_template(
        "public/feed.xml",
        items=page.items,
        narrowed=[each.label for each in filters.in_force(asked, categories, {})],
        updated=_instant(page.items),
        page=asked.sorted_by(Sort.NEWEST).address,
        address=_address(asked),
    )
    return Response(feed, mimetype="application/atom+xml")


def address_for(asked: Asked) -> str:
    """The feed of what a page of the gallery shows; empty where that is narrowed by more than a feed can be."""
    followed = {facet.value for facet in FOLLOWED}
    return "" if set(asked.filters.conditions) - followed else _address(asked)


def _address(asked: Asked) -> str:
    chosen: dict[str, Any] = {name: list(asked.filters.chosen[facet]) for facet, name in FOLLOWED.items()}
    return url_for("public.feed", **chosen)


def _instant(items: Sequence[PublicItem]) -> str:
    published: list[datetime] = [each.published_at for each in items]
    return max(published).isoformat(timespec="seconds") if published else NEVER
