"""The bytes of public photos. Publication is asked at each request; a browser keeps them for an hour at most."""

from flask import Response, request

from gallery.services import public_items
from gallery.storage import sha256_of
from gallery.web.headers import photo_caching
from gallery.web.workplace import database, workplace


def show(public_id: str, name: str) -> Response:
    """One size of a public photo."""
    key = public_items.photo_file_key(database(), public_id, name)
    data = workplace().public_store.get(key)
    answer = Response(data, mimetype="image/webp" if name.endswith(".webp") else "image/jpeg")
    answer.headers["Cache-Control"] = photo_caching()
    answer.set_etag(sha256_of(key.encode())[:32])
    answer.make_conditional(request)
    return answer
