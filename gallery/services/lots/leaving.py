"""Photos leave a lot, as an item's or removed: what follows a card among them, and what was hidden, are seen to."""

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from sqlalchemy.orm import Session

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots import group_words
from gallery.services.lots.group_words import NOTHING_WRITTEN, WITHHOLDABLE, words_of
from gallery.services.lots.grouping import PROPOSED_KEY, STILL_ASKED, UNREAD_KEY, PhotoGroup, groups_of, proposed_key
from gallery.services.lots.order import CARD_OF_NO_OBJECT, UNREAD_CARD, in_order

# What an act keeps of the words before it and after it.
REMEMBERED = ("words", "after")
# What says where a photo belongs as long as no officer has put it anywhere.
PLACING = ("id", "public_id", "name", "taken", "camera", "number", "together")


def take(session: Session, lot: PhotoLot, photos: Collection[LotPhoto]) -> None:
    """Take photos out of the lot without letting their files go: they are an item's now."""
    let_go(lot, photos)
    session.flush()
    if not lot.photos:
        lot.words, lot.undo = {}, []


def let_go(lot: PhotoLot, gone: Collection[LotPhoto]) -> None:
    """Take photos out of the lot, and forget what was hidden of groups that are gone with them.

    It is sealed in the item that was made of them, or nobody wants it any more; undoing does not bring it back. Other
    words that are written of a number wait for more photos of it.
    """
    all_gone = {*gone}
    left = [group for group in groups_of(lot.photos) if {*group.photos} <= all_gone]
    hidden = _hidden_of(lot, {group.key for group in left})
    former = _former_keys(lot, left) if hidden else set[str | None]()
    hand_on(lot, gone)
    for photo in gone:
        lot.photos.remove(photo)
    reached = _keys_there(lot)
    there = reached - {group.key for group in left}
    # Undoing would give these words to what is left of an earlier group; others tell an older page that they were kept.
    nobodys = reached & {group.key for group in left if not group.number}
    copied = _traces_of(lot, hidden, former - _keys_now(lot)) if hidden else set[tuple[str, str]]()

    def kept(words: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        hides = {key: {name for name in WITHHOLDABLE if key not in there or (key, name) in copied} for key in words}
        return {
            key: {name: text for name, text in each.items() if name not in hides[key]}
            for key, each in words.items()
            if key not in nobodys
        }

    lot.words = kept(lot.words)
    lot.undo = [entry | {name: kept(entry[name]) for name in REMEMBERED if name in entry} for entry in lot.undo]


def hand_on(lot: PhotoLot, gone: Collection[LotPhoto]) -> None:
    """Before photos are removed: let what follows a card among them join no object before it, whatever is undone later.

    The next photo has the card's number then. Where that could not be read, look and time propose what belongs
    together, and what was written stays with the first photo that is left of the card's object, if any is.
    """
    group_of = {photo: group for group in groups_of(lot.photos) for photo in group.photos}
    for _, series in groupby(in_order(lot.photos), key=lambda photo: photo.camera):
        card = None
        for photo in series:
            if photo in gone:
                card = photo if photo.number else card
                continue
            if card is not None and not photo.number:
                photo.number = CARD_OF_NO_OBJECT if card.number == UNREAD_CARD else card.number
                together = group_of[card].photos
                after = together[together.index(card) + 1 :]
                left = [each for each in after if each.camera == card.camera and each not in gone]
                if left:
                    _leave_words(lot, card, to=left[0])
            card = None


def _leave_words(lot: PhotoLot, card: LotPhoto, *, to: LotPhoto) -> None:
    """Let a photo, once it is in no group, have what was written under a card that could not be read."""
    words, key = words_of(lot, ()), proposed_key(to)
    written = words.get(f"{UNREAD_KEY}{card.public_id}", NOTHING_WRITTEN)
    group_words.put(lot, {key: words.get(key, NOTHING_WRITTEN).or_else(written)})


def _written(lot: PhotoLot) -> Iterator[tuple[str, dict[str, str]]]:
    """What is written under each key, and what was before and after the last acts."""
    for words in (lot.words, *(entry.get(name, {}) for entry in lot.undo for name in REMEMBERED)):
        yield from words.items()


def _hidden_of(lot: PhotoLot, keys: Collection[str]) -> set[str]:
    """All texts, now and earlier, under the headings that are hidden of these groups."""
    written = [words for key, words in _written(lot) if key in keys]
    headings = {heading for words in written for heading in words.get("withheld", "").split()}
    return {words[heading] for words in written for heading in headings if words.get(heading)}


def _traces_of(lot: PhotoLot, hidden: Collection[str], keys: Collection[str | None]) -> set[tuple[str, str]]:
    """Under which of these keys, and in which headings, one of these texts is or was written."""
    written = [(key, words) for key, words in _written(lot) if key in keys]
    return {(key, heading) for key, words in written for heading in WITHHOLDABLE if words.get(heading) in hidden}


def _former_keys(lot: PhotoLot, left: Collection[PhotoGroup]) -> set[str | None]:
    """The keys of groups that had photos of these before the last acts, or had them before any act."""
    photos = {photo.public_id for group in left for photo in group.photos}
    moved = {_key_of(key) for entry in lot.undo for name, key in entry["moved"].items() if name in photos}
    unmoved = [LotPhoto(moved_to=None, **{name: getattr(photo, name) for name in PLACING}) for photo in lot.photos]
    first = [group for group in groups_of(unmoved) if photos & {photo.public_id for photo in group.photos}]
    return moved | {key for group in first for key in _keys_of(group)}


def _keys_there(lot: PhotoLot) -> set[str | None]:
    """The keys of all groups that there are, or are again once acts are undone."""
    names = {photo.public_id for photo in lot.photos}
    now = {key for photo in lot.photos for key in (photo.number, _key_of(photo.moved_to))}
    proposed = {f"{letter}{name}" for name in names for letter in (PROPOSED_KEY, UNREAD_KEY)}
    before = {_key_of(key) for entry in lot.undo for name, key in entry["moved"].items() if name in names}
    return now | proposed | before


def _keys_now(lot: PhotoLot) -> set[str | None]:
    """The keys under which anything is kept that a row shows."""
    return {key for group in groups_of(lot.photos) for key in _keys_of(group)}


def _keys_of(group: PhotoGroup) -> Iterator[str]:
    yield group.key
    if group.is_proposed:
        yield from (proposed_key(photo) for photo in group.photos)


def _key_of(moved_to: str | None) -> str | None:
    return moved_to and moved_to.removesuffix(STILL_ASKED)
