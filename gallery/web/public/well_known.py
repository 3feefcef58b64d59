"""What programs ask of the site under fixed addresses (RFC 8615)."""

from flask import Response

from gallery.services.albums import signing_keys
from gallery.web.workplace import workplace


def keys() -> Response:
    """The keys that albums are signed with; raise FileAbsent before the first album."""
    return Response(signing_keys.document(workplace().public_store), mimetype="application/json")
