"""The language of a page: French, unless the visitor has chosen another one that the catalogue speaks."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import force_locale
from werkzeug.http import parse_cookie

from gallery.web import cookies

LANGUAGES = ("fr", "en")
COOKIE = "langue"
# The back office's own: for the pages on which nobody is known yet.
DESK_COOKIE = "langue_agents"


def chosen(cookie: str = COOKIE) -> str:
    """The language chosen by cookie, else French."""
    return _spoken(cookies.read(cookie) if request else "")


def read(header: str, name: str) -> str:
    """The chosen language, from a request's Cookie header and the cookie's full name, before Flask has read either."""
    return _spoken(parse_cookie(header).get(name, "") if name in header else "")


def in_french(words: Mapping[Any, str]) -> dict[str, str]:
    """These words by their codes as files have them, whatever the language of whoever asks."""
    with force_locale("fr"):
        return {code.value: str(word) for code, word in words.items()}


def typeset(text: str) -> str:
    """French text whose signs never begin a line without the word before them.

    >>> typeset("Est-ce « le vôtre » ?") == "Est-ce «\\u00a0le vôtre\\u00a0»\\u00a0?"
    True
    """
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", text)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else "fr"
