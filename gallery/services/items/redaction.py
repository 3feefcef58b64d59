"""What officers hide in a photo: places whose pixels are in none of its files, nor in those made of it before.

The original stays as it was, and what is hidden can be shown again: then the files are made anew.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.config import Settings
from gallery.errors import ChangedMeanwhile
from gallery.models import (
    Case,
    DeletedPhoto,
    Item,
    ItemPhoto,
    ItemStatus,
    LotPhoto,
    Officer,
    PhotoLot,
)
from gallery.services import audit, revision
from gallery.services.items import changes, leftovers, signatures
from gallery.services.items.renditions import (
    PreparedPhoto,
    check_kept,
    decode,
    expose,
    hidden_in,
    prepare_again,
    turned,
)
from gallery.services.resources import Resources
from gallery.services.storekeeping import released, trash
from gallery.services.transaction import atomic
from gallery.storage import PhotoStore, rendition_key

MAX_PLACES = 60
# Of a share of the sides: a hundredth of a pixel of the largest photo.
DECIMALS = 6
SEARCHED = "share.jpg"


@dataclass(frozen=True)
class RedactedPhoto:
    """A photo as `prepare` made it. seen: digest of the files that the officer looked at, which it replaces."""

    prepared: PreparedPhoto
    seen: str


def shown_places(photo: ItemPhoto | LotPhoto) -> list[imaging.Place]:
    """What is hidden in a photo, as places of the photo as it is shown."""
    return [_rounded(turned(place, _turns(photo))) for place in hidden_in(photo)]


def prepare(
    photo: ItemPhoto | LotPhoto, places: Sequence[imaging.Place], *, settings: Settings, private: PhotoStore
) -> PreparedPhoto:
    """Make a photo's files without these places of it as it is shown: the slow part, before the transaction opens."""
    turns = _turns(photo)
    hidden = [_rounded(turned(place, -turns)) for place in places]
    return prepare_again(photo, quarter_turns=turns, hidden=hidden, settings=settings, private=private)


def proposed(rendition_digest: str, *, settings: Settings, private: PhotoStore) -> list[imaging.PrivatePlace]:
    """What the picture of a photo seems to show of people and papers, each to be accepted or not; slow."""
    return imaging.suggested(decode(private.get(rendition_key(rendition_digest, SEARCHED)), settings))


def hidden_of_files(session: Session, digests: Collection[str], unit_id: int) -> dict[str, tuple[imaging.Place, ...]]:
    """What officers of a unit hide of files, by their SHA-256, in whichever photo that is made of one.

    Of its items, those deleted photos among them that may return, and of what waits in its cases.
    """
    of_items = made_of_files(digests, unit_id).where(ItemPhoto.hidden.is_not(None))
    waiting = (
        select(LotPhoto)
        .join(LotPhoto.lot)
        .join(PhotoLot.case)
        .where(Case.unit_id == unit_id, LotPhoto.original_sha256.in_(digests), LotPhoto.hidden.is_not(None))
    )
    found: dict[str, tuple[imaging.Place, ...]] = {}
    rows: list[ItemPhoto | LotPhoto] = [*session.scalars(of_items), *session.scalars(waiting)]
    for row in rows:
        found[row.original_sha256] = together(found.get(row.original_sha256, ()), hidden_in(row))
    return found


def hidden_of_file(session: Session, sha256: str, unit_id: int) -> tuple[imaging.Place, ...]:
    """As `hidden_of_files`, of one file."""
    return hidden_of_files(session, [sha256], unit_id).get(sha256, ())


def made_of_files(digests: Collection[str], unit_id: int) -> Select[ItemPhoto]:
    """The photos of these files, by their SHA-256, that a unit's items have, or had and may have back."""
    return (
        select(ItemPhoto)
        .outerjoin(DeletedPhoto, DeletedPhoto.photo_id == ItemPhoto.id)
        .join(Item, Item.id == func.coalesce(ItemPhoto.item_id, DeletedPhoto.item_id))
        .where(Item.unit_id == unit_id, ItemPhoto.original_sha256.in_(digests))
    )


def shows_any(hidden: Iterable[imaging.Place], places: Iterable[imaging.Place]) -> bool:
    """Whether a photo shows any of these places. hidden: what is hidden of it."""
    return bool({*places} - {*hidden})


def together(places: Iterable[imaging.Place], others: Iterable[imaging.Place]) -> tuple[imaging.Place, ...]:
    """Places and those of others that are not among them."""
    return tuple(dict.fromkeys((*places, *others)))


def check_shows_nothing_hidden(session: Session, photo: PreparedPhoto, unit_id: int) -> None:
    """Raise ChangedMeanwhile when a photo shows what the unit hides in another one of the same file.

    Whoever is hiding something is waited for, and hides nothing more before the transaction ends: then their look for
    photos of the same file finds this one.
    """
    revision.hold(session)
    if shows_any(photo.hidden, hidden_of_file(session, photo.original_sha256, unit_id)):
        raise ChangedMeanwhile


def twins(
    session: Session, sha256: str, hidden: Collection[imaging.Place], *, by: Officer
) -> list[ItemPhoto | LotPhoto]:
    """Photos of this file, of items of the officer's unit or waiting in its cases, that show any of these places."""
    return [each for each in _made_of(session, sha256, by) if shows_any(hidden_in(each), hidden)]


