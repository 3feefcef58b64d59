"""What is written of the objects of a lot, what is proposed for them, and what they lack to be published."""

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from gallery.models import LotPhoto, PhotoLot
from gallery.services.lots.grouping import PhotoGroup, proposed_key
from gallery.services.lots.order import UNREAD_CARD

MAX_COLOURS = 2
# Mostly silver or gold, which no histogram names, and small before skin, cloth or velvet, whose colour it would name.
METALLIC = frozenset({"jewellery", "watches", "coins_medals", "silverware"})


@dataclass(frozen=True)
class GroupWords:
    """What is written of a group before it is an object; empty: nothing yet.

    category: a code; colours: codes, separated by spaces; case: the reference of another case of the unit than the
    lot's; withheld: which of materials and period the public will not see, in this order, separated by spaces.
    """

    title: str = ""
    category: str = ""
    colours: str = ""
    materials: str = ""
    period: str = ""
    case: str = ""
    withheld: str = ""

    def or_else(self, other: "GroupWords") -> "GroupWords":
        """These words, and the other's where there are none; what either withholds stays withheld."""
        words = {each.name: getattr(self, each.name) or getattr(other, each.name) for each in fields(self)}
        return GroupWords(**words | {"withheld": _in_order({*self.withheld.split(), *other.withheld.split()})})

    def withholding(self, heading: str, *, is_withheld: bool) -> "GroupWords":
        """These words with a heading kept from the public, or shown to it."""
        others = {*self.withheld.split()} - {heading}
        return replace(self, withheld=_in_order({*others, heading} if is_withheld else others))

    @property
    def stored(self) -> dict[str, str]:
        """These words as a lot keeps them: a version without a field that nobody has written in reads them, too."""
        return {name: words for name, words in asdict(self).items() if words}

    @property
    def hidden(self) -> dict[str, str]:
        """What of these words the public will not see, by heading."""
        return {heading: getattr(self, heading) for heading in self.withheld.split()}

    @property
    def public(self) -> "GroupWords":
        """What of these words the public will see."""
        return replace(self, **dict.fromkeys(self.hidden, ""))


WITHHOLDABLE = ("materials", "period")


def _in_order(headings: Collection[str]) -> str:
    return " ".join(each for each in WITHHOLDABLE if each in headings)


NOTHING_WRITTEN = GroupWords()


class Lack(enum.StrEnum):
    """Why a group does not become an object yet, or none that is public: its title tells what is hidden.

    SAME_FILE: another object has one of its photos, and nobody has said whether it is that object. CARD_SHOWN: a card
    that could not be read may be seen on one.
    """

    NOT_ACCEPTED = "not_accepted"
    SAME_FILE = "same_file"
    CARD_SHOWN = "card_shown"
    NO_CATEGORY = "no_category"
    TELLING_TITLE = "telling_title"


# What stands before a draft, too, and before photos are added to an item.
ACCEPTANCE = frozenset({Lack.NOT_ACCEPTED, Lack.SAME_FILE, Lack.CARD_SHOWN})


def words_of(lot: PhotoLot, groups: Iterable[PhotoGroup]) -> dict[str, GroupWords]:
    """What is written of each of a lot's groups, by its key; of groups that are gone, too.

    What was written of a proposal stays with its first photo, whatever that is put together with later.
    """
    words = {key: GroupWords(**each) for key, each in lot.words.items()}
    for group in groups:
        for key in _absorbed(group):
            if key in words:
                words[group.key] = _shown_with(words.get(group.key, NOTHING_WRITTEN), words[key])
    return words


def _shown_with(first: GroupWords, other: GroupWords) -> GroupWords:
    """What the row of a proposal shows of two of its photos: a text of the first is not hidden with another's."""
    for heading in WITHHOLDABLE:
        if getattr(first, heading) and getattr(other, heading) not in {"", getattr(first, heading)}:
            other = other.withholding(heading, is_withheld=False)
    return first.or_else(other)


def write(lot: PhotoLot, groups: Collection[PhotoGroup], words: Mapping[str, GroupWords], *, now: datetime) -> None:
    """Keep what the officer has written so far of these groups of the lot; of others nothing changes.

    The row of a proposal shows what was written of several: what the officer changes there is changed where it came
    from, and what was not shown or not changed stays with the photo of which it was written. What is written in a
    heading that the row hides is hidden wherever it is kept.
    """
    own, shown, kept = words_of(lot, ()), words_of(lot, groups), dict(words)
    for group in groups:
        if group.key in words:
            before, after = shown.get(group.key, NOTHING_WRITTEN), words[group.key]
            first = own.get(group.key, NOTHING_WRITTEN)
            kept[group.key] = _hidden_along(first, _changed(first, before, after, to=after), after)
            there = [key for key in _absorbed(group) if key in own]
            kept |= {key: _changed(own[key], before, after, to=NOTHING_WRITTEN) for key in there}
    put(lot, kept)
    lot.touched_at = now


def _changed(own: GroupWords, shown: GroupWords, written: GroupWords, *, to: GroupWords) -> GroupWords:
    """These words, with those of another where what was shown is written otherwise and was theirs to show."""
    names = [each.name for each in fields(own) if getattr(shown, each.name) != getattr(written, each.name)]
    theirs = [name for name in names if getattr(own, name) in {"", getattr(shown, name)}]
    return replace(own, **{name: getattr(to, name) for name in theirs})


