"""Entry points for a WSGI server and for the `flask` command.

`public` and `backoffice` are two processes in production, each reading its own secrets only; `app` is both on one
machine, for trying out and development, which production refuses. `health` is what monitors ask, on a port of its own.
`setup` serves nothing: it has the command that makes missing secrets. Each is made when it is asked for; the `flask`
command is given the commands alone, and those that work with a site then have it made, so that `--help` makes no
file and reads no secret.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial

import click
from flask import Flask
from flask.cli import FlaskGroup

from gallery import cli, create_app
from gallery.config import BOTH_SITES, Site, load_settings, share_measures
from gallery.errors import SettingInvalid

# Gunicorn ends with a process that ends so; after any other status it starts the next one, for ever.
APP_LOAD_ERROR = 4
# A server for development, a shell that has every key, and the table of addresses: nothing for who runs a service.
FLASKS_OWN = ("run", "shell", "routes")
SITES = {"public": {Site.PUBLIC}, "backoffice": {Site.BACKOFFICE}, "app": BOTH_SITES}


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Import and make what stays as long as the process, and never look for garbage among it: a quarter of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def _made(name: str, *, make: bool | None = None) -> Flask:
    try:
        settings = load_settings(SITES[name], make=make)
        share_measures(settings)
        with _without_collecting():
            return create_app(settings, SITES[name])
    except SettingInvalid as error:
        raise _refusal(error) from error


@cache
def _health() -> Flask:
    from gallery.web.health import site

    try:
        return site.application(load_settings((), make=False))
    except SettingInvalid as error:
        raise _refusal(error) from error


def _refusal(error: SettingInvalid) -> SystemExit:
    click.echo(f"Setting refused: {error}", err=True)
    return SystemExit(APP_LOAD_ERROR if click.get_current_context(silent=True) is None else cli.NOTHING_DONE)


@cache
def _commands(name: str) -> Flask:
    app = Flask("gallery")
    with _without_collecting():
        cli.register(app, site=partial(_made, name))
    return app


@cache
def _setup() -> Flask:
    app = Flask("gallery")
    cli.register_secrets(app)
    return app


def __getattr__(name: str) -> Flask:
    """Make the application of this name at its first use."""
    if name == "setup":
        return _setup()
    if name == "health":
        return _health()
    if name not in SITES:
        raise AttributeError(name)
    command = click.get_current_context(silent=True)
    if command is None:
        return _made(name)
    # Looking for a command, Flask asks from within its group; its own commands, as `routes`, want the site itself.
    if isinstance(command.command, FlaskGroup):
        _hide_flasks_own(command.command)
        return _commands(name)
    if command.command.name == "run" and _is_production():
        raise _refusal(SettingInvalid("production", "is served by gunicorn, never by `flask run` (docs/operations.md)"))
    return _made(name, make=False)


def _hide_flasks_own(group: FlaskGroup) -> None:
    """Leave what Flask brings out of a service's help."""
    if _is_production():
        for name in FLASKS_OWN:
            group.commands[name].hidden = True


def _is_production() -> bool:
    try:
        return load_settings((), make=False).production
    except SettingInvalid:
        return False
