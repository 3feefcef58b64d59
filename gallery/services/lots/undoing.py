"""Acts on the groups of a lot, remembered so that the last can be taken back, but for what was written since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots import group_words
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords, words_of
from gallery.services.lots.grouping import PhotoGroup, groups_of

MAX_UNDONE = 30


def change(
    lot: PhotoLot, moved: Mapping[LotPhoto, str | None], words: Mapping[str, GroupWords], *, now: datetime
) -> None:
    """Put photos into groups and write of groups, and remember what of both was otherwise before."""
    before = words_of(lot, ())
    changed = {key: _differing(before.get(key, NOTHING_WRITTEN), each) for key, each in words.items()}
    if not moved and not any(changed.values()):
        return
    last = {
        "moved": {photo.public_id: photo.moved_to for photo in moved},
        "words": changed,
        "after": {key: each.stored for key, each in words.items()},
    }
    lot.undo = [*lot.undo, last][-MAX_UNDONE:]
    for photo, key in moved.items():
        photo.moved_to = key
    group_words.put(lot, words)
    lot.touched_at = now


def undo(lot: PhotoLot, *, now: datetime) -> bool:
    """Take the last act on groups back; False when there is none.

    What was written since stays with the photos of which it was written, and what was hidden since stays hidden.
    """
    if not lot.undo:
        return False
    *rest, last = lot.undo
    after = {key: GroupWords(**words) for key, words in last.get("after", {}).items()}
    before = _since(lot, after)
    for photo in lot.photos:
        if photo.public_id in last["moved"]:
            photo.moved_to = last["moved"][photo.public_id]
    own = words_of(lot, ())
    words = {
        key: _taken_back(own.get(key, NOTHING_WRITTEN), each, after.get(key)) for key, each in last["words"].items()
    }
    group_words.put(lot, words)
    _hand_down(lot, before, now=now)
    lot.undo, lot.touched_at = rest, now
    return True


@dataclass(frozen=True)
class _Since:
    """A group before an act is taken back. said, hidden: what was written and which headings were hidden since."""

    group: PhotoGroup
    said: Mapping[str, str]
    hidden: Collection[str]


def _since(lot: PhotoLot, after: Mapping[str, GroupWords]) -> list[_Since]:
    groups = groups_of(lot.photos)
    words = words_of(lot, groups)
    found = []
    for group in groups:
        there, then = words.get(group.key, NOTHING_WRITTEN), after.get(group.key, NOTHING_WRITTEN)
        hidden = {*there.withheld.split()} - {*then.withheld.split()}
        said = {name: each for name, each in _differing(there, then).items() if name != "withheld"}
        found.append(_Since(group, said, hidden))
    return found


def _hand_down(lot: PhotoLot, before: Sequence[_Since], *, now: datetime) -> None:
    """Leave what was written of groups that are gone with the first photo of each, and hide what was hidden of any."""
    groups = groups_of(lot.photos)
    of_photo = {photo: group for group in groups for photo in group.photos}
    words, keys = words_of(lot, groups), {group.key for group in groups}
    handed: dict[str, GroupWords] = {}
    for each in before:
        heir = of_photo[each.group.photos[0]]
        if each.group.key not in keys and each.said:
            there = handed.get(heir.key, words.get(heir.key, NOTHING_WRITTEN))
            is_same = heir.photos == each.group.photos
            handed[heir.key] = replace(there, **each.said) if is_same else there.or_else(GroupWords(**each.said))
    group_words.write(lot, groups, handed, now=now)
    for each in before:
        for heir in {of_photo[photo].key: of_photo[photo] for photo in each.group.photos}.values():
            for heading in each.hidden:
                group_words.put(lot, group_words.withheld(lot, heir, heading, is_withheld=True))


def _differing(one: GroupWords, other: GroupWords) -> dict[str, str]:
    """What the first has in the fields in which the other has something else."""
    return {name: said for name, said in asdict(one).items() if said != getattr(other, name)}


def _taken_back(words: GroupWords, before: Mapping[str, str], after: GroupWords | None) -> GroupWords:
    """Words as they were before an act, in the fields that still say what the act has written there.

    before: of the fields that the act has changed; after: None where an earlier version has not kept it. What the act
    has hidden along with a text is shown only where that text goes, too.
    """
    if after is None:
        return replace(words, **{**before, "withheld": words.withheld})
    untouched = {name for name in asdict(words) if getattr(words, name) == getattr(after, name)}
    brought = {*after.withheld.split()} - {*before.get("withheld", after.withheld).split()}
    for heading in brought & untouched:
        words = words.withholding(heading, is_withheld=False)
    return replace(words, **{name: said for name, said in before.items() if name in untouched - {"withheld"}})
