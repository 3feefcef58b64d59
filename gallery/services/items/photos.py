"""The photos of an item: added, ordered, turned, hidden. Files are there before a row names them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, PhotoNotFound, PhotoThereAlready
from gallery.matching import Box
from gallery.models import Item, ItemPhoto, ItemStatus, Officer, StoredSignature
from gallery.services.items import changes, deletion, items, obstacles, redaction, signatures
from gallery.services.items.renditions import (
    PreparedPhoto,
    check_kept,
    expose,
    file_columns,
    hidden_in,
    prepare_again,
)
from gallery.services.items.renditions import turned as turned_place
from gallery.services.resources import Resources
from gallery.services.storekeeping import released
from gallery.storage import PhotoStore


@dataclass(frozen=True)
class TurnedPhoto:
    """A photo as `prepare_turn` made it. seen: digest of the files that it was shown by at that moment."""

    prepared: PreparedPhoto
    seen: str


def add_to_item(session: Session, item: Item, photo: PreparedPhoto, *, by: Officer | None, now: datetime) -> ItemPhoto:
    """Add a prepared photo at the end; the worker then describes it.

    The same file again returns the photo there is, or the deleted one that can be had back, as it was. On a published
    item it waits as private until an officer shows it. Raises ChangedMeanwhile when the photo shows what the unit hides
    in another one of the same file.
    """
    redaction.check_shows_nothing_hidden(session, photo, item.unit_id)
    known = session.scalar(
        select(ItemPhoto).where(ItemPhoto.item_id == item.id, ItemPhoto.original_sha256 == photo.original_sha256)
    )
    if known is not None:
        return known
    if deleted := deletion.find_file(session, item, photo.original_sha256, now=now):
        row = deletion.put_back(session, item, deleted)
        row.is_private = row.is_private or item.status is ItemStatus.PUBLISHED
        changes.note(session, item, "restore_photo", by=by, now=now, photo=row.public_id)
        return row
    row = ItemPhoto(
        public_id=secrets.token_urlsafe(12),
        position=_after_last(item),
        is_private=item.status is ItemStatus.PUBLISHED,
        **file_columns(photo),
        hidden=[list(place) for place in photo.hidden] or None,
        created_at=now,
    )
    item.photos.append(row)
    changes.note(session, item, "add_photo", by=by, now=now, photo=row.public_id)
    return row


def add_new(session: Session, given: Resources, item: Item, photo: PreparedPhoto, *, by: Officer | None) -> ItemPhoto:
    """As `add_to_item`, a photo that no row names yet; raises ChangedMeanwhile too where its files were destroyed."""
    row = add_to_item(session, item, photo, by=by, now=given.now())
    check_kept(photo, private=given.private)
    return row


def get(item: Item, public_id: str) -> ItemPhoto:
    """The photo of this item; raise PhotoNotFound."""
    photo = next((each for each in item.photos if each.public_id == public_id), None)
    if photo is None:
        raise PhotoNotFound(public_id)
    return photo


def get_own(session: Session, public_id: str, *, by: Officer) -> ItemPhoto:
    """The photo of the officer's unit under this identifier, with its item; raise PhotoNotFound."""
    photo = session.scalar(
        select(ItemPhoto)
        .join(ItemPhoto.item)
        .where(ItemPhoto.public_id == public_id, Item.unit_id == by.unit_id)
        .options(contains_eager(ItemPhoto.item))
    )
    if photo is None:
        raise PhotoNotFound(public_id)
    return photo


def get_seen(session: Session, public_id: str, *, by: Officer) -> ItemPhoto:
    """The photo under this identifier whose item the officer may look at; raise PhotoNotFound."""
    photo = session.scalar(
        select(ItemPhoto).join(ItemPhoto.item).where(ItemPhoto.public_id == public_id, items.seen_by(by))
    )
    if photo is None:
        raise PhotoNotFound(public_id)
    return photo


def choose_cover(session: Session, item: Item, photo: ItemPhoto, *, by: Officer, now: datetime) -> None:
    """Put a photo first."""
    others = [each for each in item.photos if each is not photo]
    for position, each in enumerate([photo, *others]):
        each.position = position
    changes.note(session, item, "choose_cover", by=by, now=now, photo=photo.public_id)


def place(session: Session, photo: ItemPhoto, *, order: int, by: Officer, now: datetime) -> None:
    """Put a photo in this place among its item's, counted from 1; beyond the last one is the last."""
    item = photo.item
    others = [each for each in item.photos if each is not photo]
    others.insert(min(max(0, order - 1), len(others)), photo)
    for position, each in enumerate(others):
        each.position = position
    changes.note(session, item, "place_photo", by=by, now=now, photo=photo.public_id)


def shift(session: Session, chosen: Sequence[ItemPhoto], *, towards_front: bool, by: Officer, now: datetime) -> None:
    """Move these photos of one item by one place together; those at the edge stay."""
    item = chosen[0].item
    line = list(item.photos) if towards_front else list(reversed(item.photos))
    for place in range(1, len(line)):
        if line[place] in chosen and line[place - 1] not in chosen:
            line[place - 1 : place + 1] = line[place], line[place - 1]
    for position, each in enumerate(line if towards_front else reversed(line)):
        each.position = position
    changes.note(session, item, "place_photo", by=by, now=now, photo=chosen[0].public_id)


