"""What waiting photos seem to show of people and their papers: told by kind in the table, and nothing hidden by it."""

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from gallery.imaging import PrivateKind
from gallery.models import LotPhoto, Officer
from gallery.services.items import redaction
from gallery.services.items.signatures import MAX_ATTEMPTS
from gallery.services.lots import lots
from gallery.services.resources import Resources
from gallery.services.rests import GIVEN_BACK_FOR, giving_back, in_turn
from gallery.services.transaction import atomic


def look_next(session: Session, given: Resources) -> bool:
    """Look at the next described photo that nobody has looked at; False when there is none.

    From the beginning it counts as looked at: one that ends the process says nothing, and holds up no other. What goes
    wrong is raised; after an outage it is looked at again.
    """
    with atomic(session):
        photo = session.scalar(_unseen(given.now()).limit(1))
        if photo is None:
            return False
        photo.private_kinds = []
    public_id, picture = photo.public_id, photo.rendition_digest
    with giving_back(lambda: _give_back(session, public_id, until=given.now() + GIVEN_BACK_FOR)):
        kinds = {each.kind for each in redaction.proposed(picture, settings=given.settings, private=given.private)}
    _note(session, public_id, picture, [kind.value for kind in PrivateKind if kind in kinds])
    return True


def told_of(photo: LotPhoto) -> list[PrivateKind]:
    """What a photo seems to show that is private, until an officer has looked at it where parts are hidden."""
    return [kind for kind in PrivateKind if kind.value in (photo.private_kinds or ())]


def dismiss(session: Session, public_id: str, *, by: Officer) -> None:
    """Say no more of a photo of the officer's unit: they have looked, and hidden what is to be hidden."""
    lots.get_photo(session, public_id, by=by).private_kinds = []


def _unseen(now: datetime) -> Select[LotPhoto]:
    """Those that nobody has looked at, and that are described or can't be."""
    is_described = LotPhoto.described_digest == LotPhoto.rendition_digest
    is_free = or_(LotPhoto.leased_until.is_(None), LotPhoto.leased_until <= now)
    return (
        select(LotPhoto)
        .where(
            LotPhoto.private_kinds.is_(None),
            or_(is_described, LotPhoto.description_attempts >= MAX_ATTEMPTS),
            is_free,
        )
        .order_by(in_turn(LotPhoto.leased_until), LotPhoto.id)
        .with_for_update(skip_locked=True)
    )


def _note(session: Session, public_id: str, picture: str, kinds: list[str]) -> None:
    """Keep what was seen in a picture, unless the photo is gone; one that shows another by now is looked at again."""
    with atomic(session):
        photo = _locked(session, public_id)
        if photo is not None:
            photo.private_kinds = kinds if photo.rendition_digest == picture else None


def _give_back(session: Session, public_id: str, *, until: datetime) -> None:
    """Let it be looked at again; others have their turn first, since its file alone may be out of reach."""
    with atomic(session):
        photo = _locked(session, public_id)
        if photo is not None:
            photo.private_kinds, photo.leased_until = None, until


def _locked(session: Session, public_id: str) -> LotPhoto | None:
    return session.scalar(select(LotPhoto).where(LotPhoto.public_id == public_id).with_for_update())
