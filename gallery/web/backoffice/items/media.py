"""Files of the unit's photos, from the private store: renditions for the pages, originals to download."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from gallery.errors import PhotoNotFound
from gallery.services.items import original_names, photos
from gallery.storage import original_key, rendition_key
from gallery.web.backoffice import looking
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.headers import keep_for_officer
from gallery.web.resources import database, resources

MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
# Letters of the digest in the addresses of the templates.
DIGEST_IN_ADDRESS = 12
NOTHING_RUNS = "default-src 'none'; sandbox"


def rendition(public_id: str, name: str) -> ResponseReturnValue:
    """One size of a photo, hidden or not, of the unit or of an item that any unit has published."""
    photo = photos.get_seen(database(), public_id, by=current_officer())
    if name not in {size.name for size in photo.renditions}:
        raise PhotoNotFound(public_id)
    return answer(rendition_key(photo.rendition_digest, name), photo.rendition_digest)


def answer(key: str, digest: str) -> Response:
    """The rendition under this key; the browser may keep it when its address names the digest."""
    response = _file(resources().private.get(key), MEDIA_TYPES[key.rpartition(".")[2]])
    is_named_by_digest = request.args.get("v") == digest[:DIGEST_IN_ADDRESS]
    return keep_for_officer(response) if is_named_by_digest else response


def original(public_id: str) -> ResponseReturnValue:
    """The officer's file, byte for byte, to download."""
    photo = photos.get_own(database(), public_id, by=current_officer())
    looking.note("download_original", photo.item)
    data = resources().private.get(original_key(photo.original_sha256))
    # The name is made of our own letters only; the type is the one that decoding found.
    response = _file(
        data, photo.media_type if photo.media_type in original_names.SUFFIXES else "application/octet-stream"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{original_names.name_of(photo)}"'
    return response


def _file(data: bytes, media_type: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response