def move(session: Session, given: Resources, photo: ItemPhoto, target: Item, *, by: Officer) -> None:
    """Give a photo of one item to another, at its end; both are locked. On a published one it waits as private.

    What the public has seen of it gets another address, so that no album that shows it is taken for a current one.
    Raise PhotoThereAlready where the other has the same file or can have it back, PublicationRefused for the last
    public photo of a published item.
    """
    source, now, sha256 = photo.item, given.now(), photo.original_sha256
    is_there = any(each.original_sha256 == sha256 for each in target.photos)
    if is_there or deletion.find_file(session, target, sha256, now=now):
        raise PhotoThereAlready(photo.public_id)
    there = {
        "item_id": target.id,
        "position": _after_last(target),
        "is_private": photo.is_private or target.status is ItemStatus.PUBLISHED,
        "public_id": photo.public_id if photo.shown_at is None else secrets.token_urlsafe(12),
    }
    # Past the relation, which would delete a photo that leaves its item.
    session.execute(update(ItemPhoto).where(ItemPhoto.id == photo.id).values(there))
    # By this the catalogues in memory, and what compares items with declarations, see that it is another item's.
    session.execute(update(StoredSignature).where(StoredSignature.photo_id == photo.id).values(made_at=now))
    for each in (source, target):
        session.expire(each, ["photos"])
    session.expire(photo)
    obstacles.check_may_stay_public(source, sealer=given.sealer)
    changes.note(session, source, "give_photo", by=by, now=now, photo=photo.public_id, to=target.public_number)
    changes.note(session, target, "receive_photo", by=by, now=now, photo=photo.public_id, of=source.public_number)


def set_private(session: Session, given: Resources, photo: ItemPhoto, *, is_private: bool, by: Officer) -> None:
    """Hide a photo from the public, or show it; raise PublicationRefused for the last one of a published item."""
    item, now = photo.item, given.now()
    photo.is_private = is_private
    if item.status is ItemStatus.PUBLISHED and not is_private:
        photo.shown_at = photo.shown_at or now
    obstacles.check_may_stay_public(item, sealer=given.sealer)
    act = "hide_photo" if is_private else "show_photo"
    changes.note(session, item, act, by=by, now=now, photo=photo.public_id)
    _expose_if_public(photo, given)


def set_alt_text(session: Session, photo: ItemPhoto, alt_text: str, *, by: Officer, now: datetime) -> None:
    """Say in words what the photo shows."""
    photo.alt_text = alt_text
    changes.note(session, photo.item, "edit_photo", by=by, now=now, photo=photo.public_id)


def set_box(session: Session, photo: ItemPhoto, box: Box | None, *, by: Officer, now: datetime) -> None:
    """Say where the object is in the photo as shown, None: all over it; its signature is recomputed.

    box: left, top, right and bottom as shares of the sides, 0 to 1.
    """
    if box == signatures.box_of(photo):
        return
    photo.box = list(box) if box else None
    signatures.ask_again(photo)
    changes.note(session, photo.item, "box_photo", by=by, now=now, photo=photo.public_id)


def prepare_turn(photo: ItemPhoto, *, quarter_turns: int, settings: Settings, private: PhotoStore) -> TurnedPhoto:
    """Make the renditions for this many more clockwise quarter turns: the slow part, before the transaction opens."""
    turns, seen, hidden = (photo.quarter_turns + quarter_turns) % 4, photo.rendition_digest, hidden_in(photo)
    return TurnedPhoto(
        prepare_again(photo, quarter_turns=turns, hidden=hidden, settings=settings, private=private), seen
    )


def turn(session: Session, given: Resources, photo: ItemPhoto, turned: TurnedPhoto, *, by: Officer) -> None:
    """Show a photo the way `prepare_turn` made it, its box turned with it; its signature is recomputed.

    Raises ChangedMeanwhile when it shows other files by now than were turned, when other parts of it are hidden, or
    when the files that were made are gone.
    """
    prepared, box, now = turned.prepared, signatures.box_of(photo), given.now()
    if photo.rendition_digest != turned.seen or hidden_in(photo) != prepared.hidden:
        raise ChangedMeanwhile
    photo.box = list(turned_place(box, prepared.quarter_turns - photo.quarter_turns)) if box else None
    photo.quarter_turns = prepared.quarter_turns
    released.note(session, [photo.rendition_digest], now=now)
    photo.rendition_digest, photo.renditions = prepared.rendition_digest, prepared.renditions
    signatures.ask_again(photo)
    changes.note(session, photo.item, "turn_photo", by=by, now=now, photo=photo.public_id)
    check_kept(prepared, private=given.private)
    _expose_if_public(photo, given)


def _expose_if_public(photo: ItemPhoto, given: Resources) -> None:
    # After the catalogue was touched: from then on no sweep takes away a file that `expose` finds there.
    if photo.item.status is ItemStatus.PUBLISHED and not photo.is_private:
        expose(photo, private=given.private, public=given.public)


def _after_last(item: Item) -> int:
    return max((each.position for each in item.photos), default=-1) + 1
