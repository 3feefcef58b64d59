"""What an officer declares for somebody at the counter or on the telephone: filed at once, never suspected."""

import secrets

from sqlalchemy.orm import Session

from gallery.models import Declaration, Officer
from gallery.services.declarations import contact_address, filing
from gallery.services.declarations import statement as statements
from gallery.services.declarations.dropping import RECEIPT_BYTES
from gallery.services.declarations.filing import Arrival, DescribedObject, DescribedPhoto
from gallery.services.declarations.locks import Lock
from gallery.services.declarations.sealed_rows import SignatureParts
from gallery.services.declarations.statement import StatedObject, Statement
from gallery.services.resources import Resources

# The worker describes the photos within seconds: nobody at a counter waits for it.
NOT_DESCRIBED = SignatureParts("", b"", b"")


def take(session: Session, statement: Statement, lock: Lock, *, given: Resources, by: Officer) -> Declaration:
    """File it as of the officer's unit, with codes for its addresses; inside atomic(). Raises StatementInvalid."""
    settings, sealer, now = given.settings, given.sealer, given.now()
    most = {"max_objects": settings.max_declared_objects, "max_photos": settings.max_declared_photos}
    statements.check(statement, **most, today=now.date())
    arrival = Arrival(secrets.token_hex(RECEIPT_BYTES), unit=by.unit, by=by)
    objects = [_undescribed(each) for each in statement.objects]
    made = filing.add(session, statement, objects, lock, arrival, sealer=sealer, now=now)
    persons = contact_address.of_persons(statement.contact, statement.helper)
    contact_address.ask(session, made, persons, settings=settings, sealer=sealer, now=now)
    return made


def _undescribed(stated: StatedObject) -> DescribedObject:
    return DescribedObject(stated, tuple(DescribedPhoto(jpeg, NOT_DESCRIBED) for jpeg in stated.photos))
