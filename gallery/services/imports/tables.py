"""A CSV file as spreadsheets write it: its encoding and separator told, empty edges cut, numbers mended or refused."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from gallery.errors import FieldInvalid
from gallery.services.words.tidying import tidy_text

SEPARATORS = ",;\t|"
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What French and its typography add to ASCII in Windows-1252; other letters mean that the file is in another encoding.
WINDOWS_LETTERS = frozenset("ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿáíóúñãõåøßÁÍÓÚÑÃÕÅØ«»’‘“”–—…€£°º²³½¼¾§·•×©®™µ±\u00a0")
NUMBER_COLUMNS = ("numéro de série", "numéro de scellé", "numéro de procédure", "clé")
FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
# 3,56938E+14, or a day that was a number with a slash: the digits are gone.
ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
# A spreadsheet keeps 15 digits of a number and writes zeros for the others.
CUT = re.compile(r"\d{15}0+")
DAY = re.compile(r"(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.?-\d\d", re.IGNORECASE)
FAULT = re.compile(r"#(?:N/A|REF!|NOM\?|NAME\?|VALEUR!|VALUE!|DIV/0!|NUL!|NULL!|NOMBRE!|NUM!)", re.IGNORECASE)


@dataclass(frozen=True)
class TableLine:
    """One line of a table. number: where it ends in the file, from 1; cells: tidy, without empty ones at the end."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A header and the lines below it that are not empty."""

    header: TableLine
    lines: Sequence[TableLine]


def read(data: bytes, *, name: str) -> Table:
    """The table in a CSV file; raise FieldInvalid for what makes all of it useless."""
    text = decoded(data, name=name)
    separator, text = _separated(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines = []
    try:
        for row in reader:
            if any("\0" in cell for cell in row):
                raise FieldInvalid(f"{name}:{reader.line_num}", "NUL")
            lines.append(TableLine(reader.line_num, _without_empty_end([tidy_text(unquoted(cell)) for cell in row])))
    except csv.Error as error:
        raise FieldInvalid(f"{name}:{reader.line_num}", str(error)) from error
    filled = [line for line in lines if line.cells]
    return Table(filled[0], filled[1:]) if filled else Table(TableLine(1, ()), ())


def decoded(data: bytes, *, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, told apart by what they can't have in common.

    Raises FieldInvalid for a text in none of them, such as one that an old program on a Macintosh or under DOS wrote.
    """
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if b"\0" in data[:2]:
            return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _windows(data, name)


def unquoted(cell: str) -> str:
    """A cell that was written as a formula so that its zeros are kept, without the formula.

    >>> unquoted('="00123"'), unquoted("=A1")
    ('00123', '=A1')
    """
    found = FORMULA_TEXT.fullmatch(cell.strip())
    return found[1].replace('""', '"') if found else cell


def check(column: str, cell: str) -> None:
    """Raise FieldInvalid for what a spreadsheet has made of a value that was something else."""
    if FAULT.fullmatch(cell):
        raise FieldInvalid(f"{column} (an error of the spreadsheet)", cell)
    if column not in NUMBER_COLUMNS:
        return
    if ROUNDED.fullmatch(cell) or CUT.fullmatch(cell):
        raise FieldInvalid(f"{column} (the spreadsheet has rounded it: make the column a text, type it again)", cell)
    if DAY.fullmatch(cell):
        raise FieldInvalid(f"{column} (the spreadsheet has made a day of it: make the column a text)", cell)


def _windows(data: bytes, name: str) -> str:
    error = FieldInvalid("encoding (save it as « CSV UTF-8 »)", name)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as failure:
        raise error from failure
    if any(not letter.isascii() and letter not in WINDOWS_LETTERS for letter in text):
        raise error
    return text


def _separated(text: str) -> tuple[str, str]:
    """The separator, and the text without the line in which a spreadsheet names it."""
    first, end, rest = _first_line(text)
    named = SEPARATOR_LINE.fullmatch(first)
    if named:
        # The empty line keeps the numbers of those after it.
        return named[1], f"{end}{rest}"
    while not first.strip(SEPARATORS + ' "') and rest:
        first, _, rest = _first_line(rest)
    return max(",;\t", key=first.count), text


def _first_line(text: str) -> tuple[str, str, str]:
    found = re.search(r"\r\n|\r|\n", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def comparable(text: str) -> str:
    """A word as it is compared: without accents, case and spaces around.

    >>> comparable(" Numéro de Série ")
    'numero de serie'
    """
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).casefold().split())
