"""Photos of a form that was sent back: they travel in the page, made small, and come back with it."""

import base64
import binascii
from collections.abc import Callable, Sequence

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from gallery import imaging
from gallery.errors import DecodersBusy, DecoderStopped
from gallery.services.declarations.statement import MAX_PHOTO_BYTES
from gallery.web.errors import sentence_for
from gallery.web.given_photos import read_photos

JPEG = b"\xff\xd8\xff"


def new_photos(files: Sequence[FileStorage], name: str, errors: dict[str, str]) -> list[bytes]:
    """The photos that could be read, made small, as JPEG; a sentence in `errors` under this name for the others."""
    try:
        given = read_photos(files)
    except (DecodersBusy, DecoderStopped) as busy:
        errors[name] = sentence_for(busy)
        return []
    if given.refused:
        refused = given.refused[0]
        errors[name] = gettext("Photo %(number)s : %(why)s", number=refused.number, why=refused.sentence)
    return [imaging.declared(picture) for picture in given.pictures]


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
