"""The officer's own account: password, second factor, recovery codes, open sessions."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.services import audit
from gallery.services.people import credentials, desk_sessions
from gallery.services.transaction import atomic
from gallery.web.backoffice import wording
from gallery.web.backoffice.account import open_sessions, passwords
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database


def show() -> ResponseReturnValue:
    """What officers may change of their own account, and where it is signed in."""
    officer = current_officer()
    return render_template(
        "backoffice/account.html",
        officer=officer,
        sessions=open_sessions.all_open(officer),
        here=open_sessions.current_id(officer),
        history=wording.journal(audit.of_account(database(), officer), {officer.public_id: officer.name}),
    )


def change_password() -> ResponseReturnValue:
    """Where password managers change a password (https://w3c.github.io/webappsec-change-password-url/)."""
    return redirect(url_for("security.change_password"))


def judge_password() -> ResponseReturnValue:
    """How the new password that is being typed does, for the meter of the page."""
    level, sentence = passwords.estimate(request.form.get("mot_de_passe", ""), current_officer())
    return jsonify(level=level, sentence=sentence)


def mark_changes_read() -> ResponseReturnValue:
    """No longer tell of the changes of the account that were shown."""
    with atomic(database()):
        credentials.mark_read(current_officer())
    return redirect(url_for(".account"))


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
