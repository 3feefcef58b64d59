"""What a text that everybody reads says of texts that are hidden: words as they are compared, and no item."""

import re
from collections.abc import Collection, Iterable, Sequence

from gallery.services.words.folding import IGNORED, WRITTEN, fold, stem

# Where a heading names several things; a comma or full stop within a number parts nothing.
PARTING = re.compile(r"[;()/\n\r]|[,.](?!\d)")
# Letters and digits: « or » alone is a word of many a title.
SHORTEST_PART = 3
SAID_OF_MANY = IGNORED | {
    "a",
    "vers",
    "environ",
    "siecle",
    "siecles",
    "annee",
    "annees",
    "epoque",
    "debut",
    "milieu",
    "fin",
    "style",
    "marque",
    "modele",
}


def told(text: str, hidden: Iterable[str], *, public: Collection[str] = ()) -> list[str]:
    """What a text says of hidden ones: of each all of it, or else parts of it.

    public: stems of words that tell nothing.

    >>> told("Bijou du XIXe, or 18 carats", ["Or 18 carats, diamant", "Bi", "bijou", "XIXe siècle"], public=["bijou"])
    ['Or 18 carats', 'XIXe']
    """
    said, found = _words(text), list[str]()
    for each in hidden:
        parts = [part for part in map(_telling, PARTING.split(each)) if len("".join(_words(part))) >= SHORTEST_PART]
        found += [each] if _says(said, each) else [part for part in parts if _says(said, part)]
    return [each for each in dict.fromkeys(found) if not {*map(stem, _words(each))} <= {*public}]


def says(text: str, words: str) -> bool:
    """Whether a text has these words, one after the other.

    >>> says("Bague, OR 18 carats", "or 18"), says("Bague, or 18 carats", "or carats")
    (True, False)
    """
    return _says(_words(text), words)


def _says(words: Sequence[str], text: str) -> bool:
    return bool(_words(text)) and f" {' '.join(_words(text))} " in f" {' '.join(words)} "


def _words(text: str) -> list[str]:
    return [fold(word) for word in WRITTEN.findall(text)]


def _telling(part: str) -> str:
    """A part of a text without the words at its ends that are said of many things."""
    words = [word for word in WRITTEN.finditer(part) if fold(word[0]) not in SAID_OF_MANY]
    return part[words[0].start() : words[-1].end()] if words else ""
