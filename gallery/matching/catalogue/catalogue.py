"""The photos that searches run on, in the memory of one process; details are fetched when they are needed.

Any number of threads may search while others add and remove: a search works on the immutable snapshot that it found.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from gallery.errors import SignatureUnreadable
from gallery.matching.catalogue.segment import Kept, Question, Segment, Similarities
from gallery.matching.signature import Details, Signature, read_details
from gallery.matching.tiers.colour import Histogram
from gallery.matching.tiers.encoder import Vector

_DEAD_SHARE = 0.25
"""Of a segment, from which it is rewritten without its removed photos."""


@dataclass(frozen=True)
class CatalogueEntry:
    """One photo of one item, to be found. signature: a Signature, or its compact bytes.

    entry_id: whatever the caller numbers its photos by; the database's catalogues give the id of the signature's row.
    """

    entry_id: int
    item_id: int
    signature: Signature | bytes


@dataclass(frozen=True, eq=False)
class _Part:
    """A segment and which of its photos are still there."""

    segment: Segment
    kept: Kept

    @property
    def living(self) -> int:
        return int(self.kept.sum())

    def without(self, entry_ids: Sequence[int]) -> "_Part":
        gone = np.isin(self.segment.entry_ids, entry_ids)
        return replace(self, kept=self.kept & ~gone) if gone.any() else self


class Catalogue:
    """Photos by id. load_details: stored detail bytes by photo id; photos it does not know are skipped.

    most_joined: how many photos joined segments may have; None for any number. Many of them at once need no second
    copy of all in memory, and a search asks each.
    """

    def __init__(
        self, load_details: Callable[[Sequence[int]], Mapping[int, bytes]], *, most_joined: int | None = None
    ) -> None:
        self._load_details, self._most_joined = load_details, most_joined
        self._changing = threading.Lock()
        self._parts: tuple[_Part, ...] = ()
        self._waiting: dict[int, tuple[int, Signature]] = {}
        self._known: set[int] = set()

    @classmethod
    def of_segment(cls, segment: Segment, load_details: Callable[[Sequence[int]], Mapping[int, bytes]]) -> "Catalogue":
        """A catalogue of the photos of a segment, which stays where it is, mapped or in memory."""
        catalogue = cls(load_details)
        catalogue._parts = (_Part(segment, np.ones(len(segment), np.bool_)),)
        catalogue._known = set(segment.entry_ids.tolist())
        return catalogue

    def as_segment(self) -> Segment:
        """All photos as one segment."""
        parts = self._snapshot()
        return Segment.joined([(part.segment, part.kept) for part in parts]) if parts else Segment.of([], [], [])

    def add(self, entries: Iterable[CatalogueEntry]) -> None:
        """Add photos, replacing those of the same id; raise SignatureUnreadable and add nothing if one is unreadable.

        Cheap one by one: the indexes are brought up to date by the next search.
        """
        read = {entry.entry_id: (entry.item_id, _compact_only(entry.signature)) for entry in entries}
        with self._changing:
            self._forget([entry_id for entry_id in read if entry_id in self._known])
            self._waiting.update(read)
            self._known.update(read)

    def remove(self, entry_ids: Iterable[int]) -> None:
        """Remove photos; unknown ids are ignored."""
        with self._changing:
            self._forget([entry_id for entry_id in entry_ids if entry_id in self._known])

    @property
    def waiting(self) -> int:
        """How many photos the next search would index first."""
        return len(self._waiting)

    def index(self) -> None:
        """Index what waits now: it takes half of the memory."""
        self._snapshot()

    def entry_ids(self) -> frozenset[int]:
        """The ids of all photos."""
        with self._changing:
            return frozenset(self._known)

    def entry_ids_of(self, item_ids: Collection[int]) -> frozenset[int]:
        """The ids of the photos of these items."""
        wanted = np.array(sorted(item_ids), np.int64)
        found = [
            part.segment.entry_ids[part.kept & np.isin(part.segment.item_ids, wanted)] for part in self._snapshot()
        ]
        return frozenset(np.concatenate([np.zeros(0, np.int64), *found]).tolist())

    def __len__(self) -> int:
        return len(self._known)

    def colours(self, entry_id: int) -> Histogram | None:
        """The colours of a photo; None when it is not there."""
        for part in self._snapshot():
            rows = np.flatnonzero(part.kept & (part.segment.entry_ids == entry_id))
            if len(rows):
                return part.segment.colours.histogram(int(rows[0]))
        return None

    @property
    def size_bytes(self) -> int:
        """Memory of the indexes."""
        return sum(part.segment.size_bytes for part in self._snapshot())

    def answer(self, questions: Sequence[Question]) -> list[Similarities]:
        """Compare every question with every photo; all answers are of one snapshot and list the same photos."""
        parts = self._snapshot()
        return [_joined([part.segment.answer(question, part.kept) for part in parts]) for question in questions]

    def cosines(self, vector: Vector) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The items of all photos, and the cosines of their vectors with this one: (n,) each, NaN without."""
        parts = self._snapshot()
        items = [part.segment.item_ids[part.kept] for part in parts]
        found = [part.segment.cosines(vector)[part.kept] for part in parts]
        return np.concatenate([np.zeros(0, np.int64), *items]), np.concatenate([np.zeros(0, np.float32), *found])

    def details(self, entry_ids: Sequence[int]) -> dict[int, Details]:
        """Fetch the details of photos; those deleted meanwhile or unreadable are left out."""
        return readable_details(self._load_details(entry_ids))

    def _forget(self, entry_ids: Sequence[int]) -> None:
        if not entry_ids:
            return
        indexed = [entry_id for entry_id in entry_ids if self._waiting.pop(entry_id, None) is None]
        if indexed:
            self._parts = tuple(part.without(indexed) for part in self._parts)
        self._known.difference_update(entry_ids)

    def _snapshot(self) -> tuple[_Part, ...]:
        with self._changing:
            if self._waiting:
                self._parts = (*self._parts, self._tail())
                self._waiting = {}
            self._parts = _tidied(self._parts, self._most_joined)
            return self._parts

    def _tail(self) -> _Part:
        items, signatures = zip(*self._waiting.values(), strict=True)
        segment = Segment.of(list(self._waiting), items, signatures)
        return _Part(segment, np.ones(len(segment), np.bool_))


