"""What Flask-Security asks of our accounts: the rows, written in transactions of ours, and their addresses."""

from collections.abc import Iterator
from typing import Any, cast

from flask_babel import gettext
from flask_security import MailUtil, SQLAlchemySessionUserDatastore
from flask_security.mail_util import EmailValidateException
from sqlalchemy import inspect
from sqlalchemy.orm import Session, scoped_session
from werkzeug.local import LocalProxy

from gallery.errors import AddressInvalid
from gallery.models import Officer
from gallery.models.units import RoleName
from gallery.services.people import addresses, credentials
from gallery.services.transaction import atomic, end_reading
from gallery.web.resources import database, now


class OfficerDatastore(SQLAlchemySessionUserDatastore):
    """Officers. What Flask-Security changes after reading is written in a transaction that began for writing.

    Else SQLite refuses it whenever another request has written in between.
    """

    def __init__(self) -> None:
        super().__init__(cast("scoped_session[Session]", LocalProxy(database)), Officer, RoleName)

    def put(self, model: Any) -> Any:
        """Note that something has changed; nothing of it is written before `commit`, whatever is read until then."""
        database().autoflush = False
        return super().put(model)

    def commit(self) -> None:
        """Write what has changed of each officer, with its line in the journal."""
        changed = list(_changes(database()))
        end_reading(database())
        database().autoflush = True
        if changed:
            with atomic(database()) as session:
                for officer, values in changed:
                    credentials.change(session, officer, values, now=now())


class AddressReader(MailUtil):
    """Reads the addresses of Flask-Security's forms as accounts keep them; sends nothing."""

    def normalize(self, email: str) -> str:
        """The spelling of an account's address."""
        try:
            return addresses.normalised(email)
        except AddressInvalid as error:
            raise EmailValidateException(gettext("Cette adresse électronique n’est pas complète.")) from error

    validate = normalize


def _changes(session: Session) -> Iterator[tuple[Officer, dict[str, Any]]]:
    for officer in session.dirty:
        if isinstance(officer, Officer):
            columns = inspect(officer).attrs
            yield officer, {each.key: each.value for each in columns if each.history.has_changes()}
