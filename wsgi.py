"""Entry points for a WSGI server and for the `flask` command.

`public` and `backoffice` are two processes in production, each reading its own secrets only; `app` is both on one
machine, for trying out and development, which production refuses. Each is made when it is asked for.
"""

from functools import cache

from flask import Flask

from gallery import create_app
from gallery.config import BOTH_SITES, Site, load_settings

SITES = {"public": {Site.PUBLIC}, "backoffice": {Site.BACKOFFICE}, "app": BOTH_SITES}


@cache
def _made(name: str) -> Flask:
    return create_app(load_settings(SITES[name]), SITES[name])


def __getattr__(name: str) -> Flask:
    """Make the application of this name at its first use."""
    if name in SITES:
        return _made(name)
    raise AttributeError(name)
