"""Which known word a misspelt one may be, the same on both databases."""

from collections.abc import Iterable
from difflib import get_close_matches

LEAST_ALIKE = 0.74
SHORTEST = 4


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like a folded one, with the same first letter; None when none is much like it.

    >>> nearest("pandantif", ["pendentif", "pendule"]), nearest("licorne", ["liseuse", "corne"])
    ('pendentif', None)
    """
    if len(word) < SHORTEST:
        return None
    same_start = (each for each in known if each[:1] == word[0] and each != word)
    return next(iter(get_close_matches(word, same_start, n=1, cutoff=LEAST_ALIKE)), None)