def _hidden_along(own: GroupWords, changed: GroupWords, row: GroupWords) -> GroupWords:
    """Changed words with each heading hidden in which they took over what the row hides."""
    for heading, text in row.hidden.items():
        if text and getattr(own, heading) != text == getattr(changed, heading):
            changed = changed.withholding(heading, is_withheld=True)
    return changed


def put(lot: PhotoLot, words: Mapping[str, GroupWords]) -> None:
    """Have these words for these groups, where NOTHING_WRITTEN forgets."""
    kept = lot.words | {key: each.stored for key, each in words.items()}
    lot.words = {key: each for key, each in kept.items() if GroupWords(**each) != NOTHING_WRITTEN}


def _absorbed(group: PhotoGroup) -> list[str]:
    """The keys that a proposal would have if it began with another of its photos."""
    return [proposed_key(photo) for photo in group.photos[1:]] if group.is_proposed else []


def texts_of(lot: PhotoLot, group: PhotoGroup, heading: str) -> set[str]:
    """What is written under a heading of a group, or of what its row shows together: any of it may be shown later."""
    own = words_of(lot, ())
    return {getattr(own[key], heading) for key in (group.key, *_absorbed(group)) if key in own}


def withheld(lot: PhotoLot, group: PhotoGroup, heading: str, *, is_withheld: bool) -> dict[str, GroupWords]:
    """What is written once a heading of a group is kept from the public, or shown, where that changes something.

    Of the row of a proposal it is hidden wherever its words come from, so that none of them says otherwise, now or
    apart again, and shown where the text is the one that the row shows: whoever shows that has not seen the others.
    """
    own, shown = words_of(lot, ()), words_of(lot, [group]).get(group.key, NOTHING_WRITTEN)
    before = {group.key: own.get(group.key, NOTHING_WRITTEN)} | {
        key: own[key] for key in _absorbed(group) if key in own
    }
    seen = {"", getattr(shown, heading)}
    after = {
        key: words.withholding(heading, is_withheld=is_withheld)
        for key, words in before.items()
        if is_withheld or getattr(words, heading) in seen
    }
    return {key: words for key, words in after.items() if words != before[key]}


def filled(before: Mapping[str, GroupWords], keys: Collection[str], given: GroupWords) -> dict[str, GroupWords]:
    """What is written of these groups once what is given is written of all of them; what is not given stays."""
    return {key: given.or_else(before.get(key, NOTHING_WRITTEN)) for key in keys}


def proposed(group: PhotoGroup) -> GroupWords:
    """What the photos of a group look like, by the votes of all: a category and colours, only proposed."""
    categories = Counter(photo.likely_category for photo in group.photos if photo.likely_category)
    colours = Counter(colour for photo in group.photos for colour in photo.likely_colours)
    often = [colour for colour, times in colours.most_common(MAX_COLOURS) if 2 * times >= len(group.photos)]
    return GroupWords(category=categories.most_common(1)[0][0] if categories else "", colours=" ".join(often))


def suggested(group: PhotoGroup, words: GroupWords) -> GroupWords:
    """What is proposed of a group of which these words are written: no colour of what is mostly silver or gold."""
    likely = proposed(group)
    return replace(likely, colours="") if (words.category or likely.category) in METALLIC else likely


def accepted(group: PhotoGroup, written: Mapping[str, GroupWords]) -> GroupWords:
    """What is written of a group once its proposals are accepted."""
    words = written.get(group.key, NOTHING_WRITTEN)
    return words.or_else(suggested(group, words))


def lacks(
    group: PhotoGroup, words: GroupWords, *, told: Collection[str] = (), is_elsewhere: bool = False
) -> tuple[Lack, ...]:
    """What a group lacks to become an object, by what is written of it; told: what its title says of what is hidden.

    is_elsewhere: another object has one of its photos.
    """
    missing = {
        Lack.NOT_ACCEPTED: group.is_proposed,
        Lack.SAME_FILE: is_elsewhere,
        Lack.CARD_SHOWN: bool(shown_cards(group)),
        Lack.NO_CATEGORY: not words.category,
        Lack.TELLING_TITLE: bool(told),
    }
    return tuple(lack for lack, holds in missing.items() if holds)


def shown_cards(group: PhotoGroup) -> list[LotPhoto]:
    """Photos on which a card may be seen that could not be read, where nobody has hidden anything or said otherwise.

    None as long as the number of the card is asked for: whoever types it has the card hidden.
    """
    return (
        []
        if group.is_unread
        else [photo for photo in group.photos if photo.number == UNREAD_CARD and photo.hidden is None]
    )


def lacks_to_be_added(group: PhotoGroup, *, is_elsewhere: bool) -> tuple[Lack, ...]:
    """What a group lacks whose number an item has already: that one has its words, whatever is written here."""
    return tuple(each for each in lacks(group, NOTHING_WRITTEN, is_elsewhere=is_elsewhere) if each in ACCEPTANCE)


def without(words: GroupWords, categories: Iterable[str]) -> GroupWords:
    """Words whose category is none of those that there are lose it."""
    return words if words.category in {"", *categories} else replace(words, category="")
