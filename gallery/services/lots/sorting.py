"""What officers say of the groups: photos joined, taken apart, put with others, and the last of it undone."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots.grouping import groups_of

MAX_UNDONE = 30
KEY_BYTES = 5


@dataclass(frozen=True)
class GroupWords:
    """What is written of a group before it is an object. category: a code, or empty."""

    title: str = ""
    category: str = ""


def words_of(lot: PhotoLot) -> dict[str, GroupWords]:
    """What is written of each group, by its key."""
    return {key: GroupWords(**words) for key, words in lot.words.items()}


def write(lot: PhotoLot, words: Mapping[str, GroupWords], *, now: datetime) -> None:
    """Keep what the officer has written so far of these groups."""
    kept = {
        key: {"title": each.title, "category": each.category} for key, each in words.items() if each != GroupWords()
    }
    lot.words, lot.touched_at = kept, now


def join(lot: PhotoLot, public_ids: Collection[str], *, now: datetime) -> int:
    """Make one object of these photos, under the first card's number where a card's whole group is among them.

    Returns how many photos it has.
    """
    chosen = [photo for photo in lot.photos if photo.public_id in public_ids]
    whole = [group for group in groups_of(lot.photos) if {each.public_id for each in group.photos} <= set(public_ids)]
    numbered = [group.key for group in whole if group.number]
    key = numbered[0] if numbered else f"o{secrets.token_hex(KEY_BYTES)}"
    _move(lot, chosen, key, now=now)
    return len(chosen)


def move(lot: PhotoLot, public_ids: Collection[str], key: str, *, now: datetime) -> int:
    """Put these photos with those of a group; return how many. A group that is only proposed is then decided."""
    group = next((each for each in groups_of(lot.photos) if each.key == key), None)
    chosen = [photo for photo in lot.photos if photo.public_id in public_ids]
    if group is None or not chosen:
        return 0
    if group.is_proposed:
        chosen, key = [*group.photos, *chosen], f"o{secrets.token_hex(KEY_BYTES)}"
        if group.key in lot.words:
            lot.words = lot.words | {key: lot.words[group.key]}
    _move(lot, chosen, key, now=now)
    return len(chosen)


def accept(lot: PhotoLot, keys: Collection[str] | None, *, now: datetime) -> int:
    """Decide that proposed groups are objects, those of these keys or all; return how many were."""
    proposed = [each for each in groups_of(lot.photos) if each.is_proposed and (keys is None or each.key in keys)]
    if proposed:
        _remember(lot, [photo for group in proposed for photo in group.photos])
    for group in proposed:
        key = f"o{secrets.token_hex(KEY_BYTES)}"
        for photo in group.photos:
            photo.moved_to = key
        if group.key in lot.words:
            lot.words = lot.words | {key: lot.words[group.key]}
    lot.touched_at = now
    return len(proposed)


def take_apart(lot: PhotoLot, public_ids: Collection[str], *, now: datetime) -> int:
    """Make of each of these photos an object of its own; return how many."""
    chosen = [photo for photo in lot.photos if photo.public_id in public_ids]
    if chosen:
        _remember(lot, chosen)
        for photo in chosen:
            photo.moved_to = f"o{secrets.token_hex(KEY_BYTES)}"
        lot.touched_at = now
    return len(chosen)


def undo(lot: PhotoLot, *, now: datetime) -> bool:
    """Take the last act on groups back; False when there is none."""
    if not lot.undo:
        return False
    *rest, last = lot.undo
    for photo in lot.photos:
        if photo.public_id in last:
            photo.moved_to = last[photo.public_id]
    lot.undo, lot.touched_at = rest, now
    return True


def take(session: Session, lot: PhotoLot, photos: Collection[LotPhoto]) -> None:
    """Take photos out of the lot without letting their files go: they are an item's now."""
    for photo in photos:
        lot.photos.remove(photo)
    session.flush()
    if not lot.photos:
        lot.words, lot.undo = {}, []


def _move(lot: PhotoLot, photos: Collection[LotPhoto], key: str, *, now: datetime) -> None:
    _remember(lot, photos)
    for photo in photos:
        photo.moved_to = key
    lot.touched_at = now


def _remember(lot: PhotoLot, photos: Collection[LotPhoto]) -> None:
    lot.undo = [*lot.undo, {photo.public_id: photo.moved_to for photo in photos}][-MAX_UNDONE:]
