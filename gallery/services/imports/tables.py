"""A CSV file as spreadsheets write it: its encoding and separator told, empty edges cut, numbers mended or refused."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from gallery.errors import FieldInvalid
from gallery.services.imports import columns
from gallery.services.imports.refusals import CellFault
from gallery.services.words.tidying import tidy_text

SEPARATORS = ",;\t|"
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What French and its typography add to ASCII in Windows-1252; other letters mean that the file is in another encoding.
WINDOWS_LETTERS = frozenset("ÀÂÄÆÇÈÉÊËÎÏÔÖŒÙÛÜŸàâäæçèéêëîïôöœùûüÿáíóúñãõåøßÁÍÓÚÑÃÕÅØ«»’‘“”–—…€£°º²³½¼¾§·•×©®™µ±\u00a0")
FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
# 3,56938E+14, or a day that was a number with a slash: the digits are gone.
ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
# A spreadsheet keeps 15 digits of a number and writes zeros for the others; one number in ten ends so by itself.
CUT = re.compile(r"\d{15}0+")
DAY = re.compile(r"(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.?-\d\d", re.IGNORECASE)
SHORT_NUMBER = re.compile(r"0|[1-9]\d{0,10}", re.ASCII)
FAULT = re.compile(r"#(?:N/A|REF!|NOM\?|NAME\?|VALEUR!|VALUE!|DIV/0!|NUL!|NULL!|NOMBRE!|NUM!)", re.IGNORECASE)


@dataclass(frozen=True)
class TableLine:
    """One row of a table. number: as the spreadsheet counts them, from 1; cells: tidy, without empty ones at the end.

    A cell with line ends takes several lines of the file, and is in one row all the same.
    """

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
    lines: list[TableLine] = []
    try:
        for number, row in enumerate(reader, 1):
            if any("\0" in cell for cell in row):
                raise FieldInvalid(f"{name}:{number}", "NUL")
            lines.append(TableLine(number, _without_empty_end([tidy_text(unquoted(cell)) for cell in row])))
    except csv.Error as error:
        raise FieldInvalid(f"{name}:{len(lines) + 1}", str(error)) from error
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


def spoilt(column: str, cell: str) -> CellFault | None:
    """What a spreadsheet has made of a value that was something else; None: nothing.

    What is written after an apostrophe is text, and was left alone.
    """
    if FAULT.fullmatch(cell):
        return CellFault.ERROR
    if column not in columns.NUMBERS:
        return None
    if ROUNDED.fullmatch(cell):
        return CellFault.ROUNDED
    if CUT.fullmatch(cell):
        return CellFault.CUT
    return CellFault.DAY if DAY.fullmatch(cell) else None


def kept_as_text(column: str, cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would make something else of it.

    >>> kept_as_text("clé", "00123"), kept_as_text("clé", "XY-42"), kept_as_text("titre", "00123")
    ("'00123", 'XY-42', '00123')
    """
    return f"'{cell}" if _would_change(column, cell.lstrip("'")) else cell


def as_written(column: str, cell: str) -> str:
    """What was `kept_as_text`, without its apostrophe.

    >>> as_written("numéro de série", "'00123"), as_written("titre", "'00123")
    ('00123', "'00123")

    Of the two that a spreadsheet is given for a number that ends in zeros, other programs write both.
    """
    if column in columns.NUMBERS and CUT.fullmatch(bare := cell.lstrip("'")):
        return bare
    return cell[1:] if cell.startswith("'") and _would_change(column, cell.lstrip("'")) else cell


def _would_change(column: str, cell: str) -> bool:
    if spoilt(column, cell):
        return True
    if column not in columns.NUMBERS or not cell[:1].isdigit():
        return False
    return not SHORT_NUMBER.fullmatch(cell) and not any(letter.isalpha() for letter in cell)


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
    first, _, rest = _first_line(text)
    named = SEPARATOR_LINE.fullmatch(first)
    if named:
        # The spreadsheet shows no row of it.
        return named[1], rest
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
