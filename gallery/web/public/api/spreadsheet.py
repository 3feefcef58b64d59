"""The items that an address of the gallery asks for, as a table that French spreadsheets open."""

from collections.abc import Iterator

from flask import Response, request, stream_with_context

from gallery.extensions import limiter
from gallery.services import revision
from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.gallery_index import Filters
from gallery.services.gallery.index_entries import Sort
from gallery.services.gallery.public_records import PublicItem
from gallery.sharing.cells import harmless, lines
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.api import records
from gallery.web.public.api.description import let_others_read
from gallery.web.resources import database, resources

ROWS_AT_ONCE = 500
# The whole gallery each time, and a program that is told nothing new needs it once a day.
RATE = "6 per minute; 60 per hour"
BYTE_ORDER_MARK = "\ufeff"
# Of an item's record, besides those of its category, its unit and its first photo.
COLUMNS = ("number", "url", *(name for name in records.WRITTEN if name != "colours"), "published_in")
HEADING = (*COLUMNS, "colours", "category", "unit", "unit_departement", "unit_phone", "unit_email", "photo")


@limiter.limit(RATE)
def show() -> Response:
    """All of them as they are at this moment, read and sent some at a time; nothing where they are unchanged."""
    # Read before the items: what is committed in between is newer than the tag, never older.
    tag = str(revision.committed(resources().sessions))
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        asked = filters.read(request.args, public_items.categories_by_code(database()))
        answer = Response(stream_with_context(written(asked.filters)), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = "attachment; filename=objets-publies.csv"
    answer.set_etag(tag)
    return let_others_read(answer)


def written(asked: Filters) -> Iterator[str]:
    """The table, some rows at a time."""
    yield BYTE_ORDER_MARK + lines([HEADING])
    for items in pieces(asked):
        yield lines(map(harmless, _row(item)) for item in items)


def pieces(asked: Filters) -> Iterator[list[PublicItem]]:
    """The items of the table, some at a time, the newest first."""
    return browsing.in_pieces(database(), catalogues().gallery, asked, sort=Sort.NEWEST, size=ROWS_AT_ONCE)


def _row(item: PublicItem) -> tuple[str, ...]:
    record = records.item(item)
    return (
        *(str(record[name] or "") for name in COLUMNS),
        ",".join(item.colours),
        item.category.code,
        item.unit.name,
        item.unit.departement,
        item.unit.phone,
        item.unit.email,
        record["photos"][0]["files"][-1]["url"],
    )
