"""Photos that no search by photo finds, because their picture could not be described: which, and another try."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from gallery.services.items import failed
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now

MAX_SHOWN = 200


def listing() -> str:
    """The unit's, each with the number of its item and its place there."""
    unit = current_officer().unit
    return render_template(
        "backoffice/failed_photos.html",
        failed=failed.listed(database(), unit, limit=MAX_SHOWN),
        total=failed.count(database(), unit),
    )


def try_again() -> ResponseReturnValue:
    """Let the worker try to describe them again."""
    officer = current_officer()
    with atomic(database()) as session:
        count = failed.try_again(session, officer.unit, by=officer, now=now())
    text = ngettext("Une photo va être de nouveau analysée.", "%(num)d photos vont être de nouveau analysées.", count)
    flash(text, "success")
    return redirect(url_for(".items"))
