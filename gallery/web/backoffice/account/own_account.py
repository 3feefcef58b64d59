"""The officer's own account: password, second factor, recovery codes, open sessions."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.services.people import desk_sessions
from gallery.services.transaction import atomic
from gallery.web.backoffice.account import open_sessions
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.workplace import database, workplace


def show() -> ResponseReturnValue:
    """What the officer may change of the own account, and where it is signed in."""
    officer = current_officer()
    return render_template(
        "backoffice/account.html",
        officer=officer,
        sessions=desk_sessions.open_of(database(), officer, since=open_sessions.oldest_open()),
        here=open_sessions.current_id(officer),
        is_required=workplace().settings.second_factor_required,
    )


def end_session(public_id: str) -> ResponseReturnValue:
    """Sign out of one browser."""
    with atomic(database()) as session:
        desk_sessions.end(session, public_id, officer=current_officer())
    flash(gettext("La session est fermée."), "success")
    return redirect(url_for(".account", _anchor="sessions"))


def end_other_sessions() -> ResponseReturnValue:
    """Sign out of every browser but this one."""
    with atomic(database()) as session:
        desk_sessions.end_others(session, current_officer(), but=open_sessions.token())
    flash(gettext("Toutes les autres sessions sont fermées."), "success")
    return redirect(url_for(".account", _anchor="sessions"))
