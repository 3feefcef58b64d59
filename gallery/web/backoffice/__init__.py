"""The back office: closed by default, for officers and their own unit's items."""

from flask import Flask

from gallery.web.backoffice import accounts
from gallery.web.backoffice.blueprint import blueprint


def register(app: Flask) -> None:
    """Add accounts and the officers' pages."""
    accounts.init_app(app)
    app.register_blueprint(blueprint)
