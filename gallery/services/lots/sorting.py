"""What officers say of the groups: photos joined, taken apart, put with others, accepted, and named."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots import group_words
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords, words_of
from gallery.services.lots.grouping import STILL_ASKED, PhotoGroup, groups_of, proposed_key
from gallery.services.lots.undoing import change

KEY_BYTES = 5


def join(lot: PhotoLot, public_ids: Collection[str], *, now: datetime) -> int:
    """Make one object of these photos, under the first card's number where a card's whole group is among them.

    What is written of groups that are wholly among them is kept, and of photos that were only proposed with others, the
    first one's before the others'. Returns how many photos it has.
    """
    chosen = [photo for photo in lot.photos if photo.public_id in public_ids]
    groups = groups_of(lot.photos)
    key = next((group.key for group in _whole(groups, public_ids) if group.number), "") or _new_key()
    words = words_of(lot, ()).get(key, NOTHING_WRITTEN).or_else(_brought(lot, groups, public_ids))
    change(lot, dict.fromkeys(chosen, key), {key: words}, now=now)
    return len(chosen)


def move(lot: PhotoLot, public_ids: Collection[str], key: str, *, now: datetime) -> int:
    """Put these photos with those of a group; return how many. A group that is only proposed is then decided.

    What is written of others fills what it lacks, as where they are joined.
    """
    groups = groups_of(lot.photos)
    group = next((each for each in groups if each.key == key), None)
    chosen = [photo for photo in lot.photos if photo.public_id in public_ids]
    if group is None or not chosen:
        return 0
    words = words_of(lot, groups).get(key, NOTHING_WRITTEN).or_else(_brought(lot, groups, public_ids))
    if group.is_proposed:
        chosen, key = [*group.photos, *chosen], _new_key()
    change(lot, dict.fromkeys(chosen, key), {key: words}, now=now)
    return len(chosen)


def join_to_previous(lot: PhotoLot, key: str, *, now: datetime) -> int:
    """Make one object of a group and the one before it; return how many photos it has, 0 where there is none before."""
    groups = groups_of(lot.photos)
    place = next((place for place, group in enumerate(groups) if group.key == key), 0)
    if not place:
        return 0
    both = groups[place - 1].photos + groups[place].photos
    return join(lot, {photo.public_id for photo in both}, now=now)


def cut(lot: PhotoLot, public_id: str, *, now: datetime) -> int:
    """Make a new object of a photo and those after it in its group; return of how many, 0 where it is the first.

    Whether still another object begins further on is asked as before. What is written of photos that were only
    proposed with others goes along.
    """
    for group in (groups := groups_of(lot.photos)):
        ids = [photo.public_id for photo in group.photos]
        if public_id in ids[1:]:
            key, (first, *others) = _new_key(), group.photos[ids.index(public_id) :]
            asked = {doubt.photo for doubt in group.doubts}
            moved = {photo: f"{key}{STILL_ASKED}" if photo in asked else key for photo in others}
            words = _brought(lot, groups, {photo.public_id for photo in (first, *others)})
            change(lot, {first: key, **moved}, {key: words}, now=now)
            return 1 + len(others)
    return 0


def find_again(groups: Sequence[PhotoGroup], key: str, first: str) -> PhotoGroup | None:
    """The group that some page shows under a key and with this first photo, a public_id; None once it is gone.

    Accepted, put together or taken apart meanwhile, it has another key: it is then the one that has the photo now.
    """
    named = (each for each in groups if each.key == key)
    having = (each for each in groups if first in {photo.public_id for photo in each.photos})
    return next(named, None) or next(having, None)


def accept(lot: PhotoLot, keys: Collection[str], *, now: datetime) -> int:
    """Decide that the groups of these keys are objects, and are what they look like.

    What an officer has written of a group stays. Returns how many groups changed.
    """
    groups = groups_of(lot.photos)
    written = words_of(lot, groups)
    moved: dict[LotPhoto, str | None] = {}
    words: dict[str, GroupWords] = {}
    for group in groups:
        if group.key not in keys:
            continue
        better = group_words.accepted(group, written)
        if group.is_proposed:
            key = _new_key()
            moved |= dict.fromkeys(group.photos, key)
            words[key] = better
        elif better != written.get(group.key, NOTHING_WRITTEN):
            words[group.key] = better
    change(lot, moved, words, now=now)
    return len(words)


def confirm(lot: PhotoLot, public_id: str, *, now: datetime) -> bool:
    """Decide that a photo shows the object of the card before it; False where that is not doubted, or no longer."""
    for group in groups_of(lot.photos):
        for doubt in group.doubts:
            if doubt.photo.public_id == public_id:
                change(lot, {doubt.photo: group.key}, {}, now=now)
                return True
    return False


def confirm_all(lot: PhotoLot, keys: Collection[str], public_ids: Collection[str], *, now: datetime) -> int:
    """Decide that these photos under these cards show the objects of the cards; return how many were doubted."""
    sure = {
        doubt.photo: group.key
        for group in groups_of(lot.photos)
        for doubt in group.doubts
        if group.key in keys and doubt.photo.public_id in public_ids
    }
    change(lot, sure, {}, now=now)
    return len(sure)


def say_no_card(lot: PhotoLot, public_id: str, *, now: datetime) -> None:
    """Record that no card is to be hidden on a photo."""
    for photo in lot.photos:
        if photo.public_id == public_id:
            photo.hidden = photo.hidden or []
            lot.touched_at = now


def name(lot: PhotoLot, key: str, number: str, *, now: datetime) -> int:
    """Give a group the number of its unit that its card bears; return how many photos it has.

    What is written of it goes along, where nothing is written of the number yet.
    """
    groups = groups_of(lot.photos)
    chosen = [photo for group in groups if group.key == key for photo in group.photos]
    written = words_of(lot, groups)
    words = written.get(number, NOTHING_WRITTEN).or_else(written.get(key, NOTHING_WRITTEN))
    change(lot, dict.fromkeys(chosen, number), {number: words}, now=now)
    return len(chosen)


def take_apart(lot: PhotoLot, public_ids: Collection[str], *, now: datetime) -> int:
    """Make each of these photos an object of its own; return how many.

    What is written of a group that is wholly among them stays with its first photo; where it is only proposed, each
    photo has what was written of it.
    """
    groups = groups_of(lot.photos)
    moved = {photo: _new_key() for photo in lot.photos if photo.public_id in public_ids}
    first = {each.photos[0]: each.key for each in _whole(groups, public_ids)}
    proposed = {photo: proposed_key(photo) for each in groups if each.is_proposed for photo in each.photos}
    own, keys = words_of(lot, ()), proposed | first
    words = {key: own[keys[photo]] for photo, key in moved.items() if keys.get(photo) in own}
    change(lot, moved, words, now=now)
    return len(moved)


def fill(lot: PhotoLot, keys: Collection[str], given: GroupWords, *, now: datetime) -> int:
    """Write what is given of each of these groups; return of how many."""
    groups = groups_of(lot.photos)
    there = {group.key for group in groups} & set(keys)
    change(lot, {}, group_words.filled(words_of(lot, groups), there, given), now=now)
    return len(there)


def withhold(lot: PhotoLot, key: str, heading: str, *, is_withheld: bool, now: datetime) -> None:
    """Keep a heading of a group from the public, or show it, once the group is an object; its reverse takes it back."""
    for group in groups_of(lot.photos):
        if group.key == key:
            group_words.put(lot, group_words.withheld(lot, group, heading, is_withheld=is_withheld))
            lot.touched_at = now


def _whole(groups: Sequence[PhotoGroup], public_ids: Collection[str]) -> list[PhotoGroup]:
    """The groups of which all photos are among these."""
    return [group for group in groups if {each.public_id for each in group.photos} <= set(public_ids)]


def _brought(lot: PhotoLot, groups: Sequence[PhotoGroup], public_ids: Collection[str]) -> GroupWords:
    """What is written of groups that are wholly among these photos, or of these where they are proposed with others."""
    chosen = [tuple(photo for photo in group.photos if photo.public_id in public_ids) for group in groups]
    brought = [
        group if some == group.photos else PhotoGroup(proposed_key(some[0]), "", some, is_proposed=True)
        for group, some in zip(groups, chosen, strict=True)
        if some and (group.is_proposed or some == group.photos)
    ]
    written = words_of(lot, brought)
    return reduce(GroupWords.or_else, (written.get(each.key, NOTHING_WRITTEN) for each in brought), NOTHING_WRITTEN)


def _new_key() -> str:
    return f"o{secrets.token_hex(KEY_BYTES)}"
