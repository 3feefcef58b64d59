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
    """Put photos into groups and write of groups, and remember how both were before."""
    own = words_of(lot, ())
    before = {key: own.get(key, NOTHING_WRITTEN) for key in words}
    if not moved and before == dict(words):
        return
    last = {
        "moved": {photo.public_id: photo.moved_to for photo in moved},
        # Whole, as an earlier version takes it, too.
        "words": {key: each.stored for key, each in before.items()},
        "after": {key: each.stored for key, each in words.items()},
    }
    lot.undo = [*lot.undo, last][-MAX_UNDONE:]
    for photo, key in moved.items():
        photo.moved_to = key
    group_words.put(lot, words)
    lot.touched_at = now


def undo(lot: PhotoLot, *, now: datetime) -> bool:
    """Take the last act on groups back; False when there is none.

    What was written since stays with the photos of which it was written, and no text that is hidden is shown.
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
        key: _taken_back(own.get(key, NOTHING_WRITTEN), GroupWords(**each), after.get(key))
        for key, each in last["words"].items()
    }
    group_words.put(lot, words)
    _hand_down(lot, before, now=now)
    lot.undo, lot.touched_at = rest, now
    return True


@dataclass(frozen=True)
class _Since:
    """A group before an act is taken back. words: what is written of it; then: what the act has written of it."""

    group: PhotoGroup
    words: GroupWords
    then: GroupWords

    @property
    def said(self) -> dict[str, str]:
        """What was written since."""
        return {name: said for name, said in _differing(self.words, self.then).items() if name != "withheld"}

    @property
    def hidden(self) -> Collection[str]:
        """The headings that were hidden since, or in which something was written since that is hidden."""
        hidden = {*self.words.withheld.split()}
        return hidden - {*self.then.withheld.split()} | hidden & self.said.keys()

    def handed_to(self, heir: PhotoGroup, there: GroupWords) -> GroupWords:
        """What is written of another group that has its first photo, with what was written since.

        there: what is written of that one by now, of which only what the act has taken up from it is changed, unless it
        has the same photos.
        """
        is_same = heir.photos == self.group.photos
        said = {
            name: text
            for name, text in self.said.items()
            if is_same or getattr(there, name) in {"", getattr(self.then, name)}
        }
        return replace(there, **said)


def _since(lot: PhotoLot, after: Mapping[str, GroupWords]) -> list[_Since]:
    groups = groups_of(lot.photos)
    words = words_of(lot, groups)
    return [
        _Since(group, words.get(group.key, NOTHING_WRITTEN), after.get(group.key, NOTHING_WRITTEN)) for group in groups
    ]


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
            handed[heir.key] = each.handed_to(heir, there)
    group_words.write(lot, groups, handed, now=now)
    for each in before:
        for heir in {of_photo[photo].key: of_photo[photo] for photo in each.group.photos}.values():
            _hide_again(lot, heir, each)


def _hide_again(lot: PhotoLot, heir: PhotoGroup, before: _Since) -> None:
    """Hide what was hidden since of the group that its photos come from, and any text that was hidden there."""
    for heading, text in before.words.hidden.items():
        if heading in before.hidden or (text and text in group_words.texts_of(lot, heir, heading)):
            group_words.put(lot, group_words.withheld(lot, heir, heading, is_withheld=True))


def _differing(one: GroupWords, other: GroupWords) -> dict[str, str]:
    """What the first has in the fields in which the other has something else."""
    return {name: said for name, said in asdict(one).items() if said != getattr(other, name)}


def _taken_back(words: GroupWords, before: GroupWords, after: GroupWords | None) -> GroupWords:
    """Words as they were before an act, in the fields that still say what the act has written there.

    after: None where an earlier version has not kept it; then all is as before. A text that comes back is hidden as it
    was, and where its heading was hidden since; what the act has hidden along with a text is shown only where that text
    goes, too.
    """
    if after is None:
        return before.or_else(GroupWords(withheld=words.withheld))
    back = {
        name: said
        for name, said in _differing(before, after).items()
        if name != "withheld" and getattr(words, name) == getattr(after, name)
    }
    hidden_since = {*words.withheld.split()} - {*after.withheld.split()}
    for heading in back.keys() & {*group_words.WITHHOLDABLE}:
        is_withheld = heading in hidden_since | {*before.withheld.split()}
        words = words.withholding(heading, is_withheld=is_withheld)
    return replace(words, **back)
