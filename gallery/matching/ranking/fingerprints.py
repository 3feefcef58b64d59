"""From what a browser says of photos that it keeps to a ranking of items: by the encoder, and by hash for exact copies.

Details and colours are not compared, so that nothing is called likelier than weak but the very same picture.
"""

from collections.abc import Collection, Sequence

import numpy as np

from gallery.matching.catalogue.searched import Searched
from gallery.matching.catalogue.segment import Question, Similarities
from gallery.matching.fingerprint import Fingerprint
from gallery.matching.ranking.comparison import Comparison
from gallery.matching.ranking.ranking import Ranked, items_of
from gallery.matching.ranking.weighing import gain, is_same_photo, stand_out_alike
from gallery.matching.tiers.colour import COLOUR_BINS
from gallery.matching.tiers.encoder import outstanding
from gallery.matching.tiers.look import nothing_seen
from gallery.matching.tiers.perceptual_hash import SUSPECTED_BITS


def rank_fingerprints(
    query: Sequence[Fingerprint],
    catalogue: Searched,
    *,
    narrowed_to: Collection[int] | None = None,
    limit: int = 60,
) -> list[Ranked]:
    """Rank the catalogue's items for each fingerprint alone, as `rank_objects` does; in the order of the photos.

    narrowed_to: ids of the items that may appear; any other appears only when the very same photo is found.
    """
    if not query or not len(catalogue):
        return []
    comparisons = [_compared(answer, narrowed_to) for answer in catalogue.answer([_question(each) for each in query])]
    return [Ranked((place,), items_of([each], (place,), limit=limit)) for place, each in enumerate(comparisons)]


def _question(fingerprint: Fingerprint) -> Question:
    nothing = nothing_seen()
    return Question(fingerprint.hash, np.zeros(COLOUR_BINS, np.uint8), nothing, nothing, fingerprint.vector)


def _compared(answer: Similarities, narrowed_to: Collection[int] | None) -> Comparison:
    allowed = np.ones(len(answer), np.bool_)
    if narrowed_to is not None:
        allowed = np.isin(answer.item_ids, list(narrowed_to))
    scores = np.where(allowed, np.nan_to_num(answer.cosine).astype(np.float64), -np.inf)
    encoded = outstanding(answer.cosine)
    alike = 0 if encoded is None else len(np.unique(answer.item_ids[allowed][stand_out_alike(encoded[allowed])]))
    comparison = Comparison(answer, scores, {}, encoded, alike)
    for row in np.flatnonzero(answer.hash_bits <= SUSPECTED_BITS).tolist():
        measured = comparison.measurement(row)
        if is_same_photo(measured):
            scores[row] = gain(measured)
    return comparison
