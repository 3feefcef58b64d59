"""The short address that is printed on shared pictures: /o/35-K7QM-4, or in capitals as their QR codes say it."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from gallery.web.public.proper_addresses import proper_number


def lead_on(number: str) -> Response:
    """Lead to the item's page; raise ItemNotFound for what can't be a number."""
    return redirect(url_for("public.item", number=proper_number(number)), 301)
