"""How well items answer the words of a question: rare words count more, other names of a thing a little less."""

from collections.abc import Sequence

import numpy as np

OTHER_NAME = 0.6
"""What the beginning of a longer word, or another name of the kind of thing, counts against the word itself."""
MIN_SHARE = 0.5
"""Share of the best score that an item needs: "montre en or" shows watches, not all that is of gold."""


def scores(words: Sequence[tuple[np.ndarray, np.ndarray]], size: int) -> np.ndarray:
    """Score of each item: (size,) float64, 0 where no word was found.

    words: for each, (size,) bool which items have it, and (size,) bool which have another name of it.
    """
    total = np.zeros(size)
    for exact, near in words:
        having = int((exact | near).sum())
        if having:
            total += np.log1p(size / having) * np.where(exact, 1.0, np.where(near, OTHER_NAME, 0.0))
    return total


def answering(scored: np.ndarray) -> np.ndarray:
    """Which items answer well enough to be shown: (n,) bool."""
    best = scored.max(initial=0.0)
    return np.asarray((scored > 0) & (scored >= MIN_SHARE * best))
