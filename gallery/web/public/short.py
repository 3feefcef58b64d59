"""The short address that is printed on shared pictures: /o/35-K7QM-4, or in capitals as their QR codes say it."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from gallery.errors import ItemNotFound
from gallery.services.items.numbers import read_public_number


def lead_on(number: str) -> Response:
    """Lead to the item's page; raise ItemNotFound for what can't be a number."""
    proper = read_public_number(number)
    if proper is None:
        raise ItemNotFound(number)
    return redirect(url_for("public.item", number=proper), 301)
