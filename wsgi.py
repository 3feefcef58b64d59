"""Entry points for a WSGI server and for the `flask` command.

`public` and `backoffice` are two processes in production, each reading its own secrets only; `app` is both on one
machine, for trying out and development, which production refuses. `setup` serves nothing: it has the command that
makes missing secrets. Each is made when it is asked for.
"""

from functools import cache

from flask import Flask

from gallery import cli, create_app
from gallery.config import BOTH_SITES, Site, load_settings
from gallery.errors import SettingInvalid

SITES = {"public": {Site.PUBLIC}, "backoffice": {Site.BACKOFFICE}, "app": BOTH_SITES}


@cache
def _made(name: str) -> Flask:
    try:
        return create_app(load_settings(SITES[name]), SITES[name])
    except SettingInvalid as error:
        raise SystemExit(f"Setting refused: {error}") from error


@cache
def _setup() -> Flask:
    app = Flask("gallery")
    cli.register_secrets(app)
    return app


def __getattr__(name: str) -> Flask:
    """Make the application of this name at its first use."""
    if name == "setup":
        return _setup()
    if name in SITES:
        return _made(name)
    raise AttributeError(name)
