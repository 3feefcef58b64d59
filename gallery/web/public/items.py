"""The gallery and the page of one item."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.index_entries import Facet
from gallery.services.gallery.public_records import PublicItem
from gallery.services.items.numbering.numbers import is_in_three_parts, is_meant_as_number
from gallery.services.words.asked import AskedWords
from gallery.web.catalogues import catalogues
from gallery.web.public import filters, loosening, sharing
from gallery.web.public.api import feed
from gallery.web.public.kept import FORMS, is_typed, kept
from gallery.web.public.proper_addresses import at_proper_address, noted_number, proper_number
from gallery.web.resources import database, resources

SIMILAR_ITEMS = 4
# Room for the address of a page, with what networks add to it.
MAX_TYPED = 200


@kept(*filters.ARGUMENTS, unless=lambda: is_typed() or _other_form() is not None)
def listing() -> str | Response:
    """The gallery as the address filters and sorts it; a number among the words leads to its item.

    A program that accepts no page is led to the same items in the form that it accepts.
    """
    categories = public_items.categories_by_code(database())
    asked = filters.read(request.args, categories)
    other = _other_form()
    if other is not None:
        answer = redirect(url_for(other, **asked.arguments), 303)
        answer.vary.add("Accept")
        return answer
    number = _number_in(asked.filters.text)
    if number is not None:
        return redirect(url_for("public.item", number=number))
    portion = browsing.Portion(resources().settings.page_size, asked.sort, asked.cursor)
    page = browsing.look(database(), catalogues().gallery, asked.filters, portion)
    return render_template(
        "public/items.html", page=page, near=_near(asked.filters.text, page.words), **_offers(asked, page, categories)
    )


def _number_in(text: str) -> str | None:
    """The number that is asked for; letters and figures in one piece may be the maker's, where no item has had it."""
    number = noted_number(text)
    if number is None or not text.isalnum():
        return number
    return number if browsing.was_ever_public(database(), catalogues().gallery, number) else None


def _near(text: str, words: AskedWords) -> list[PublicItem] | None:
    """The items whose numbers are near to one that nobody has; None where what was typed is not meant as a number.

    Figures in one piece may be the maker's reference: they are a number where one is near.
    """
    if not is_meant_as_number(text) or not (words.respelt or words.unknown):
        return None
    found = browsing.near_to_number(database(), catalogues().gallery, text)
    return found if found or is_in_three_parts(text) else None


def _other_form() -> str | None:
    """The endpoint that answers what the request accepts, where that is not a page."""
    return FORMS.get(request.accept_mimetypes.best_match(("text/html", *FORMS)) or "")


def _offers(asked: filters.Asked, page: browsing.GalleryPart, categories: filters.Categories) -> dict[str, object]:
    """What the page offers besides the items: filters, orders, and where to go on."""
    chosen = asked.filters.chosen[Facet.CATEGORY]
    page_size = resources().settings.page_size
    return {
        "asked": asked,
        "chosen": categories[chosen[0]] if len(chosen) == 1 else None,
        "categories": filters.category_offers(asked, page, categories),
        "all_categories": asked.choosing(Facet.CATEGORY).address,
        "groups": filters.groups(asked, page, categories),
        "margins": filters.MARGINS,
        "in_force": filters.in_force(asked, categories, filters.written(page)),
        "loosenings": [] if page.total else _loosenings(asked, page),
        "sorts": [
            filters.Offer(
                str(filters.SORTS[sort][1]),
                address=asked.sorted_by(sort).address,
                is_chosen=sort is asked.sort,
                value="" if sort is filters.default_sort(asked.filters) else filters.SORTS[sort][0],
            )
            for sort in filters.sorts_for(asked.filters)
        ],
        "before": asked.at(page.before if page.first > page_size + 1 else None).address if page.before else "",
        "after": asked.at(page.after).address if page.after else "",
        "first_page": asked.at(None).address,
        "feed": feed.address_for(asked),
    }


def _loosenings(asked: filters.Asked, page: browsing.GalleryPart) -> list[filters.Offer]:
    return loosening.loosenings(asked, page, browsing.looser(database(), catalogues().gallery, asked.filters))


def by_number() -> str | Response | tuple[str, int]:
    """The form that opens an item by the number that somebody noted, however it was written."""
    typed = request.args.get("numero", "")[:MAX_TYPED].strip()
    proper = noted_number(typed)
    if proper is not None:
        return redirect(url_for("public.item", number=proper))
    error = gettext("Ce n’est pas un numéro d’objet : vérifiez chaque caractère.") if typed else ""
    near = browsing.near_to_number(database(), catalogues().gallery, typed)
    return render_template("public/number.html", typed=typed, error=error, near=near), 400 if error else 200


@kept()
@at_proper_address(proper_number)
def show(number: str) -> str:
    """One item; a number typed in another way leads to its proper address."""
    item = public_items.get(database(), number)
    return render_template(
        "public/item.html",
        item=item,
        similar=browsing.similar(database(), catalogues().gallery, number, limit=SIMILAR_ITEMS),
        share_links=sharing.links(item),
        structured_data=sharing.structured_data(item),
    )
