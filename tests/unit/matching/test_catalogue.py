import threading

import numpy as np
import pytest

from gallery.errors import SignatureUnreadable
from gallery.matching import Catalogue, CatalogueEntry, Signature, describe, rank
from gallery.matching.catalogue.catalogue import _Part, _tidied
from gallery.matching.catalogue.segment import Segment
from tests.unit.matching.drawn import catalogue_of, described, drawn, reduced
from tests.waiting import PATIENCE, begin

SIGNATURES = described(*range(1, 9))


def empty() -> Catalogue:
    return Catalogue(lambda ids: {entry_id: SIGNATURES[entry_id].details_bytes() for entry_id in ids})


def found(catalogue: Catalogue, seed: int) -> list[int]:
    return [candidate.entry_id for candidate in rank([SIGNATURES[seed]], catalogue)]


def test_what_was_added_is_found_until_removed() -> None:
    catalogue = catalogue_of(SIGNATURES)
    assert (len(catalogue), catalogue.entry_ids()) == (8, frozenset(SIGNATURES))
    assert found(catalogue, 3)[0] == 3
    catalogue.remove([3, 99])
    assert (len(catalogue), 3 in catalogue.entry_ids(), 3 in found(catalogue, 3)) == (7, False, False)
    catalogue.remove(SIGNATURES)
    assert (len(catalogue), found(catalogue, 3), catalogue.size_bytes) == (0, [], 0)


@pytest.mark.parametrize("searched", [True, False], ids=["indexed", "waiting"])
def test_a_photo_added_again_replaces_itself(searched: bool) -> None:
    catalogue = empty()
    catalogue.add([CatalogueEntry(1, 10, SIGNATURES[2])])
    if searched:
        found(catalogue, 1)
    catalogue.add([CatalogueEntry(1, 11, SIGNATURES[1].compact())])
    candidates = rank([SIGNATURES[1]], catalogue)
    assert [(one.item_id, one.measurement.hash_bits) for one in candidates] == [(11, 0)]
    assert len(catalogue) == 1


def test_adding_one_by_one_between_searches_equals_adding_at_once() -> None:
    catalogue = empty()
    for seed, signature in SIGNATURES.items():
        catalogue.add([CatalogueEntry(seed, seed + 1000, signature)])
        found(catalogue, 1)
    assert rank([SIGNATURES[5]], catalogue) == rank([SIGNATURES[5]], catalogue_of(SIGNATURES))


def test_removing_most_photos_gives_their_memory_back() -> None:
    catalogue = catalogue_of(SIGNATURES)
    before = catalogue.size_bytes
    catalogue.remove([2, 3, 4, 5, 6, 7, 8])
    assert catalogue.size_bytes < before / 4
    assert found(catalogue, 1) == [1]


def test_thousands_of_single_additions_are_cheap() -> None:
    catalogue = empty()
    plain = describe(reduced(drawn(1), 0.1))
    for number in range(3000):
        catalogue.add([CatalogueEntry(number, number, plain)])
        if number % 10 == 0:
            assert catalogue.size_bytes
    assert len(catalogue) == 3000


def test_an_unreadable_signature_adds_nothing() -> None:
    catalogue = empty()
    with pytest.raises(SignatureUnreadable):
        catalogue.add([CatalogueEntry(1, 1, SIGNATURES[1]), CatalogueEntry(2, 2, SIGNATURES[2].compact()[:-1])])
    assert len(catalogue) == 0


@pytest.mark.parametrize(
    "load",
    [
        pytest.param(lambda ids: {}, id="deleted meanwhile"),
        pytest.param(lambda ids: dict.fromkeys(ids, b"spoilt"), id="spoilt"),
        pytest.param(lambda ids: {entry_id: SIGNATURES[entry_id].compact() for entry_id in ids}, id="exchanged"),
    ],
)
def test_photos_without_readable_details_are_still_ranked(load) -> None:
    catalogue = Catalogue(load)
    catalogue.add(CatalogueEntry(seed, seed, signature) for seed, signature in SIGNATURES.items())
    first, *_ = rank([SIGNATURES[4]], catalogue)
    assert (first.entry_id, first.measurement.verified) == (4, None)


