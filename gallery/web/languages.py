"""The language of a page: French, unless the visitor has chosen another one that the catalogue speaks."""

import re

from flask import request

from gallery.web import cookies

LANGUAGES = ("fr", "en")
COOKIE = "langue"
# The back office's own: for the pages on which nobody is known yet.
DESK_COOKIE = "langue_agents"


def chosen(cookie: str = COOKIE) -> str:
    """The language chosen by cookie, else French."""
    language = cookies.read(cookie) if request else ""
    return language if language in LANGUAGES else "fr"


def typeset(text: str) -> str:
    """French text whose signs never begin a line without the word before them.

    >>> typeset("Est-ce « le vôtre » ?") == "Est-ce «\\u00a0le vôtre\\u00a0»\\u00a0?"
    True
    """
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)
