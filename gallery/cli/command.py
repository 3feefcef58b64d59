"""What every command shares: the application context, refusals in words, an exit status."""

from typing import Any

import click
from flask.cli import ScriptInfo

from gallery.cli.words import sentence_for
from gallery.errors import GalleryError

NOTHING_DONE = 2


class Refusal(click.ClickException):
    """Ends a command with a sentence and the status that says: nothing could be done."""

    exit_code = NOTHING_DONE


class Command(click.Command):
    """A command that runs in the application's context and tells domain errors in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click prints the sentence."""
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            try:
                return super().invoke(ctx)
            except GalleryError as error:
                raise Refusal(sentence_for(error)) from error
