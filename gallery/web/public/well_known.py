"""What programs ask of the site under fixed addresses (RFC 8615)."""

from datetime import UTC, datetime, timedelta

from flask import Response
from werkzeug.exceptions import NotFound

from gallery.services.albums import signing_keys
from gallery.web.resources import now, resources

# RFC 9116 asks for a day less than a year ahead; a copy that somebody keeps must grow old.
SECURITY_DAYS = 90


def keys() -> Response:
    """The keys that albums are signed with; raise FileAbsent before the first album."""
    return Response(signing_keys.document(resources().public), mimetype="application/json")


def security() -> Response:
    """Where to report a hole in the service's security (RFC 9116); nothing when the operator says nowhere."""
    settings = resources().settings
    if not settings.security_contact:
        raise NotFound
    day = (now() + timedelta(days=SECURITY_DAYS)).date()
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat()}",
        "Preferred-Languages: fr, en",
    ]
    if settings.public_address:
        lines.append(f"Canonical: {settings.public_address}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
