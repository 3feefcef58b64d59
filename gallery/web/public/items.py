"""The gallery and the page of one item."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from gallery.errors import ItemNotFound
from gallery.services import public_items
from gallery.services.numbers import read_public_number
from gallery.web.workplace import database, workplace


def listing() -> str:
    """The gallery, newest first, of all categories or one."""
    category = request.args.get("categorie", "")[:32] or None
    session = database()
    page = public_items.newest(
        session,
        category_code=category,
        page=request.args.get("page", 1, type=int),
        page_size=workplace().settings.page_size,
    )
    categories = public_items.category_counts(session)
    chosen = next((each for each in categories if each.code == category), None)
    return render_template(
        "public/items.html",
        page=page,
        categories=categories,
        chosen=chosen,
        total=sum(each.items for each in categories),
    )


def by_number() -> str | Response | tuple[str, int]:
    """The form that opens an item by the number that somebody noted, however it was written."""
    typed = request.args.get("numero", "")[:40].strip()
    proper = read_public_number(typed)
    if proper is not None:
        return redirect(url_for("public.item", number=proper))
    error = gettext("Ce n’est pas un numéro d’objet : vérifiez chaque caractère.") if typed else ""
    return render_template("public/number.html", typed=typed, error=error), 400 if error else 200


def show(number: str) -> str | Response:
    """One item; a number typed in another way leads to its proper address."""
    proper = read_public_number(number)
    if proper is None:
        raise ItemNotFound(number)
    if proper != number:
        return redirect(url_for("public.item", number=proper), 301)
    item = public_items.get(database(), proper)
    return render_template("public/item.html", item=item)
