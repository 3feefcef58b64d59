"""The bytes of public photos. Publication is asked at each request; a browser keeps them for an hour at most."""

import re

from flask import Response, request

from gallery.errors import PhotoNotFound
from gallery.services.gallery import public_items
from gallery.storage import sha256_of
from gallery.web.headers import photo_caching
from gallery.web.public import delivery
from gallery.web.public.kept import kept_allowance
from gallery.web.resources import database

# What secrets.token_urlsafe draws: another text may be one that a database refuses, such as a NUL.
PUBLIC_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def show(public_id: str, name: str) -> Response:
    """One size of a public photo."""
    if PUBLIC_ID.fullmatch(public_id) is None:
        raise PhotoNotFound(public_id)
    return kept_allowance(lambda: _allowed(public_id, name))


def _allowed(public_id: str, name: str) -> Response:
    key = public_items.photo_file_key(database(), public_id, name)
    etag = sha256_of(key.encode())[:32]
    if request.if_none_match.contains(etag):
        # Still public, and the same: the store need not be asked.
        return _to_keep(Response(status=304), etag)
    answer = delivery.picture(key)
    return answer if answer.status_code == 302 else _to_keep(answer, etag)


def _to_keep(answer: Response, etag: str) -> Response:
    answer.headers["Cache-Control"] = photo_caching()
    answer.set_etag(etag)
    return answer
