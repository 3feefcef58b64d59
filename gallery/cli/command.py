"""What every command shares: the application context, refusals in words, an exit status."""

import errno
from typing import Any

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import SQLAlchemyError

from gallery import matching
from gallery.cli import NOTHING_DONE, SITE
from gallery.cli.spoken import said
from gallery.cli.words import sentence_for
from gallery.config import load_settings
from gallery.database import why_down
from gallery.errors import GalleryError, SettingInvalid

STATUSES = "Exit status: 0 done; 2 nothing was done, and a sentence says why."
STATUS_2 = "Exit status 2: nothing was done, and a sentence says why."
# Errors that name no file, and are nevertheless the machine's.
OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class CommandRefused(click.ClickException):
    """Ends a command with a sentence and the status that says that nothing could be done."""

    exit_code = NOTHING_DONE


class Command(click.Command):
    """A command that runs in its site's context and tells domain errors in a sentence.

    It takes folder and secrets as they are: run in the wrong place, it makes none there.
    """

    makes: bool | None = False

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End the help with the exit statuses that it has not given yet."""
        told = " ".join((self.help or "").split())
        if "; 2 " not in told:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(said(STATUS_2 if said("Exit status") in told else STATUSES))
        super().format_epilog(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click prints the sentence."""
        app = ctx.ensure_object(ScriptInfo).load_app()
        if SITE in app.extensions:
            app = app.extensions[SITE](make=self.makes)
        with app.app_context():
            return self._told(ctx)

    def _told(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GalleryError as error:
            raise CommandRefused(sentence_for(error)) from error
        except SQLAlchemyError as error:
            why = why_down(error)
            if why is None:
                raise
            raise CommandRefused(said("the database does not answer: {why}", why=why)) from error
        except OSError as error:
            if error.filename is None and error.errno not in OF_THE_DISK:
                raise
            raise CommandRefused(f"{error.filename or said('writing')}: {error.strerror}") from error


class FirstCommand(Command):
    """A command that may be the first in an instance: outside production it makes folder and secrets."""

    makes = None


class CommandAlone(Command):
    """A command that needs nothing of an instance but the encoder, where one is set."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command without a site, unless its process has one already."""
        if SITE in ctx.ensure_object(ScriptInfo).load_app().extensions:
            _configure_encoder()
        return self._told(ctx)


def _configure_encoder() -> None:
    try:
        settings = load_settings((), make=False)
        matching.choose_encoder(settings.encoder, settings.instance)
    except SettingInvalid as error:
        raise CommandRefused(said("Setting refused: {error}", error=error)) from error
