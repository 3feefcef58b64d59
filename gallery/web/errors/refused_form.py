"""A form that was refused for no fault of its own: the page that says so sends it again, and nothing typed is lost."""

from contextlib import suppress
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from gallery.errors import GalleryError
from gallery.web import languages

# For now there are too many, or a part does not answer.
PASSING = frozenset({429, 503})
# Bytes of a form without large files.
OF_WORDS = 1024 * 1024
# Fields whose forms are never written into a page, short as they are.
SECRET_FIELDS = frozenset({"password", "again", "token", "mot_de_passe_confirme"})


@dataclass(frozen=True)
class RefusedForm:
    """What was sent. fields: name and value of each; files: the names of fields whose files have to be chosen anew."""

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def of_refused(status: int) -> RefusedForm | None:
    """The form of this request, for the page of an error; None where sending it again is no remedy.

    The token against forged requests goes back as it came: a form that a stranger's page has sent has none that holds.
    """
    # A form that was refused unread stays unread: what a stranger sends beyond an allowance costs nothing.
    if request.method != "POST" or status not in PASSING or "form" not in vars(request):
        return None
    fields = tuple((name, value) for name, values in request.form.lists() for value in values)
    files = tuple(name for name, given in request.files.lists() if any(each.filename for each in given))
    if not fields or SECRET_FIELDS & set(request.form):
        return None
    prefix = request.script_root + languages.PREFIXES[languages.of_address()]
    return RefusedForm(prefix + request.full_path.rstrip("?"), fields, files)


def of_outage() -> RefusedForm | None:
    """The same where a part has failed before anything was read: words are read now, and large files are not."""
    if request.method == "POST" and 0 < (request.content_length or 0) <= OF_WORDS:
        with suppress(HTTPException, GalleryError):
            request.form.keys()
    return of_refused(503)
