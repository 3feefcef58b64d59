"""Cells of tables that a spreadsheet opens: what was typed by somebody must not become a formula there."""

import re

# A text is cut into cells again where it is pasted or its quotes are lost: at each line, tab and separator.
_BEGINNING = re.compile(r"(^|[\n\r\v\f\x85\u2028\u2029\t;,|])([ \t\u00a0]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def harmless(cell: str) -> str:
    """The cell with an apostrophe before each line, or part after a separator, that would begin a formula.

    >>> harmless("Bague or\\n=2+3"), harmless("- bague; = or"), harmless("Bague - or, 18 carats")
    ("Bague or\\n'=2+3", "'- bague; '= or", 'Bague - or, 18 carats')
    """
    return _BEGINNING.sub(r"\1\2'", cell)
