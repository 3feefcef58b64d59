"""flask commands, kept thin: each parses, calls services and prints.

They need the back office's keys: run them with `flask --app wsgi:backoffice`, or plain `flask` on a machine for trials.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from click import Command, Context
from flask import Flask
from flask.cli import AppGroup

from gallery.cli import spoken
from gallery.extensions import babel

# The name under which an application that has the commands alone keeps what makes its site.
SITE = "site"
# The exit status of a command that did nothing, and says why.
NOTHING_DONE = 2

# Where each command is, under gallery.cli.
COMMANDS = {
    "album": "albums:album",
    "backup": "operating.backup:backup",
    "backup-key": "operating.backup:backup_key",
    "create-officer": "accounts:create_officer",
    "create-unit": "accounts:create_unit",
    "demo": "demo:fill",
    "doctor": "operating.status:doctor",
    "evaluate": "evaluate:evaluate",
    "export": "reading.export:export",
    "export-list": "imports.export_list:export_list",
    "facebook": "facebook:facebook",
    "import": "importing:import_folder",
    "inbox": "operating.upkeep:inbox_command",
    "keys": "operating.keys:keys",
    "labels": "labels:labels",
    "list": "reading.items:list_items",
    "migrate": "setup:migrate",
    "move": "operating.moving:move",
    "move-store": "operating.moving:move_store",
    "purge": "operating.upkeep:purge",
    "reindex": "reindexing:reindex",
    "restore": "operating.restore:restore",
    "secrets": "setup:secrets",
    "serve": "serve:serve",
    "show": "reading.items:show",
    "status": "operating.status:status",
    "store": "operating.stores:store",
    "sweep": "operating.upkeep:sweep",
    "verify": "verify:verify",
    "worker": "operating.upkeep:worker",
}
# Those that must run where no site can start yet, for want of its secrets.
BEFORE_A_SITE = ("secrets", "backup-key", "restore", "move")


class Commands(AppGroup):
    """Commands that are imported when they are asked for: a server asks for none, a command for itself."""

    def __init__(self, name: str | None, imported: Mapping[str, Command], places: Mapping[str, str]) -> None:
        super().__init__(name, commands=dict(imported))
        self._places = places
        spoken.begin()

    def list_commands(self, ctx: Context) -> list[str]:
        """Name all of them, and import none."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import the command of this name, and have its help in the language of whoever asks."""
        if cmd_name not in self._places:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._places[cmd_name].partition(":")
        command: Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return spoken.translated(command)


def register(app: Flask, *, site: Callable[..., Flask] | None = None) -> None:
    """Add the commands to an application. site: makes the one that they work with; None: this application is it."""
    app.cli = Commands(app.cli.name, app.cli.commands, COMMANDS)
    if site is not None:
        app.extensions[SITE] = site
        # Modules of pages that are imported under this application check whether a text is empty.
        babel.init_app(app)


def register_secrets(app: Flask) -> None:
    """Add the commands of BEFORE_A_SITE only."""
    app.cli = Commands(app.cli.name, app.cli.commands, {name: COMMANDS[name] for name in BEFORE_A_SITE})
