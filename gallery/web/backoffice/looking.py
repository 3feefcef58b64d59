"""Who has looked at what only officers may see: noted in the journal before it is shown."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from gallery.models import Case, Declaration, Item
from gallery.services import audit
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now

Row = TypeVar("Row")


def note(act: str, subject: Item | Case) -> None:
    """Put into the journal that the officer has looked: once an hour for each, with how many times."""
    with atomic(database()) as session:
        audit.tally(session, current_officer(), act, subject, now=now())


def read_noted(read: Callable[[], Sequence[Row]], declaration_of: Callable[[Row], Declaration]) -> list[Row]:
    """Rows that tell of declarations, once the journal says that the officer sees these.

    Read before and after, as a transaction forgets what was read before it; what came in between is left out.
    """
    references = {declaration_of(each).reference for each in read()}
    with atomic(database()) as session:
        audit.tally_declarations(session, current_officer(), sorted(references), now=now())
    return [each for each in read() if declaration_of(each).reference in references]