def test_several_threads_search_while_another_changes_the_catalogue() -> None:
    catalogue = empty()
    catalogue.add([CatalogueEntry(1, 1, SIGNATURES[1])])
    stop = threading.Event()

    def search() -> set[int]:
        firsts = {rank([SIGNATURES[1]], catalogue)[0].entry_id}
        while not stop.is_set():
            firsts.add(rank([SIGNATURES[1]], catalogue)[0].entry_id)
        return firsts

    searches = [begin(search) for _ in range(3)]
    try:
        for _ in range(10):
            catalogue.add(CatalogueEntry(seed, seed, SIGNATURES[seed]) for seed in range(2, 9))
            catalogue.remove(range(2, 9))
    finally:
        stop.set()
    assert [each.result(PATIENCE) for each in searches] == [{1}] * 3
    assert found(catalogue, 1) == [1]


def test_only_compact_parts_are_kept() -> None:
    catalogue = catalogue_of(SIGNATURES)
    assert catalogue.size_bytes / len(catalogue) < 20_000
    assert Signature.from_bytes(SIGNATURES[1].compact()).details is None


def test_photos_stay_in_the_order_of_their_addition() -> None:
    catalogue, seeds = empty(), [4, 2, 7, 1, 5, 3]
    for seed in seeds:
        catalogue.add([CatalogueEntry(seed, seed, SIGNATURES[seed])])
        assert catalogue.size_bytes
    assert catalogue.as_segment().entry_ids.tolist() == seeds
    catalogue.remove([7])
    assert catalogue.as_segment().entry_ids.tolist() == [4, 2, 1, 5, 3]
    assert empty().as_segment().entry_ids.tolist() == []


def test_segments_are_joined_when_they_are_not_over_twice_the_next() -> None:
    part = _Part(Segment.of([1], [1], [SIGNATURES[1]]), np.ones(1, np.bool_))

    def living(*parts: _Part, most_joined: int | None = None) -> list[int]:
        return [each.living for each in _tidied(parts, most_joined)]

    (four,) = _tidied(_tidied((part,) * 4, None), None)
    assert [living(part), living(part, part)] == [[1], [2]]
    assert living(four, part) == [4, 1]
    assert living(four, part, part) == [4, 2]
    assert living(four, part, part, part) == [4, 2, 1]
    assert living(four, part, part, part, part) == [8]
    assert living(part, part, part, part, most_joined=3) == [2, 2]
    assert [living(part, part, most_joined=most) for most in (1, 2)] == [[1, 1], [2]]
    assert living(_Part(part.segment, np.zeros(1, np.bool_))) == []


@pytest.mark.parametrize(("gone", "left_in_place"), [(1, 3), (2, 2)])
def test_a_segment_is_rewritten_once_a_quarter_of_it_is_gone(gone: int, left_in_place: int) -> None:
    catalogue = empty()
    catalogue.add(CatalogueEntry(seed, seed, SIGNATURES[seed]) for seed in (1, 2, 3, 4))
    (before,) = catalogue._snapshot()
    catalogue.remove(range(1, 1 + gone))
    (after,) = catalogue._snapshot()
    assert len(after.segment) == (4 if gone == 1 else left_in_place)
    assert (after.segment is before.segment) is (gone == 1)


def test_colours_and_cosines_are_of_the_photos_that_are_left() -> None:
    catalogue = empty()
    catalogue.add(CatalogueEntry(seed, seed + 10, SIGNATURES[seed]) for seed in range(1, 9))
    assert np.array_equal(catalogue.colours(3), SIGNATURES[3].colour)
    catalogue.remove([3])
    assert catalogue.colours(3) is None
    items, cosines = catalogue.cosines(np.ones(4, np.int8))
    assert items.tolist() == [11, 12, 14, 15, 16, 17, 18]
    assert np.isnan(cosines).all()
    items, cosines = empty().cosines(np.ones(4, np.int8))
    assert (len(items), len(cosines)) == (0, 0)
