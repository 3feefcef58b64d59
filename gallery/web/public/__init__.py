"""The public site: no account, nothing kept about a visitor, published records only."""

from flask import Flask

from gallery.config import rules
from gallery.web import languages
from gallery.web.public import api, sharing
from gallery.web.public.blueprint import PAGE_ENDPOINTS, blueprint
from gallery.web.public.kept import KeptPages, ShortCut
from gallery.web.resources import resources_of


def register(app: Flask) -> None:
    """Add the public pages; in production, warn of what the legal pages lack."""
    app.register_blueprint(blueprint)
    api.register(app)
    app.extensions["kept_pages"] = KeptPages(resources_of(app).settings.kept_pages_bytes)
    app.wsgi_app = ShortCut(app)  # type: ignore[method-assign, assignment]
    languages.init_app(app, PAGE_ENDPOINTS)
    app.jinja_env.globals["in_each_language"] = sharing.in_each_language
    settings = resources_of(app).settings
    for name in rules.missing_for_legal_pages(settings) if settings.production else ():
        app.logger.warning("setting %s is missing: the legal pages say that it is", name)
