"""A form that was refused for no fault of its own: the page that says so sends it again, and nothing typed is lost."""

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from gallery.web import languages

# For now there are too many, or a part does not answer.
PASSING = frozenset({429, 503})
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
    if request.method != "POST" or status not in PASSING:
        return None
    try:
        fields = tuple((name, value) for name, values in request.form.lists() for value in values)
        files = tuple(name for name, given in request.files.lists() if any(each.filename for each in given))
    except HTTPException:
        return None
    if not fields or SECRET_FIELDS & set(request.form):
        return None
    prefix = request.script_root + languages.PREFIXES[languages.of_address()]
    return RefusedForm(prefix + request.full_path.rstrip("?"), fields, files)
