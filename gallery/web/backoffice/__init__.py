"""The back office: closed by default, for officers and their own unit's items."""

from flask import Flask

from gallery.web.backoffice import form_addresses, sent_once, wording
from gallery.web.backoffice.account import sign_in
from gallery.web.backoffice.blueprint import blueprint
from gallery.web.backoffice.identifiers import IdentifierConverter


def register(app: Flask) -> None:
    """Add accounts and the officers' pages."""
    app.url_map.converters["identifier"] = IdentifierConverter
    sign_in.init_app(app)
    form_addresses.init_app(app)
    wording.init_app(app)
    sent_once.register(app)
    app.register_blueprint(blueprint)
