"""What a page of the sorting table sends: the rows that it showed, what is ticked, and what was written of each.

The page may be older than the table: another device may have accepted, joined or published what it still shows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from flask import request

from gallery.models import PhotoLot
from gallery.services.items import categories
from gallery.services.lots import group_words, sorting
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import vouching
from gallery.web.backoffice.lots.table import LONGEST_TITLE, WRITTEN_IN, mark_of
from gallery.web.resources import database

# How long what is written may be, as the columns are.
LENGTHS: Mapping[str, int] = {"title": LONGEST_TITLE, "category": 32, "materials": 240, "period": 120, "case": 16}
# What fills many objects at once.
FILLING = tuple(f"{field}-tous" for field in WRITTEN_IN.values())


@dataclass(frozen=True)
class SeenRow:
    """A row as the page showed it.

    first: public_id of its first photo; photos: how many; mark: of all it showed; said: of the words in each field.
    """

    key: str
    first: str
    photos: int
    mark: str
    said: Mapping[str, str]

    def is_still(self, group: PhotoGroup) -> bool:
        """Whether a group is what the row showed: accepted or not, with these photos."""
        return group.photos[0].public_id == self.first and len(group.photos) == self.photos


@dataclass(frozen=True)
class Contradiction:
    """One field of a group that was written since the page was shown. kept: what was written then; sent: here."""

    group: PhotoGroup
    field: str
    kept: str
    sent: str


@dataclass(frozen=True)
class WrittenWords:
    """What a page has written, by the groups that there are now.

    lost: what could not be kept of objects that are gone, in words; contradictions: of objects that are still there.
    """

    of_groups: Mapping[str, GroupWords]
    lost: Sequence[str]
    contradictions: Sequence[Contradiction]


def seen_rows() -> dict[str, SeenRow]:
    """The rows that the page showed, by key."""
    seen = {}
    for each in request.form.getlist("vu"):
        key, first, photos, mark, said = (each.split("/") + [""] * 5)[:5]
        # A page that was opened before an update sends none.
        marks = said.split("-") if said else ()
        count = int(photos) if photos.isdecimal() and photos.isascii() else 0
        seen[key] = SeenRow(key, first, count, mark, dict(zip(WRITTEN_IN, marks, strict=False)))
    return seen


def group_of_row(groups: Sequence[PhotoGroup], key: str) -> PhotoGroup | None:
    """The group that the page calls so, or None where it has other photos by now."""
    seen, group = seen_rows().get(key), group_by_now(groups, key)
    return group if seen is None or (group is not None and seen.is_still(group)) else None


def group_by_now(groups: Sequence[PhotoGroup], key: str) -> PhotoGroup | None:
    """The group that has by now what is written in a row of the page, whatever photos it has; None once it is gone."""
    seen = seen_rows().get(key)
    return sorting.find_again(groups, key, seen.first if seen is not None else "")


def shown_otherwise(groups: Sequence[PhotoGroup]) -> set[str]:
    """The keys of the groups that have other photos than the page showed, by themselves or in several rows."""
    rows = {row.first: row for row in seen_rows().values()}
    return {
        group.key
        for group in groups
        for photo in group.photos
        if (row := rows.get(photo.public_id)) is not None and not row.is_still(group)
    }


def chosen_photos() -> set[str]:
    """The ticked photos."""
    return set(request.form.getlist("photo"))


def ticked_groups(groups: Sequence[PhotoGroup]) -> list[PhotoGroup | None]:
    """The groups of the ticked rows; None for each that has other photos by now."""
    return [group_of_row(groups, key) for key in request.form.getlist("objet")]


def around(*, is_done: bool) -> dict[str, str]:
    """What the form says around the rows and a page that is opened afresh would not; is_done: what it asks was done.

    What has then filled objects is of no more use.
    """
    is_used = is_done and request.form.get("acte") == "appliquer"
    left = {name: request.form.get(name, "") for name in FILLING} if not is_used else {}
    return vouching.sent_anew() | {name: said for name, said in left.items() if said}


def written(lot: PhotoLot) -> WrittenWords:
    """What the form says of each group; what it has no field for stays: the script sends only what was written.

    A field that nobody has written in here stays as it is now, and one that another device has written in meanwhile
    stays theirs. Of an object that was joined to another one meanwhile, what was written fills what that one lacks.
    """
    groups, seen = groups_of(lot.photos), seen_rows()
    lost: list[str] = []
    # As the page shows them: a category that there is no more is none.
    codes = {each.code for each in categories.all_in_order(database())}
    before = {key: group_words.without(each, codes) for key, each in group_words.words_of(lot, groups).items()}
    words: dict[str, GroupWords] = {}
    contradictions: list[Contradiction] = []
    for key in request.form.getlist("groupe"):
        group = sorting.find_again(groups, key, seen[key].first if key in seen else "")
        if group is None:
            lost += _not_kept(given(key), kept=before.get(key, NOTHING_WRITTEN))
            continue
        there = words.get(group.key, before.get(group.key, NOTHING_WRITTEN))
        is_same = group.key == key or group.photos[0].public_id == seen[key].first
        if is_same:
            sent, said = given(key, there), seen[key].said if key in seen else {}
            words[group.key] = _merged(there, sent, said)
            contradictions += _contradicting(group, words[group.key], sent, said)
        else:
            sent = given(key)
            words[group.key] = there.or_else(sent)
            lost += _not_kept(sent, kept=words[group.key])
    return WrittenWords(words, lost, contradictions)


def _merged(there: GroupWords, sent: GroupWords, said: Mapping[str, str]) -> GroupWords:
    """What is written in the fields whose words are those that the page showed; the others as they are by now."""
    fresh = {
        name: getattr(sent, name) for name in WRITTEN_IN if said.get(name) in {None, mark_of(getattr(there, name))}
    }
    return replace(there, **fresh)


def _contradicting(
    group: PhotoGroup, kept: GroupWords, sent: GroupWords, said: Mapping[str, str]
) -> Iterator[Contradiction]:
    """The fields that were written in here, but hold what was written meanwhile."""
    for name in WRITTEN_IN:
        ours, theirs = getattr(sent, name), getattr(kept, name)
        if ours != theirs and mark_of(ours) != said.get(name):
            yield Contradiction(group, name, theirs, ours)


def given(key: str, before: GroupWords = NOTHING_WRITTEN) -> GroupWords:
    """What the form's fields of this key say; what it has no field for is as before."""
    values = {
        name: tidy_line(request.form[f"{field}-{key}"])[: LENGTHS[name]]
        for name, field in WRITTEN_IN.items()
        if f"{field}-{key}" in request.form
    }
    return replace(before, **values)


def _not_kept(words: GroupWords, *, kept: GroupWords) -> list[str]:
    """What was typed and is not kept; a choice from a list is made again sooner than read."""
    typed = {name: said for name, said in asdict(words).items() if name in {"title", "materials", "period"}}
    return [said for name, said in typed.items() if said and said != getattr(kept, name)]
