"""What an officer writes is kept while writing, on the server and sealed: nothing of it stays in the browser."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from gallery.services.people import drafts
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, resources

NEW_ITEM, NEW_CASE = "new-item", "new-case"
SUBJECT = re.compile(rf"{NEW_ITEM}|{NEW_CASE}|(item|case):([A-Za-z0-9_-]{{1,64}})")
NOT_KEPT = {"csrf_token", "saisie", "envoi"}


@dataclass(frozen=True)
class Writing:
    """What an officer has written in a form: sent now, taken up again, or kept and not taken up.

    sent: what to fill the form with over what is kept of the subject itself; None: nothing.
    saved_at: when what is not taken up was kept; None: there is nothing to offer.
    """

    subject: str
    sent: MultiDict[str, str] | None
    saved_at: datetime | None


def writing(subject: str) -> Writing:
    """What this officer has written in the form of this subject."""
    if request.method == "POST":
        return Writing(subject, request.form, None)
    draft = drafts.find(database(), subject, sealer=resources().sealer, by=current_officer())
    if draft is None:
        return Writing(subject, None, None)
    if request.args.get("saisie") == "reprendre":
        return Writing(
            subject, MultiDict((name, each) for name, values in draft.fields.items() for each in values), None
        )
    return Writing(subject, None, draft.saved_at)


def keep() -> ResponseReturnValue:
    """Keep what is written so far; the script sends it every few seconds."""
    _keep(_subject())
    return "", 204


def keep_refused(written: Writing) -> None:
    """Keep what was sent in a form that is shown again: without its script, who goes back from there would lose it."""
    if request.method == "POST":
        _keep(written.subject)


def forget() -> ResponseReturnValue:
    """Forget it, and open the form as it is kept."""
    subject = _subject()
    with atomic(database()) as session:
        drafts.forget(session, subject, by=current_officer())
    return redirect(_address_of(subject))


def _keep(subject: str) -> None:
    fields = {name: values for name, values in request.form.lists() if name not in NOT_KEPT}
    with atomic(database()) as session:
        drafts.keep(session, resources(), subject, fields, by=current_officer())


def _subject() -> str:
    subject = request.form.get("saisie", "")
    if SUBJECT.fullmatch(subject) is None:
        raise BadRequest
    return subject


def _address_of(subject: str) -> str:
    kind, _, name = subject.partition(":")
    if kind == "item":
        return url_for(".edit_item", number=name)
    if kind == "case":
        return url_for(".edit_case", reference=name)
    return url_for(".new_item" if subject == NEW_ITEM else ".new_case")
