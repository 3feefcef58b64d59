"""How soon a password would be guessed, and why: zxcvbn's estimate, with the words of the account and of French."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

# zxcvbn's levels: 3 withstands ten thousand guesses a second for years once the hashes are stolen, 4 much longer.
STRONG_ENOUGH, BEST = 3, 4
# What is looked at of a longer one: the estimate takes time that grows with the square of the length.
READ_CHARACTERS = 64
# zxcvbn knows English and the QWERTY keyboard.
FRENCH = (
    "motdepasse", "mot de passe", "azerty", "azertyuiop", "qsdfghjklm", "wxcvbn", "gendarmerie", "gendarme", "police",
    "brigade", "bonjour", "soleil", "doudou", "loulou", "chouchou", "marseille", "france", "bretagne", "rennes",
    "objets", "retrouvés", "retrouves", "jetaime", "nicolas", "camille", "administrateur", "admin123",
)  # fmt: skip


class Weakness(enum.StrEnum):
    """What would give a password away first."""

    PERSONAL = "personal"
    REPEATED = "repeated"
    IN_A_ROW = "in_a_row"
    DATE = "date"
    COMMON = "common"


PATTERNS = {"repeat": Weakness.REPEATED, "sequence": Weakness.IN_A_ROW, "spatial": Weakness.IN_A_ROW,
            "date": Weakness.DATE}  # fmt: skip


@dataclass(frozen=True)
class Strength:
    """An estimate. level: 0 (guessed at once) to 4; weakness: why it is not higher, None when it is enough."""

    level: int
    weakness: Weakness | None

    @property
    def is_enough(self) -> bool:
        """Whether an account may have it."""
        return self.weakness is None


def strength_of(password: str, *, own_words: Iterable[str] = ()) -> Strength:
    """Estimate a password. own_words: names and addresses of the account and of the service.

    >>> strength_of("password1234").weakness, strength_of("fougère et menhir au soleil").is_enough
    (<Weakness.COMMON: 'common'>, True)
    """
    own = sorted({part for word in own_words for part in _parts(word)})
    read = password[:READ_CHARACTERS].lower()
    found = _estimator()(read, user_inputs=[*own, *FRENCH])
    level = int(found["score"])
    if _is_made_of(read, own):
        return Strength(0, Weakness.PERSONAL)
    return Strength(level, None if level >= STRONG_ENOUGH else _weakness(found["sequence"], own))


def _parts(word: str) -> list[str]:
    """A name or an address, whole and in pieces of three letters and more."""
    lowered = word.lower()
    pieces = "".join(letter if letter.isalnum() else " " for letter in lowered).split()
    return [each for each in (lowered, "".join(pieces), *pieces) if len(each) >= 3]


def _is_made_of(password: str, own: list[str]) -> bool:
    """Whether little is left once the words of the account are taken out."""
    rest = password
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(password) and sum(letter.isalnum() for letter in rest) < 6


def _weakness(sequence: list[dict[str, Any]], own: list[str]) -> Weakness:
    if any(each.get("matched_word") in own for each in sequence):
        return Weakness.PERSONAL
    longest = max(sequence, key=lambda each: len(each.get("token", "")), default={})
    return PATTERNS.get(str(longest.get("pattern")), Weakness.COMMON)


@cache
def _estimator() -> Any:
    # Imported when a password is first chosen: its lists take 0.1 s and 13 MB (2026-11-29), which few processes need.
    from zxcvbn import zxcvbn

    return zxcvbn
