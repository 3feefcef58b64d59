"""Keyed digests of the sealed numbers of items, by which officers find an item without any row being opened.

Two of each: one of the number as it is written, and one of what it looks like, for numbers read off a worn plate.
"""

import re
import unicodedata

from stdnum import imei

from gallery.sealing import Sealer

# Characters mistaken for each other in engraved, stamped or printed numbers; Cyrillic and Greek ones that look Latin.
LOOK_ALIKES = str.maketrans(
    "OQILSBZG" + "АВЕКМНОРСТУХ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "00115826" + "A8EKMH0PCTYX" + "A8E2H1KMN0PTYX",
)
# An IMEI is 14 digits and a check digit; some programs leave that out, or put two digits of the software instead.
IMEI_DIGITS = 14
IMEI = re.compile(r"\d{14,16}")


def exhibit_key(number: str, sealer: Sealer) -> str:
    """The digest of an exhibit number, however it is spaced or written in capitals; empty without a number."""
    return _key(same_spelling(number), sealer, purpose="exhibit number")


def serial_key(number: str, sealer: Sealer) -> str:
    """The digest of a serial number, in the same way."""
    return _key(same_spelling(number), sealer, purpose="serial number")


def exhibit_look_key(number: str, sealer: Sealer) -> str:
    """The digest of what an exhibit number looks like; empty without a number."""
    return _key(same_look(number), sealer, purpose="exhibit number, look")


def serial_look_key(number: str, sealer: Sealer) -> str:
    """The digest of what a serial number looks like; empty without a number."""
    return _key(same_look(number), sealer, purpose="serial number, look")


def same_spelling(number: str) -> str:
    """A number without what people write differently.

    >>> same_spelling("sn 44-71/b"), same_spelling("SN4471B")
    ('SN4471B', 'SN4471B')
    """
    return "".join(letter for letter in number.upper() if letter.isalnum())


def same_look(number: str) -> str:
    """A number without what people read differently; of a telephone's IMEI what every way of writing it has.

    >>> same_look("DBL-0O1I") == same_look("dbl-OO1l") == same_look("DBL0011")
    True
    >>> same_look("35 693803 564380 9") == same_look("35693803564380")
    True
    """
    looks = same_spelling(unicodedata.normalize("NFKC", number)).translate(LOOK_ALIKES)
    if IMEI.fullmatch(looks) and (len(looks) != IMEI_DIGITS + 1 or imei.is_valid(looks)):
        return looks[:IMEI_DIGITS]
    return looks


def has_wrong_check_digit(number: str) -> bool:
    """Whether a number has the length of an IMEI and not its check digit: one digit is wrong, or it is no IMEI.

    >>> has_wrong_check_digit("356938035643809"), has_wrong_check_digit("356938035643808")
    (False, True)
    """
    digits = same_spelling(number)
    return len(digits) == IMEI_DIGITS + 1 and digits.isdecimal() and not imei.is_valid(digits)


def _key(spelt: str, sealer: Sealer, *, purpose: str) -> str:
    return sealer.fingerprint(spelt, purpose=purpose) if spelt else ""
