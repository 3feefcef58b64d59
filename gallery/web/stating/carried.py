"""Photos of a form that was sent back: they travel in the page, made small, and come back with it."""

import base64
import binascii
from collections.abc import Callable, Sequence

from flask import g, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import TooManyRequests

from gallery import imaging
from gallery.errors import DecodersBusy, DecoderStopped
from gallery.services.declarations.statement import MAX_PHOTO_BYTES
from gallery.web.errors import sentence_for
from gallery.web.given_photos import read_photos
from gallery.web.intake.allowances import declaring_browsers, limited

JPEG = b"\xff\xd8\xff"
# Forms with photos from one browser: a person who makes mistakes sends one several times, only a program this often.
FORM_RATE = "10 per minute; 60 per hour"
READ = "photos_may_be_read"


def new_photos(files: Sequence[FileStorage], name: str, errors: dict[str, str]) -> list[bytes]:
    """The photos that could be read, made small, as JPEG; a sentence in `errors` under this name for the others."""
    if files and not _may_read():
        errors[name] = gettext(
            "Beaucoup de photos en peu de temps. Attendez une minute, puis choisissez-les de nouveau."
        )
        return []
    try:
        given = read_photos(files)
    except (DecodersBusy, DecoderStopped) as busy:
        errors[name] = sentence_for(busy)
        return []
    if given.refused:
        refused = given.refused[0]
        errors[name] = gettext("Photo %(number)s : %(why)s", number=refused.number, why=refused.sentence)
    return [imaging.declared(picture) for picture in given.pictures]


def _may_read() -> bool:
    """Whether this form's photos may be read, asked once for all its fields: reading costs more than sending."""
    if READ not in g:
        try:
            _count_form()
            g.setdefault(READ, True)
        except TooManyRequests:
            g.setdefault(READ, False)
    return bool(g.get(READ))


@limited(lambda: FORM_RATE, browsers=declaring_browsers)
def _count_form() -> None:
    """Raise TooManyRequests for a browser that sends very many forms with photos, whether or not they are complete."""


def is_photo(data: bytes) -> bool:
    """Whether these bytes may be a photo that a page of ours carried."""
    return data.startswith(JPEG) and len(data) <= MAX_PHOTO_BYTES


def came_back(field: str, is_sound: Callable[[bytes], bool], *, most: int) -> list[bytes]:
    """What a page of ours carried; the worker reads it again, since anybody may have written it."""
    files = []
    for text in request.form.getlist(field)[: most + 1]:
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if is_sound(data):
            files.append(data)
    return files


def as_carried(files: Sequence[bytes]) -> list[str]:
    """Files as a page carries them."""
    return [base64.b64encode(each).decode() for each in files]