def twins_hiding(
    session: Session, sha256: str, places: Collection[imaging.Place], *, by: Officer
) -> list[ItemPhoto | LotPhoto]:
    """As `twins`, those that hide any of these places."""
    return [each for each in _made_of(session, sha256, by) if {*places} & {*hidden_in(each)}]


def prepare_alike(
    twin: ItemPhoto | LotPhoto, hidden: Iterable[imaging.Place], *, settings: Settings, private: PhotoStore
) -> PreparedPhoto:
    """Make a photo's files without what is hidden in another one of the same file, and without its own places."""
    places = together(hidden_in(twin), hidden)
    return prepare_again(twin, quarter_turns=_turns(twin), hidden=places, settings=settings, private=private)


def hide(
    session: Session, given: Resources, photo: ItemPhoto, redacted: RedactedPhoto, *, by: Officer
) -> leftovers.Files:
    """Show a photo the way `prepare` made it; return the files that `empty` is to destroy once that is committed.

    Raises ChangedMeanwhile when it shows other files by now than the officer looked at, or when those that were made
    are gone. Its signature goes with the pixels, and what the public has seen of it gets another address, so that no
    cache answers.
    """
    item, now, act = photo.item, given.now(), _act(photo, redacted.prepared)
    before = _swapped(session, photo, redacted, now=now)
    if photo.shown_at is not None:
        photo.public_id = secrets.token_urlsafe(12)
    photo.signature = None
    signatures.ask_again(photo)
    changes.note(session, item, act, by=by, now=now, photo=photo.public_id)
    check_kept(redacted.prepared, private=given.private)
    # After the catalogue was touched: from then on no sweep takes away a file that `expose` finds there.
    if item.status is ItemStatus.PUBLISHED and not photo.is_private:
        expose(photo, private=given.private, public=given.public)
    return before


def hide_waiting(
    session: Session, given: Resources, photo: LotPhoto, redacted: RedactedPhoto, *, by: Officer
) -> leftovers.Files:
    """Do as `hide` does with a photo that belongs to no item yet. photo: of a case that is locked."""
    now = given.now()
    # Nothing that the catalogue has changes; `check_shows_nothing_hidden` waits for it.
    revision.hold(session)
    check_kept(redacted.prepared, private=given.private)
    audit.record(session, by, _act(photo, redacted.prepared), photo.lot.case, now=now)
    before = _swapped(session, photo, redacted, now=now)
    # It is another picture now, which the worker describes at once, whatever has become of the former one.
    photo.leased_until, photo.description_attempts = None, 0
    photo.lot.touched_at = now
    return before


def empty(session: Session, files: leftovers.Files, *, private: PhotoStore, public: PhotoStore) -> None:
    """Destroy renditions that no row names any more, in both stores and the trash; the original stays.

    Until then, and where this fails, no address leads to them, and the sweep takes them away.
    """
    with atomic(session):
        # Whoever has made the same files gives them a row first, or sees that they are gone.
        revision.hold(session)
        keys = leftovers.keys_without_row(session, files)
        public.delete(keys)
        private.delete(keys)
    trash.remove(private, keys)


def _made_of(session: Session, sha256: str, by: Officer) -> list[ItemPhoto | LotPhoto]:
    """The photos of a file, of items of the officer's unit and waiting in its cases."""
    of_items = select(ItemPhoto).join(ItemPhoto.item).where(Item.unit_id == by.unit_id).order_by(ItemPhoto.id)
    of_lots = select(LotPhoto).join(LotPhoto.lot).join(PhotoLot.case).where(Case.unit_id == by.unit_id)
    return [
        *session.scalars(of_items.where(ItemPhoto.original_sha256 == sha256)),
        *session.scalars(of_lots.where(LotPhoto.original_sha256 == sha256).order_by(LotPhoto.id)),
    ]


def _swapped(
    session: Session, photo: ItemPhoto | LotPhoto, redacted: RedactedPhoto, *, now: datetime
) -> leftovers.Files:
    prepared = redacted.prepared
    if photo.rendition_digest != redacted.seen or prepared.quarter_turns != _turns(photo):
        raise ChangedMeanwhile
    digests = leftovers.digests_of(photo, hidden_in(photo))
    before = leftovers.Files(photo.original_sha256, frozenset(digests), tuple(photo.renditions))
    released.note(session, [photo.rendition_digest], now=now)
    photo.hidden = [list(place) for place in prepared.hidden] or None
    photo.rendition_digest, photo.renditions = prepared.rendition_digest, prepared.renditions
    return before


def _act(photo: ItemPhoto | LotPhoto, prepared: PreparedPhoto) -> str:
    return "redact_photo" if shows_any(hidden_in(photo), prepared.hidden) else "unredact_photo"


def _turns(photo: ItemPhoto | LotPhoto) -> int:
    return photo.quarter_turns if isinstance(photo, ItemPhoto) else 0


def _rounded(place: imaging.Place) -> imaging.Place:
    left, top, right, bottom = (round(side, DECIMALS) for side in place)
    return left, top, right, bottom