def readable_details(blobs: Mapping[int, bytes]) -> dict[int, Details]:
    """The details that can be read, by photo id."""
    found = {}
    for entry_id, blob in blobs.items():
        try:
            found[entry_id] = read_details(blob)
        except SignatureUnreadable:
            # One corrupt row must not break the search of all others; reindexing repairs it.
            continue
    return found


def _compact_only(signature: Signature | bytes) -> Signature:
    if isinstance(signature, bytes):
        return Signature.from_bytes(signature)
    return replace(signature, details=None)


def _tidied(parts: tuple[_Part, ...], most_joined: int | None) -> tuple[_Part, ...]:
    """Join segments so that each is over twice the next: n additions, searched between, cost n log n in all.

    Those that would have more than `most_joined` photos stay apart.
    """
    stack: list[_Part] = []
    for part in parts:
        group, living = [part], part.living
        while (
            stack
            and stack[-1].living < 2 * living
            and (most_joined is None or stack[-1].living + living <= most_joined)
        ):
            living += stack[-1].living
            group.insert(0, stack.pop())
        stack.append(_rewritten(group))
    return tuple(part for part in stack if part.living)


def _rewritten(group: Sequence[_Part]) -> _Part:
    one = group[0]
    if len(group) == 1 and one.living >= (1 - _DEAD_SHARE) * len(one.segment):
        return one
    segment = Segment.joined([(part.segment, part.kept) for part in group])
    return _Part(segment, np.ones(len(segment), np.bool_))


def _joined(answers: Sequence[Similarities]) -> Similarities:
    columns = [field.name for field in fields(Similarities)]
    nothing = np.zeros(0, np.float32)
    joined = (np.concatenate([getattr(answer, name) for answer in answers] or [nothing]) for name in columns)
    return Similarities(*joined)
