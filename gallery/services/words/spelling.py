"""Which known word a misspelt one may be, the same on both databases."""

from collections.abc import Iterable
from difflib import get_close_matches

# difflib's ratio. Short words are alike by chance: Rennes is no reine.
MIN_ALIKE, MIN_ALIKE_SHORT = 0.74, 0.8
SHORTEST, LONG = 4, 7


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like a folded one, with the same first letter; None when none is much like it.

    >>> nearest("pandantif", ["pendentif", "pendule"]), nearest("colier", ["collier"]), nearest("renn", ["rein"])
    ('pendentif', 'collier', None)
    """
    if len(word) < SHORTEST:
        return None
    least = MIN_ALIKE if len(word) >= LONG else MIN_ALIKE_SHORT
    same_start = (each for each in known if each[:1] == word[0] and each != word)
    return next(iter(get_close_matches(word, same_start, n=1, cutoff=least)), None)
