"""flask commands: thin, each parses, calls services and prints.

They need the back office's keys: run them with `flask --app wsgi:backoffice`, or plain `flask` on a trying-out machine.
"""

from collections.abc import Callable

from click import Command
from flask import Flask

from gallery.extensions import babel

# Under this name an application that has the commands alone keeps what makes its site.
SITE = "site"
# The exit status of a command that did nothing, and says why.
NOTHING_DONE = 2


def register(app: Flask, *, site: Callable[..., Flask] | None = None) -> None:
    """Add the commands to an application. site: makes the one that they work with; None: this application is it."""
    from gallery.cli import (
        accounts,
        albums,
        demo,
        evaluate,
        facebook,
        importing,
        labels,
        reindexing,
        serve,
        setup,
        verify,
    )
    from gallery.cli.imports import export_list
    from gallery.cli.reading import export, items

    for command in (
        setup.migrate,
        setup.secrets,
        accounts.create_unit,
        accounts.create_officer,
        evaluate.evaluate,
        importing.import_folder,
        export_list.export_list,
        export.export,
        items.list_items,
        items.show,
        labels.labels,
        albums.album,
        facebook.facebook,
        verify.verify,
        reindexing.reindex,
        demo.fill,
        serve.serve,
        *_operating(),
    ):
        app.cli.add_command(command)
    if site is not None:
        app.extensions[SITE] = site
        # Modules of pages that are imported under this application look whether a text is empty.
        babel.init_app(app)


def _operating() -> tuple[Command, ...]:
    """The commands of whoever runs the service."""
    from gallery.cli.operating import backup, keys, moving, restore, status, stores, upkeep

    return (
        upkeep.worker,
        upkeep.sweep,
        upkeep.purge,
        upkeep.inbox_command,
        status.status,
        status.doctor,
        stores.store,
        backup.backup,
        backup.backup_key,
        restore.restore,
        keys.keys,
        moving.move,
        moving.move_store,
    )


def register_secrets(app: Flask) -> None:
    """Add the commands that must run where no site can start yet, for want of its secrets."""
    from gallery.cli import setup
    from gallery.cli.operating import backup, moving, restore

    for command in (setup.secrets, backup.backup_key, restore.restore, moving.move):
        app.cli.add_command(command)
