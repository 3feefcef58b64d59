"""Who has looked at what only officers may see: noted in the journal before it is shown."""

from gallery.models import Case, Item
from gallery.services import audit
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now


def note(act: str, subject: Item | Case) -> None:
    """Put into the journal that the officer has looked: once an hour for each, with how many times."""
    with atomic(database()) as session:
        audit.tally(session, current_officer(), act, subject, now=now())
