"""Telephone numbers that the public dials: read as French people write them, an extension apart."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from gallery.errors import FieldInvalid

COUNTRY = "FR"
# First four digits of what is dialled within France -> the overseas department or collectivity, whose country code is
# another. The library takes some of these for numbers of the mainland.
OVERSEAS = {
    **dict.fromkeys(("0262", "0263", "0692", "0693"), "RE"),
    **dict.fromkeys(("0269", "0639"), "YT"),
    **dict.fromkeys(("0590", "0690", "0691"), "GP"),
    **dict.fromkeys(("0594", "0694"), "GF"),
    **dict.fromkeys(("0596", "0696", "0697"), "MQ"),
    "0508": "PM",
}
# Where numbers are written as within France; the six digits of Saint-Pierre-et-Miquelon can be dialled there only.
WRITTEN_NATIONALLY = {phonenumbers.country_code_for_region(each) for each in (COUNTRY, "RE", "GP", "GF", "MQ")}
# How people write it -> what the library knows. What comes before may have no letter: an O is no zero.
EXTENSION = re.compile(r"(?i)[\s,;/(]*(?:poste|extension|ext|p|x|#)[\s.:°]*(\d{1,6})\s*\)?$")
WRITTEN = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+")


def tidied(text: str) -> str:
    """A number as the public reads it; empty stays empty. Raises FieldInvalid for what can't be dialled.

    >>> tidied("0261913501 poste 12"), tidied("+33 (0)2.61.91.35.01"), tidied("")
    ('02 61 91 35 01 poste 12', '02 61 91 35 01', '')
    >>> tidied("0692123456"), tidied("0508 41 12 34")
    ('0692 12 34 56', '+508 41 12 34')
    """
    if not text.strip():
        return ""
    number = _read(text)
    national = phonenumbers.format_number(_without_extension(number), _format_of(number))
    return f"{national} poste {number.extension}" if number.extension else national


def dialled(text: str) -> str:
    """The address that dials a number (RFC 3966); empty for one that can't be.

    >>> dialled("02 61 91 35 01 poste 12"), dialled("0299")
    ('tel:+33-2-61-91-35-01;ext=12', '')
    """
    try:
        return phonenumbers.format_number(_read(text), PhoneNumberFormat.RFC3966)
    except FieldInvalid:
        return ""


def _read(text: str) -> PhoneNumber:
    text = " ".join(text.split())
    extension = EXTENSION.search(text)
    plain = (text[: extension.start()] if extension else text).replace("(0)", "").strip()
    try:
        if WRITTEN.fullmatch(plain) is None:
            raise FieldInvalid("public_phone", text)
        number = phonenumbers.parse(*_placed(plain))
    except NumberParseException as error:
        raise FieldInvalid("public_phone", text) from error
    if not phonenumbers.is_valid_number(number):
        raise FieldInvalid("public_phone", text)
    if extension:
        number.extension = extension[1]
    return number


def _placed(plain: str) -> tuple[str, str]:
    """A number as the library reads it, and the region within which it was dialled."""
    digits = re.sub(r"\D", "", plain)
    region = COUNTRY if "+" in plain else OVERSEAS.get(digits[:4], COUNTRY)
    return (digits[4:], region) if region == "PM" else (plain, region)


def _without_extension(number: PhoneNumber) -> PhoneNumber:
    return PhoneNumber(country_code=number.country_code, national_number=number.national_number)


def _format_of(number: PhoneNumber) -> int:
    is_dialled_so = number.country_code in WRITTEN_NATIONALLY
    return PhoneNumberFormat.NATIONAL if is_dialled_so else PhoneNumberFormat.INTERNATIONAL
