"""The code that a victim keeps: six French words, of which the last one checks the others.

The words are BIP-0039's French list (2,048, MIT licence): common, five to eight letters, and no two begin with the same
four, so that a word mistyped after its fourth letter, or without its accents, is still known.
"""

import hashlib
import re
import secrets
from functools import cache
from pathlib import Path

from gallery.errors import CodeMistyped
from gallery.services.words.folding import fold

WORD_COUNT = 6
TELLING_LETTERS = 4
LIST = Path(__file__).parent / "code_words.txt"
LETTERS = re.compile(r"[a-z]+")
MAX_TYPED = 200


def draw() -> str:
    """A new code, as it is shown: 55 random bits in five words, and the word that checks them.

    >>> tidy(draw().upper()).count(" ")
    5
    """
    return made_of(secrets.token_bytes(2 * WORD_COUNT))


def made_of(secret: bytes) -> str:
    """The code that these bytes make, always the same: as good as they are. secret: 12 bytes or more, random or keyed.

    >>> made_of(bytes(12)) == made_of(bytes(12)) != made_of(bytes(range(12)))
    True
    """
    places = (int.from_bytes(secret[2 * place : 2 * place + 2]) for place in range(WORD_COUNT - 1))
    drawn = [_words()[each % len(_words())] for each in places]
    return " ".join([*drawn, _check_word(drawn)])


def tidy(typed: str) -> str:
    """The code as `locks` knows it, from what a person typed; raise CodeMistyped with the first word that is none.

    CodeMistyped without a word: there are not six, or they don't belong together.
    """
    given = LETTERS.findall(fold(typed[:MAX_TYPED]))
    known = [_known(each) for each in given]
    if len(known) != WORD_COUNT or _check_word(known[:-1]) != known[-1]:
        raise CodeMistyped
    return " ".join(fold(each) for each in known)


def _known(word: str) -> str:
    found = _by_beginning().get(word[:TELLING_LETTERS])
    if found is None or len(word) < TELLING_LETTERS:
        raise CodeMistyped(word)
    return found


def _check_word(words: list[str]) -> str:
    digest = hashlib.sha256(" ".join(fold(each) for each in words).encode()).digest()
    return _words()[int.from_bytes(digest[:4]) % len(_words())]


@cache
def _words() -> tuple[str, ...]:
    return tuple(LIST.read_text(encoding="utf-8").split())


@cache
def _by_beginning() -> dict[str, str]:
    return {fold(each)[:TELLING_LETTERS]: each for each in _words()}
