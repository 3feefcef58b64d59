"""The code that a victim keeps: six French words, of which the last one checks the others.

The words are BIP-0039's French list (2,048, MIT licence): common, five to eight letters, and no two begin with the same
four, so that a word mistyped after its fourth letter, or without its accents, is still known.
"""

import hashlib
import re
import secrets
from functools import cache
from itertools import zip_longest
from pathlib import Path

from gallery.errors import CodeMistyped
from gallery.services.words.folding import fold

WORD_COUNT = 6
TELLING_LETTERS = 4
LIST = Path(__file__).parent / "code_words.txt"
LONGEST_WORD = 8
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
    known = [_known(each) for each in words_in(typed)]
    if len(known) != WORD_COUNT:
        raise CodeMistyped(count=len(known))
    if _check_word(known[:-1]) != known[-1]:
        raise CodeMistyped
    return " ".join(fold(each) for each in known)


def words_in(typed: str) -> list[str]:
    """The words that a person typed, folded, in whatever way they are parted: no word of the list begins another, so
    that words typed in one piece are told apart, too. What begins no word stays in one piece.

    >>> words_in("1. Abaisser, 2. ABANDON – aérer"), words_in("abaisserabandonaerer")
    (['abaisser', 'abandon', 'aerer'], ['abaisser', 'abandon', 'aerer'])
    """
    return [word for piece in LETTERS.findall(fold(typed[:MAX_TYPED])) for word in _parted(piece)]


def first_wrong(shown: str, typed: str) -> int | None:
    """The place, from 1, of the first of the words shown that was not typed; None where all of them were.

    >>> first_wrong("abaisser abandon aérer", "abaisser aérer"), first_wrong("abaisser", "ABAISSER")
    (2, None)
    """
    given = [_by_beginning().get(each[:TELLING_LETTERS], each) for each in words_in(typed)]
    pairs = zip_longest((_known(each) for each in words_in(shown)), given)
    return next((place for place, (one, other) in enumerate(pairs, start=1) if one != other), None)


def _parted(piece: str) -> list[str]:
    lengths = range(TELLING_LETTERS + 1, min(LONGEST_WORD, len(piece) - TELLING_LETTERS) + 1)
    length = next((each for each in lengths if piece[:each] in _folded()), None)
    further = _parted(piece[length:]) if length else []
    # Letters too many, as a keyboard adds them to a word, are no word of their own.
    is_parted = further and all(each[:TELLING_LETTERS] in _by_beginning() for each in further)
    return [piece[:length], *further] if is_parted else [piece]


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
def _folded() -> frozenset[str]:
    return frozenset(map(fold, _words()))


@cache
def _by_beginning() -> dict[str, str]:
    return {fold(each)[:TELLING_LETTERS]: each for each in _words()}
