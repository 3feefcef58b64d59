"""The Facebook pages that units publish on: their number and, sealed, the token to do it with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import FacebookPageNotFound
from gallery.models import FacebookPage, Officer, Unit
from gallery.sealing import Sealer
from gallery.services import audit
from gallery.services.resources import Resources


@dataclass(frozen=True)
class FacebookAccess:
    """Facebook's number of a page, and the token to publish on it with."""

    page_id: str
    token: str


def connect(
    session: Session, given: Resources, unit: Unit, access: FacebookAccess, *, by: Officer | None
) -> FacebookPage:
    """Keep a unit's page and its token, in place of those there were."""
    page = find(session, unit)
    if page is None:
        page = FacebookPage(unit_id=unit.id)
        session.add(page)
    page.page_id, page.sealed = access.page_id, given.sealer.seal({"token": access.token}, row=_row(unit))
    page.changed_at = given.now()
    audit.record(session, by, "connect_page", unit, now=page.changed_at, page=access.page_id)
    return page


def disconnect(session: Session, unit: Unit, *, by: Officer | None, now: datetime) -> None:
    """Forget a unit's page and its token; raise FacebookPageNotFound."""
    page = get(session, unit)
    session.delete(page)
    audit.record(session, by, "disconnect_page", unit, now=now, page=page.page_id)


def find(session: Session, unit: Unit) -> FacebookPage | None:
    """The unit's page, if it has one."""
    return session.scalar(select(FacebookPage).where(FacebookPage.unit_id == unit.id))


def get(session: Session, unit: Unit) -> FacebookPage:
    """The unit's page; raise FacebookPageNotFound."""
    page = find(session, unit)
    if page is None:
        raise FacebookPageNotFound(unit.code)
    return page


def token_of(page: FacebookPage, sealer: Sealer) -> str:
    """Open the token; raise SealBroken or KeyAbsent."""
    return str(sealer.unseal(page.sealed, row=_row(page.unit))["token"])


def _row(unit: Unit) -> str:
    return f"page:{unit.code}"
