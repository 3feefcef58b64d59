"""Forms that make or change something carry a random key: the same key with the same content does it once.

With another content it is another form: whoever goes back, changes the title and sends again means a second object.
"""

import json
import secrets
from collections.abc import Callable, Iterable
from os import SEEK_END

from flask import Flask, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from gallery.services.people import sent_forms
from gallery.services.transaction import atomic
from gallery.storage import sha256_of
from gallery.web.backoffice.account import confirmation
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources

KEY = "envoi"
# What changes from one sending to the next, or says where the form was kept.
NOT_CONTENT = {"csrf_token", "saisie", confirmation.FIELD}


def register(app: Flask) -> None:
    """Give templates the key of a form."""
    app.jinja_env.globals["sending_key"] = sending_key
    app.jinja_env.globals["new_sending_key"] = new_sending_key


def sending_key() -> str:
    """A key for the form that is shown: a new one, or the one with which it came back."""
    return request.form.get(KEY) or new_sending_key()


def new_sending_key() -> str:
    """A key for a form that stands in the answer to itself and is then another one."""
    return secrets.token_urlsafe(12)


def make_once(make: Callable[[Session], str], *, read: Iterable[bytes] = ()) -> str:
    """Make what the form at hand asks for, in one transaction, and return its number or reference.

    The same form sent again returns what it made the first time. read: what was read of its files, where that has
    closed them.
    """
    officer = current_officer()
    with atomic(database()) as session:
        digest = _digest(read)
        made = sent_forms.made_by(session, digest, by=officer) if digest else None
        if made is None:
            made = make(session)
            if digest:
                sent_forms.keep(session, digest, made, by=officer, now=now())
    return made


def what_was_noted(session: Session) -> str | None:
    """What was noted of the form at hand when it came before, None for one that is new; what it changes is locked."""
    digest = _digest()
    return sent_forms.find_made(session, digest, by=current_officer()) if digest else None


def note(session: Session, what: str) -> None:
    """Remember what became of the form at hand, which is new, in the transaction that does it."""
    if digest := _digest():
        sent_forms.keep(session, digest, what, by=current_officer(), now=now())


def _digest(read: Iterable[bytes] = ()) -> str:
    """Of the form's address, key and content, under the sealing key; empty for a form without a key."""
    if not request.form.get(KEY):
        return ""
    fields = sorted((name, values) for name, values in request.form.lists() if name not in NOT_CONTENT)
    files = sorted((name, [(file.filename, _length(file)) for file in given]) for name, given in request.files.lists())
    content = json.dumps([request.path, fields, files, *map(sha256_of, read)])
    return resources().sealer.fingerprint(content, purpose="sent form")


def _length(file: FileStorage) -> int:
    """In bytes, since telephones give every photo one name; of one that was closed nothing is known any more."""
    if file.stream.closed:
        return -1
    place = file.stream.tell()
    length = file.stream.seek(0, SEEK_END)
    file.stream.seek(place)
    return length
