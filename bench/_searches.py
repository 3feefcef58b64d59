"""Searches for objects of which the catalogue shows one thing or another: python -m bench findability.

What two photos share is compared once, however often they meet: the searches for an object differ by one photo only.
"""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from bench._spoilt import Described, check_time
from gallery import matching
from gallery.matching.catalogue.catalogue import Catalogue, CatalogueEntry
from gallery.matching.ranking import comparison
from gallery.matching.ranking.ranking import rank
from gallery.matching.tiers.geometry import Correspondence, verify
from gallery.matching.tiers.local_features import LocalFeatures

NOWHERE = 1000


class Searches:
    """A catalogue of objects with one photo each, and of distractors, in which one object's photos are exchanged."""

    def __init__(self, first: Sequence[Described], others: Iterable[Described]) -> None:
        """first: the photo of each object, by its number."""
        self._first = dict(enumerate(first))
        there = dict(enumerate([*first, *others]))
        self._details = {number: each.details for number, each in there.items()}
        self._catalogue = Catalogue(lambda ids: {each: self._details[each] for each in ids})
        self._catalogue.add(CatalogueEntry(number, number, each.compact) for number, each in there.items())
        self._entries = count(len(there))

    def ranks(
        self, number: int, shown: Mapping[str, Sequence[Described]], asked: Sequence[Described]
    ) -> list[dict[str, int]]:
        """Of each photo that asks, the object's rank with each that is shown of it in place of its usual photo."""
        found: list[dict[str, int]] = [{} for _ in asked]
        self._catalogue.remove([number])
        for what, photos in shown.items():
            entries = {next(self._entries): each for each in photos}
            self._details.update({entry: each.details for entry, each in entries.items()})
            self._catalogue.add(CatalogueEntry(entry, number, each.compact) for entry, each in entries.items())
            for ranks, each in zip(found, asked, strict=True):
                ranks[what] = self._rank(number, each)
            self._catalogue.remove(list(entries))
        self._catalogue.add([CatalogueEntry(number, number, self._first[number].compact)])
        return found

    def _rank(self, number: int, asked: Described) -> int:
        ranked = [each.item_id for each in rank([asked.signature], self._catalogue, limit=60)]
        return ranked.index(number) + 1 if number in ranked else NOWHERE


def kept_ranks(kept: Path, about: object, search: Callable[[], list[dict[str, int]]]) -> list[dict[str, int]]:
    """What these searches find, made once for what they are about and kept in a folder."""
    file = kept / f"found-{hashlib.sha256(f'{about} {matching.current_version()}'.encode()).hexdigest()[:24]}"
    if not file.exists():
        check_time()
        file.write_bytes(pickle.dumps(search()))
    found = pickle.loads(file.read_bytes())  # noqa: S301  what this program has written
    assert isinstance(found, list)
    return found


def compare_once() -> None:
    """From here on remember what two photos share, and forget what was remembered before."""
    known: dict[tuple[bytes, bytes], Correspondence] = {}

    def remembered(query: LocalFeatures, candidate: LocalFeatures) -> Correspondence:
        pair = _digest(query), _digest(candidate)
        if pair not in known:
            known[pair] = verify(query, candidate)
        return known[pair]

    comparison.verify = remembered  # type: ignore[attr-defined]


def _digest(features: LocalFeatures) -> bytes:
    return hashlib.blake2b(features.descriptors.tobytes() + features.placed.tobytes(), digest_size=16).digest()
