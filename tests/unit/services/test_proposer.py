"""Waiting photos put together again as more of them come."""

import numpy as np

from gallery import matching
from gallery.models import LotPhoto, WaitingSignature
from gallery.services.lots.proposing import Proposer
from tests import pictures

MANY_DETAILS = 500


def photo(seed: int) -> LotPhoto:
    signature = matching.describe(np.asarray(pictures.picture(seed)))
    kept = WaitingSignature(compact=signature.compact(), details=signature.details_bytes())
    return LotPhoto(public_id=f"{seed}", described_digest="d", camera="", taken="", signature=kept)


def test_two_photos_are_compared_closely_once() -> None:
    photos, proposer = [photo(seed) for seed in range(3)], Proposer()
    assert proposer._put_together(photos[:2]) == {"0": "0", "1": "1"}
    # Were they compared again, they would share as few details as before.
    proposer._shared = dict.fromkeys(proposer._shared, MANY_DETAILS)
    assert proposer._put_together(photos) == {"0": "0", "1": "0", "2": "2"}
    photos[1].described_digest = "with a part hidden"
    assert proposer._put_together(photos)["1"] == "1"
