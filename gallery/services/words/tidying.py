"""Text as it is kept, whoever typed, pasted or listed it: composed, visible, without blanks around."""

import re
import unicodedata

LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control and format characters (soft hyphens, zero width spaces, changes of direction), half pairs, private letters.
INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co"))
# They join letters of Arabic and of Indic scripts, and the parts of an emoji: kept between two such characters.
JOINERS = frozenset("\u200c\u200d")
# Letters without a shape of their own: what looks empty must be empty.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u180b\u180c\u180d\u180e\u034f\u17b4\u17b5")
# England, Scotland and Wales are flags made of format characters.
FLAG_LETTERS = range(0xE0020, 0xE0080)
BLACK_FLAG = "\U0001f3f4"


def tidy_line(text: str | None) -> str:
    """One line: NFC, nothing invisible, single spaces.

    >>> tidy_line("  Bague\\x00 e\\u0301ma\\u00adill\\u200bée \\n d’or\\u202e ")
    'Bague émaillée d’or'
    """
    return " ".join(_visible(LINE_ENDS.sub(" ", text or "")).split())


def tidy_text(text: str | None) -> str:
    """Several lines: NFC, nothing invisible but ends of line, no blanks around.

    >>> tidy_text("Rayure \\r\\nau dos\\x00\\r\\n")
    'Rayure\\nau dos'
    """
    return "\n".join(_visible(line).rstrip() for line in LINE_ENDS.split(text or "")).strip()


def _visible(text: str) -> str:
    """NFC and blanks as spaces; what shows nothing goes, but a joiner between two characters that it joins."""
    spaced = "".join(" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", text))
    kept = (letter for place, letter in enumerate(spaced) if _is_kept(spaced, place))
    # Letters that an invisible one has kept apart are composed now.
    return unicodedata.normalize("NFC", "".join(kept))


def _is_kept(text: str, place: int) -> bool:
    letter = text[place]
    if letter in JOINERS:
        return 0 < place < len(text) - 1 and _is_joined(text[place - 1]) and _is_joined(text[place + 1])
    if ord(letter) in FLAG_LETTERS:
        return BLACK_FLAG in text[:place]
    return letter not in BLANK_LETTERS and unicodedata.category(letter) not in INVISIBLE


def _is_joined(letter: str) -> bool:
    """Whether a joiner beside it does something: marks, symbols, letters beyond Latin, Greek and Cyrillic ones."""
    return unicodedata.category(letter) in ("So", "Sk", "Sm", "Mn", "Mc") or (letter.isalpha() and ord(letter) > 0x52F)
