"""What can be read: items, categories, units, albums and official accounts."""

from dataclasses import asdict, replace
from typing import Any

from flask import Response, make_response, request, url_for

from gallery.services.albums import public_page
from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.browsing import Cursor, GalleryPart
from gallery.web import labels
from gallery.web.catalogues import catalogues
from gallery.web.public import filters
from gallery.web.public.albums import part_of, proper_code
from gallery.web.public.api import arguments, records, schemas
from gallery.web.public.api.description import answers, blueprint, let_others_read, refuses
from gallery.web.public.api.records import Record
from gallery.web.public.authenticity import official_accounts
from gallery.web.public.filters import Asked
from gallery.web.public.kept import is_typed, kept
from gallery.web.public.proper_addresses import proper_number
from gallery.web.resources import database, resources

Said = dict[str, Any]


@blueprint.get("/items")
@kept(*filters.ARGUMENTS, "limite", unless=is_typed)
@blueprint.arguments(arguments.ItemQuery, location="query")
@answers(schemas.ItemPageSchema())
@refuses(404, "apres or avant is no number of ours")
def items(said: Said) -> Record:
    """List published items

    Filtered, sorted and cut into pages as the gallery is; an address of the gallery asks for the same here.
    """
    for number in {said[name] for name in ("apres", "avant") if name in said}:
        proper_number(number)
    asked = filters.read(request.args, public_items.categories_by_code(database()))
    # A page refuses a day that is still to come, and a program may ask for it.
    asked = replace(asked, filters=replace(asked.filters, stolen_on=said.get("vol")))
    portion = browsing.Portion(said.get("limite", resources().settings.page_size), asked.sort, asked.cursor)
    page = browsing.look(database(), catalogues().gallery, asked.filters, portion)
    return page_record(page, asked, said.get("limite"))


def page_record(page: GalleryPart, asked: Asked, limit: int | None) -> Record:
    """A page of the gallery, with the addresses of those beside it."""

    def address(cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        values = asked.at(cursor).arguments
        return labels.absolute(url_for("api.items", **values, limite=limit))

    return {
        "total": page.total,
        "items": [records.item(each) for each in page.items],
        "next": address(page.after),
        "previous": address(page.before),
    }


def items_as_file() -> Response:
    """The same at an address of the gallery, with what every answer of the API says."""
    return let_others_read(make_response(items()))


@blueprint.get("/items/<number>")
@kept()
@answers(schemas.ItemSchema())
@refuses(404, "no item has this number")
@refuses(410, "given back, or withdrawn by its unit")
def item(number: str) -> Record:
    """Show one item, by its number however it is written"""
    return records.item(public_items.get(database(), proper_number(number)))


@blueprint.get("/categories")
@kept()
@answers(schemas.CountedCategorySchema(many=True))
def categories() -> list[Record]:
    """List the categories that have published items"""
    return [asdict(each) for each in public_items.category_counts(database())]


@blueprint.get("/units")
@kept()
@answers(schemas.CountedUnitSchema(many=True))
def units() -> list[Record]:
    """List the units that have published items"""
    counted = browsing.units(database(), catalogues().gallery)
    return [{**records.unit(each.unit), "items": each.items} for each in sorted(counted, key=lambda one: one.unit.code)]


@blueprint.get("/albums/<code>")
@kept("page")
@blueprint.arguments(arguments.AlbumQuery, location="query")
@answers(schemas.AlbumSchema())
@refuses(404, "no album has this code")
@refuses(410, "nothing of it is published any more")
def album(said: Said, code: str) -> Record:
    """Show what is still published of an album, by the code in its address"""
    shown = public_page.get(database(), proper_code(code))
    part = part_of(shown, said["page"])
    return {
        "code": shown.code,
        "url": labels.absolute(url_for("public.album", code=shown.code)),
        "unit": records.unit(shown.unit),
        "total": len(shown.items),
        "page": part.number,
        "pages": part.pages,
        "items": [records.item(each) for each in part.items],
    }


@blueprint.get("/official-accounts")
@kept()
@answers(schemas.AccountListSchema())
def accounts() -> Record:
    """List the units' official accounts on social networks"""
    return official_accounts.record()
