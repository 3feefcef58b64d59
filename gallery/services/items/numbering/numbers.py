"""Public numbers of items: random, read out by phone, with a check character. Example: 35-K7QM-4."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.iso7064 import mod_37_36

from gallery.errors import NumbersExhausted
from gallery.models import CardNumber, Item, Unit

# Digits and capitals without 0/O and 1/I, which are mistaken for each other on paper and by phone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RANDOM_LENGTH = 4
DRAWS = 50
DEPARTEMENT = re.compile(r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[4-9]")
SHAPE = re.compile(rf"({DEPARTEMENT.pattern})([{ALPHABET}]{{{RANDOM_LENGTH}}})([{ALPHABET}])")

NO_LETTER = re.compile(r"[^0-9A-Z]")
# What stands before a number where it is printed or said: a number itself begins with a digit.
CALLED = re.compile(r"[^0-9A-Z]*+(?:OBJET)?[^0-9A-Z]*+(?:NUM[EÉ]RO|NO|N)?[^0-9A-Z]*+(?=[0-9])")
# Far more than a number and what stands before it: what comes from outside has no end.
LONGEST_WRITTEN = 100
# A number in which one character may be wrong, missing or too many: 0 and 1 are among those that are mistaken.
EVERY_CHARACTER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_PART = r"[0-9OIL][0-9ABOIL]{1,2}"
MISTYPED = re.compile(
    rf"{FIRST_PART} [0-9A-Z]{{3,5}} [0-9A-Z]{{1,2}}|{FIRST_PART} ?(?=[A-Z]*[0-9])[0-9A-Z]{{{RANDOM_LENGTH},6}}"
)


def draw_public_number(departement: str, *, choice: Callable[[str], str] = secrets.choice) -> str:
    """Draw a number for a département: 2 or 3 characters, 4 random ones, 1 to check (ISO 7064 mod 37,36).

    The check character finds every single wrong character. It misses a few swaps of two neighbours: such numbers are
    not drawn, so that every swap is found as well. choice: draws a character; another one only where the same numbers
    must be drawn each time.

    >>> number = draw_public_number("35")
    >>> read_public_number(number.lower().replace("-", " ")) == number
    True
    """
    while True:
        drawn = "".join(choice(ALPHABET) for _ in range(RANDOM_LENGTH))
        check = mod_37_36.calc_check_digit(departement + drawn)
        if check in ALPHABET and not _stays_valid_when_swapped(departement + drawn + check):
            return f"{departement}-{drawn}-{check}"


def read_public_number(text: str) -> str | None:
    """Return the number as we write it, from what a person typed; None when it can't be one of ours.

    >>> number = draw_public_number("35")
    >>> read_public_number(f"Objet n° {number.replace('-', '–')}") == number
    True
    """
    letters = _letters_of(text)
    match = SHAPE.fullmatch(letters)
    if match is None or not mod_37_36.is_valid(letters):
        return None
    return "-".join(match.groups())


def is_meant_as_number(text: str) -> bool:
    """Whether a text is written as a number is, though it need not be one: in three parts, or with a digit in the last.

    >>> [is_meant_as_number(text) for text in ("21-FLFH-Y", "n° 21 FLFH Y", "21FL4HY", "21-FL4HY")]
    [True, True, True, True]
    >>> [is_meant_as_number(text) for text in ("bague", "21 bagues", "18 carats", "montre 1950")]
    [False, False, False, False]
    """
    return MISTYPED.fullmatch(" ".join(_parts_of(text))) is not None


def is_in_three_parts(text: str) -> bool:
    """Whether what is meant as a number has its hyphens, or blanks in their place."""
    return len(_parts_of(text)) == 3  # noqa: PLR2004  département, drawn, check


def near_numbers(text: str) -> list[str]:
    """The numbers that a text would be with one character more, less, other, or in its neighbour's place.

    >>> number = draw_public_number("35")
    >>> number in near_numbers(number[:-3] + number[-1])
    True
    """
    letters = _letters_of(text)
    if not 6 <= len(letters) <= 9:
        return []
    found = {number for each in _slips(letters) if (number := read_public_number(each)) is not None}
    return sorted(found - {read_public_number(letters)})


def _slips(letters: str) -> Iterator[str]:
    for place in range(len(letters) + 1):
        before, after = letters[:place], letters[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for character in EVERY_CHARACTER:
            yield before + character + after
            yield before + character + after[1:]


def _letters_of(text: str) -> str:
    return "".join(_parts_of(text))


def _parts_of(text: str) -> list[str]:
    return NO_LETTER.sub(" ", _called(text)).split()


def _called(text: str) -> str:
    """A text in capitals, without what stands before a number; one that is too long to be a number is none."""
    written = unicodedata.normalize("NFKC", text[: LONGEST_WRITTEN + 1]).upper()
    if len(written) > LONGEST_WRITTEN:
        return ""
    found = CALLED.match(written)
    return written[found.end() :] if found else written


def _stays_valid_when_swapped(letters: str) -> bool:
    pairs = range(len(letters) - 1)
    swapped = (letters[:each] + letters[each + 1] + letters[each] + letters[each + 2 :] for each in pairs)
    return any(other != letters and mod_37_36.is_valid(other) for other in swapped)


def free_number(session: Session, unit: Unit) -> str:
    """A number that no item has and that is on no card; raise NumbersExhausted."""
    for _ in range(DRAWS):
        number = draw_public_number(unit.departement)
        taken = session.scalar(select(Item.id).where(Item.public_number == number))
        if taken is None and session.get(CardNumber, number) is None:
            return number
    raise NumbersExhausted(unit.departement)
