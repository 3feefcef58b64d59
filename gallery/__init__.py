"""Recovered stolen objects, shown and matched. `create_app` assembles the two sites and decides nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Flask

    from gallery.config import Settings, Site

BACKOFFICE_PATH = "/agents"
# From 1.29 on ONNX Runtime gives the machine an id and tells its maker which models it runs. It asks this variable when
# it is loaded.
os.putenv("ORT_DISABLE_TELEMETRY", "1")


def create_app(settings: Settings, sites: Collection[Site]) -> Flask:
    """Assemble one site, or both on one machine with the back office under /agents, which production refuses.

    The application returned for both is the public one: its own URL map has no back-office rule, and the back office
    stays an application of its own with its own cookie, mounted beside it.
    """
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    from gallery.config import BOTH_SITES, Site
    from gallery.errors import SettingInvalid

    if set(sites) != BOTH_SITES:
        (site,) = sites
        return _one_site(settings, site, mounted_at="/")
    if settings.production:
        raise SettingInvalid("production", "serves the two sites as two processes: wsgi:public and wsgi:backoffice")
    app = _one_site(settings, Site.PUBLIC, mounted_at="/")
    backoffice = _one_site(settings, Site.BACKOFFICE, mounted_at=BACKOFFICE_PATH)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {BACKOFFICE_PATH: backoffice})  # type: ignore[method-assign]
    return app


def _one_site(settings: Settings, site: Site, *, mounted_at: str) -> Flask:
    # Imported here so that a process of the pure rooms (a pool that decodes pictures) does not load the web.
    from gallery import cli, web

    app = web.application(settings, site, mounted_at=mounted_at)
    web.register(app, site)
    cli.register(app)
    return app
