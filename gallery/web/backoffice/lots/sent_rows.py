"""What a page of the sorting table sends: the rows that it showed, what is ticked, and what was written of each.

The page may be older than the table: another device may have accepted, joined or published what it still shows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from flask import request

from gallery.models import PhotoLot
from gallery.services.items import categories
from gallery.services.lots import group_words, sorting
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import vouching
from gallery.web.backoffice.lots.table import LONGEST_TITLE, WRITTEN_IN, mark_of, mark_of_photos
from gallery.web.resources import database

# How long what is written may be, as the columns are.
LENGTHS: Mapping[str, int] = {"title": LONGEST_TITLE, "category": 32, "materials": 240, "period": 120, "case": 16}
# What fills many objects at once.
FILLING = tuple(f"{field}-tous" for field in WRITTEN_IN.values())
# Ends the names of what was shown when the button was pressed, where the rows came anew before the form was sent.
WHEN_PRESSED = "-alors"


@dataclass(frozen=True)
class SeenRow:
    """A row as the page showed it.

    first: public_id of its first photo; photos: a mark of which it had; mark: of all it showed; said: of the words in
    each field.
    """

    key: str
    first: str
    photos: str
    mark: str
    said: Mapping[str, str]


@dataclass(frozen=True)
class ShownTable:
    """What stood before the officer who pressed the button. rows: of their page, by key; photos: marks, of each object.

    Of other pages, too: what is done with all objects of the table is done with theirs.
    """

    rows: Mapping[str, SeenRow]
    photos: Collection[str]

    def shows(self, group: PhotoGroup) -> bool:
        """Whether a group is an object that was shown: accepted or not, with these photos and no others."""
        return mark_of_photos(group) in self.photos


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
    """The rows that the page showed when it was sent, by key."""
    return _rows("vu")


def shown_table() -> ShownTable:
    """The table as it was shown when the button was pressed."""
    end = WHEN_PRESSED if f"vu{WHEN_PRESSED}" in request.form else ""
    rows = _rows(f"vu{end}")
    elsewhere = request.form.get(f"ailleurs{end}", "").split()
    return ShownTable(rows, {row.photos for row in rows.values()} | set(elsewhere))


def _rows(name: str) -> dict[str, SeenRow]:
    rows = {}
    for each in request.form.getlist(name):
        key, first, photos, mark, said = (each.split("/") + [""] * 5)[:5]
        # A page that was opened before an update sends none.
        marks = said.split("-") if said else ()
        rows[key] = SeenRow(key, first, photos, mark, dict(zip(WRITTEN_IN, marks, strict=False)))
    return rows


def group_of_row(groups: Sequence[PhotoGroup], key: str) -> PhotoGroup | None:
    """The group that the page calls so, or None where it did not show it with the photos that it has by now."""
    return _as_shown(groups, key, shown_table())


def _as_shown(groups: Sequence[PhotoGroup], key: str, shown: ShownTable) -> PhotoGroup | None:
    row = shown.rows.get(key)
    group = group_by_now(groups, key, row)
    if group is None:
        return None
    is_still = shown.shows(group) if row is None else row.photos == mark_of_photos(group)
    return group if is_still else None


def group_by_now(groups: Sequence[PhotoGroup], key: str, row: SeenRow | None = None) -> PhotoGroup | None:
    """The group that has by now what is written in a row of the page, whatever photos it has; None once it is gone.

    row: as it was shown, where whoever asks has read it already.
    """
    row = row or shown_table().rows.get(key) or seen_rows().get(key)
    return sorting.find_again(groups, key, row.first if row is not None else "")


def group_of_photo(groups: Sequence[PhotoGroup], public_id: str) -> PhotoGroup | None:
    """The group of a photo, or None where the page did not show it with the photos that it has by now."""
    shown = shown_table()
    having = (group for group in groups if public_id in {photo.public_id for photo in group.photos})
    return next((group for group in having if shown.shows(group)), None)


def is_previous_shown(groups: Sequence[PhotoGroup], key: str) -> bool:
    """Whether the object before that of a row is the one that the page showed there; true where there is none."""
    group, shown = group_by_now(groups, key), shown_table()
    place = groups.index(group) if group is not None else 0
    if not place:
        return True
    keys = [*shown.rows]
    # The object before the first one of a page is on another page.
    at = keys.index(key) if key in keys else 0
    before = {shown.rows[keys[at - 1]].photos} if at else shown.photos
    return mark_of_photos(groups[place - 1]) in before


def shown_otherwise(groups: Sequence[PhotoGroup]) -> set[str]:
    """The keys of the groups that the officer has not seen so: new ones, and those that have other photos by now."""
    shown = shown_table()
    return {group.key for group in groups if not shown.shows(group)}


def chosen_photos() -> set[str]:
    """The ticked photos."""
    return set(request.form.getlist("photo"))


def ticked_groups(groups: Sequence[PhotoGroup]) -> list[PhotoGroup | None]:
    """The groups of the ticked rows; None for each that was not shown with the photos that it has by now."""
    shown = shown_table()
    return [_as_shown(groups, key, shown) for key in request.form.getlist("objet")]


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
