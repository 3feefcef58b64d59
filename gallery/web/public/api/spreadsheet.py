"""The items that an address of the gallery asks for, as a table that French spreadsheets open."""

import csv
from collections.abc import Iterator
from io import StringIO

from flask import Response, request, stream_with_context

from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.gallery_index import Sort
from gallery.services.gallery.public_records import PublicItem
from gallery.sharing.cells import harmless
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.api import records
from gallery.web.public.filters import Asked
from gallery.web.resources import database

ROWS_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"
# Of an item's record, besides those of its category, its unit and its first photo.
COLUMNS = ("number", "url", *(name for name in records.WRITTEN if name != "colours"), "published_in")
HEADING = (*COLUMNS, "colours", "category", "unit", "unit_departement", "unit_phone", "unit_email", "photo")


def show() -> Response:
    """All of them, read and sent some at a time, oldest first: what is published meanwhile is at the end."""
    asked = filters.read(request.args, public_items.categories_by_code(database())).sorted_by(Sort.OLDEST)
    answer = Response(stream_with_context(_lines(asked)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=objets.csv"
    return answer


def _lines(asked: Asked) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(HEADING)
    cursor = None
    while True:
        portion = browsing.Portion(ROWS_AT_ONCE, asked.sort, cursor)
        page = browsing.look(database(), catalogues().gallery, asked.filters, portion)
        yield "".join(_line(_row(item)) for item in page.items)
        cursor = page.after
        if cursor is None:
            return


def _line(cells: tuple[str, ...]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([harmless(each) for each in cells])
    return text.getvalue()


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
