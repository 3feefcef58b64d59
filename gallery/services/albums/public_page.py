"""Public pages of albums: what is still published of what was exported under a code, and nothing that was typed in."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import AlbumNoLongerPublic, AlbumNotFound
from gallery.models import AlbumPage, PostedItem, Posting, Unit
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem, PublicUnit
from gallery.services.items.numbering.numbers import ALPHABET

CODE_LENGTH = 10
CODE = re.compile(rf"[{ALPHABET.lower()}]{{{CODE_LENGTH}}}")


@dataclass(frozen=True)
class PublicAlbum:
    """The page of an album: the unit's items that are published at this moment, at least one."""

    code: str
    unit: PublicUnit
    items: tuple[PublicItem, ...]


def draw_code() -> str:
    """A code that nobody guesses (50 bits), and that can be typed.

    >>> CODE.fullmatch(draw_code()) is not None
    True
    """
    return "".join(secrets.choice(ALPHABET.lower()) for _ in range(CODE_LENGTH))


def own_code(session: Session, text: str, unit: Unit) -> str:
    """The code if it may be this unit's, else a new one: nobody adds to another unit's page."""
    if CODE.fullmatch(text) is None:
        return draw_code()
    owners = select(Posting.unit_id).join(AlbumPage).where(AlbumPage.code == text, Posting.unit_id != unit.id)
    return draw_code() if session.scalar(owners.limit(1)) is not None else text


def get(session: Session, code: str) -> PublicAlbum:
    """The album of this code; raise AlbumNotFound, or AlbumNoLongerPublic when nothing of it is published."""
    ids = session.scalars(
        select(PostedItem.item_id)
        .join(PostedItem.posting)
        .join(AlbumPage, AlbumPage.posting_id == Posting.id)
        .where(AlbumPage.code == code)
        .order_by(Posting.made_at.desc(), Posting.id.desc(), PostedItem.id)
    ).all()
    if not ids:
        raise AlbumNotFound(code)
    records = public_items.by_ids(session, ids)
    items = tuple(records[each] for each in dict.fromkeys(ids) if each in records)
    if not items:
        raise AlbumNoLongerPublic(code)
    return PublicAlbum(code, items[0].unit, items)
