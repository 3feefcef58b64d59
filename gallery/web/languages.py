"""The language of a page: French, unless the visitor has chosen another one that the catalogue speaks."""

from flask import request

LANGUAGES = ("fr", "en")
COOKIE = "langue"


def chosen() -> str:
    """The language chosen by cookie, else French."""
    language = request.cookies.get(COOKIE, "") if request else ""
    return language if language in LANGUAGES else "fr"
