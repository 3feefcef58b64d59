"""Addresses that only take forms: whoever opens one is led to the page above it, where the form is.

A page that answers a form is shown at the form's address, which is opened by Enter in the address bar, a bookmark, or
the way back after signing in.
"""

from flask import Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed

from gallery.web.requests import wants_json


def init_app(app: Flask) -> None:
    """Lead people on; to be bound after what asks them to sign in."""
    app.before_request(_lead_to_page)


def _lead_to_page() -> ResponseReturnValue | None:
    """The nearest page above, with the query, which says which page of a list the form was on."""
    if request.method != "GET" or not isinstance(request.routing_exception, MethodNotAllowed) or wants_json():
        return None
    addresses, path = current_app.create_url_adapter(request), request.path.rpartition("/")[0]
    assert addresses is not None, "a request has addresses"
    while path and not addresses.test(path, "GET"):
        path = path.rpartition("/")[0]
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{request.script_root}{path}{'?' if query else ''}{query}") if path else None
