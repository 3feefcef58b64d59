"""The public site: no account, nothing kept about a visitor, published records only."""

from flask import Flask

from gallery.web.public.blueprint import blueprint


def register(app: Flask) -> None:
    """Add the public pages."""
    app.register_blueprint(blueprint)
