"""What looks like a flood, as the worker sees it: too many within an hour, or too many of one contact within a day."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Claim, Declaration
from gallery.sealing import Sealer
from gallery.services.declarations import contact_address
from gallery.services.declarations.statement import Contact

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def key_of(contact: Contact, sealer: Sealer) -> str:
    """The keyed digest by which declarations of one contact are counted: of the e-mail, or else of the telephone."""
    digits = "".join(each for each in contact.telephone if each.isdigit())
    return sealer.fingerprint(contact_address.usable(contact) or digits, purpose="contact of a declaration")


def is_suspected(session: Session, contact: Contact, *, settings: Settings, sealer: Sealer, now: datetime) -> bool:
    """Whether a declaration from the public site that is about to be filed has to wait for an officer."""
    from_outside = select(func.count()).select_from(Declaration).where(Declaration.unit_id.is_(None))
    lately = from_outside.where(Declaration.declared_at > now - AN_HOUR)
    alike = from_outside.where(
        Declaration.contact_key == key_of(contact, sealer), Declaration.declared_at > now - A_DAY
    )
    is_hail = (session.scalar(lately) or 0) >= settings.flood_per_hour
    return is_hail or (session.scalar(alike) or 0) >= settings.flood_per_contact


def is_claim_suspected(session: Session, declaration: Declaration, *, settings: Settings, now: datetime) -> bool:
    """Whether a claim that is about to be filed has to wait for an officer."""
    claims = select(func.count()).select_from(Claim)
    of_one = claims.where(Claim.declaration_id == declaration.id, Claim.claimed_at > now - A_DAY)
    is_hail = (session.scalar(claims.where(Claim.claimed_at > now - AN_HOUR)) or 0) >= settings.flood_per_hour
    return is_hail or (session.scalar(of_one) or 0) >= settings.flood_per_contact
