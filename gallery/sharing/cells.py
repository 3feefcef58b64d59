"""Tables as French spreadsheets open them: what was typed by somebody must not become a formula there."""

import csv
import re
from collections.abc import Iterable
from io import StringIO

# A text is cut into cells again where it is pasted or its quotes are lost: at each line, tab and separator.
_START, _FORMULA = r"(^|[\n\r\v\f\x85\u2028\u2029\t;,|])([ \t\u00a0]*)", r"(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])"
_BEGINNING = re.compile(_START + _FORMULA)
_MADE_HARMLESS = re.compile(f"{_START}'{_FORMULA}")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before each line, or part after a separator, that would begin a formula.

    >>> harmless("Bague or\\n=2+3"), harmless("- bague; = or"), harmless("Bague - or, 18 carats")
    ("Bague or\\n'=2+3", "'- bague; '= or", 'Bague - or, 18 carats')
    """
    return _BEGINNING.sub(r"\1\2'", cell)


def as_typed(cell: str) -> str:
    """What was made `harmless`, as it was before.

    >>> as_typed("Bague or\\n'=2+3"), as_typed("''- bague")
    ('Bague or\\n=2+3', "'- bague")
    """
    return _MADE_HARMLESS.sub(r"\1\2", cell)


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as lines of a table, their cells apart by semicolons; what was typed has been made harmless.

    >>> lines([("a", "b;c")])
    'a;"b;c"\\r\\n'
    """
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue()
