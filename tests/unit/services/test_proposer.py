"""Waiting photos put together again as more of them come."""

import numpy as np
import pytest

from gallery import matching
from gallery.models import LotPhoto, WaitingSignature
from gallery.services.items.numbering.numbers import draw_public_number
from gallery.services.lots import proposing
from gallery.services.lots.grouping import DOUBTED
from gallery.services.lots.proposing import (
    AFTER,
    BEFORE,
    MAX_JUDGED,
    NOBODY,
    DetailCounts,
    _doubted,
    _placed,
    _put_together,
)
from tests import pictures

MANY_DETAILS = 500


def photo(seed: int) -> LotPhoto:
    signature = matching.describe(np.asarray(pictures.picture(seed)))
    kept = WaitingSignature(compact=signature.compact(), details=signature.details_bytes())
    return LotPhoto(public_id=f"{seed}", described_digest="d", camera="", taken="", signature=kept)


def details_of(photo: LotPhoto) -> bytes | None:
    return photo.signature and photo.signature.details


def test_two_photos_are_compared_closely_once() -> None:
    photos, counts = [photo(seed) for seed in range(3)], DetailCounts({}, details_of)
    assert _put_together(photos[:2], counts) == {"0": "0", "1": "1"}
    # Were they compared again, they would share as few details as before.
    known = DetailCounts(dict.fromkeys(counts.asked, MANY_DETAILS), details_of)
    assert _put_together(photos, known) == {"0": "0", "1": "0", "2": "2"}
    photos[1].described_digest = "with a part hidden"
    assert _put_together(photos, known)["1"] == "1"


def test_no_more_details_stay_in_memory_than_photos_that_are_taken_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proposing, "MAX_DETAILED", 2)
    photos, read = [photo(seed) for seed in (0, 0, 1)], list[str]()
    photos[1].public_id, photos[2].public_id = "1", "2"

    def noted(one: LotPhoto) -> bytes | None:
        read.append(one.public_id)
        return details_of(one)

    count = DetailCounts({}, noted).of(photos)
    shared = [count(0, 1), count(0, 2), count(0, 1)]
    assert shared[0] == shared[2] > 0
    assert read == ["0", "1", "2", "1"]


def test_so_are_two_that_one_card_has_placed() -> None:
    photos, counts = [photo(seed) for seed in range(2)], DetailCounts({}, details_of)
    assert _doubted(photos, counts) == {"0": NOBODY, "1": DOUBTED}
    known = DetailCounts(dict.fromkeys(counts.asked, MANY_DETAILS), details_of)
    assert _doubted(photos, known) == {"0": NOBODY, "1": NOBODY}


def test_of_thousands_under_one_card_only_what_is_near_a_new_photo_is_read() -> None:
    many = [LotPhoto(id=at, public_id=f"{at}", camera="", together=NOBODY) for at in range(3000)]
    number = draw_public_number("35")
    keyed = [(each, number) for each in many]
    assert _placed(keyed) == []
    many[1234].together = None
    [part] = _placed(keyed)
    assert part.judged == [f"{number}" for number in range(1200, 1200 + MAX_JUDGED)]
    assert part.read == list(range(1200 - BEFORE, 1200 + MAX_JUDGED + AFTER))
    # Whether another object begins with the last ones of a part is judged by the first ones of the next, and so on.
    many[1234].together, many[1200 + MAX_JUDGED + AFTER - 1].together = NOBODY, None
    assert [part.judged[0] for part in _placed(keyed)] == ["1200", "1300"]
    many[1200 + MAX_JUDGED + AFTER - 1].together, many[1200 - BEFORE].together = NOBODY, None
    assert [part.judged[0] for part in _placed(keyed)] == ["1100", "1200"]
    for each in many:
        each.together = None
    assert [one for part in _placed(keyed) for one in part.judged] == [each.public_id for each in many]
