"""Whatever is done at a sorting table, in any order: no undoing shows what is hidden, or loses what was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.services.lots import group_words, sorting, undoing
from gallery.services.lots.group_words import NOTHING_WRITTEN, WITHHOLDABLE, GroupWords, words_of
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.order import UNREAD_CARD
from tests.unit.services.test_groups import NOW, lot_of, photo

NUMBER = "35-K7QM-4"
PLACES = st.integers(0, 6)


class Table:
    """A sorting table. Each text is written once, so that it is known wherever it goes."""

    def __init__(self) -> None:
        self.lot = lot_of(
            photo("a", 1, number=NUMBER),
            photo("b", 5),
            photo("c", 60, camera="z"),
            photo("d", 65, camera="z"),
            photo("e", 130, moved_to="o1"),
            photo("f", 190, number=UNREAD_CARD),
            photo("g", 195),
        )
        self.written = 0
        # What was hidden when it was last to be seen.
        self.hidden: set[str] = set()

    def do(self, act: str, one: int, other: int, heading: str) -> None:
        """Do something to the groups, or to the photos, in these places."""
        first, second = self.group(one), self.group(other)
        if act in {"write", "fill"}:
            self.written += 1
        text = f"text {self.written}"
        {
            "write": lambda: self.write(first, heading, text),
            "clear": lambda: self.write(first, heading, ""),
            "fill": lambda: sorting.fill(self.lot, {first.key, second.key}, GroupWords(**{heading: text}), now=NOW),
            "hide": lambda: sorting.withhold(self.lot, first.key, heading, is_withheld=True, now=NOW),
            "show": lambda: self.show(first, heading),
            "join": lambda: sorting.join(self.lot, ids(first) | ids(second), now=NOW),
            "join photos": lambda: sorting.join(self.lot, {self.photo(one), self.photo(other)}, now=NOW),
            "move": lambda: sorting.move(self.lot, {self.photo(one)}, second.key, now=NOW),
            "accept": lambda: sorting.accept(self.lot, {first.key}, now=NOW),
            "name": lambda: sorting.name(self.lot, first.key, NUMBER, now=NOW),
            "take apart": lambda: sorting.take_apart(self.lot, {self.photo(one), self.photo(other)}, now=NOW),
            "cut": lambda: sorting.cut(self.lot, self.photo(one), now=NOW),
            "propose": lambda: self.propose(one, other),
            "remove": lambda: self.remove(one),
            "undo": lambda: undoing.undo(self.lot, now=NOW),
        }[act]()

    def group(self, place: int) -> PhotoGroup:
        groups = groups_of(self.lot.photos)
        return groups[place % len(groups)]

    def photo(self, place: int) -> str:
        return self.lot.photos[place % len(self.lot.photos)].public_id

    def write(self, group: PhotoGroup, heading: str, text: str) -> None:
        groups = groups_of(self.lot.photos)
        there = words_of(self.lot, groups).get(group.key, NOTHING_WRITTEN)
        row = GroupWords(**{**there.stored, heading: text})
        group_words.write(self.lot, groups, {group.key: row}, now=NOW)

    def show(self, group: PhotoGroup, heading: str) -> None:
        """The button shows all that a row has put together."""
        self.hidden -= group_words.texts_of(self.lot, group, heading)
        sorting.withhold(self.lot, group.key, heading, is_withheld=False, now=NOW)

    def propose(self, one: int, other: int) -> None:
        """The worker finds that a photo looks like others, or like none."""
        self.lot.photos[one % len(self.lot.photos)].together = ("", "x", "y")[other % 3]

    def remove(self, place: int) -> None:
        if len(self.lot.photos) > 2:
            gone = self.lot.photos[place % len(self.lot.photos)]
            sorting.hand_on(self.lot, [gone])
            self.lot.photos.remove(gone)

    def rows(self) -> dict[str, GroupWords]:
        """What is written of each group, by the names of its photos."""
        groups = groups_of(self.lot.photos)
        words = words_of(self.lot, groups)
        return {" ".join(sorted(ids(each))): words.get(each.key, NOTHING_WRITTEN) for each in groups}

    def shown(self) -> set[str]:
        """The texts that the public would see; remembers which are hidden."""
        rows = self.rows().values()
        shown = {getattr(row.public, heading) for row in rows for heading in WITHHOLDABLE}
        self.hidden = (self.hidden | {text for row in rows for text in row.hidden.values()}) - shown
        return shown


ACTS = (
    "write", "clear", "fill", "hide", "show", "join", "join photos", "move", "accept", "name", "take apart", "cut",
    "propose", "remove", "undo",
)  # fmt: skip
STEPS = st.tuples(
    st.sampled_from((*ACTS, "write", "hide", "undo", "undo")), PLACES, PLACES, st.sampled_from(WITHHOLDABLE)
)


def ids(group: PhotoGroup) -> set[str]:
    return {each.public_id for each in group.photos}


@settings(max_examples=300)
@given(st.lists(STEPS, min_size=3, max_size=16))
def test_no_undoing_shows_a_text_that_was_hidden_when_it_was_last_to_be_seen(
    steps: list[tuple[str, int, int, str]],
) -> None:
    table = Table()
    for act, one, other, heading in steps:
        hidden = set(table.hidden)
        table.do(act, one, other, heading)
        assert act != "undo" or not table.shown() & hidden
        table.shown()


@settings(max_examples=200)
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_what_is_undone_at_once_leaves_every_text_where_it_was(steps: list[tuple[str, int, int, str]]) -> None:
    table = Table()
    for step in steps:
        before, undoable = table.rows(), len(table.lot.undo)
        table.do(*step)
        if len(table.lot.undo) > undoable:
            undoing.undo(table.lot, now=NOW)
            assert texts(table.rows()) == texts(before)
            table.do(*step)


def texts(rows: dict[str, GroupWords]) -> dict[str, dict[str, str]]:
    return {names: {heading: getattr(row, heading) for heading in WITHHOLDABLE} for names, row in rows.items()}
