"""What programs ask of the site under fixed addresses: keys, contacts (RFC 8615), and what robots look for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Response, render_template, url_for
from flask_babel import to_user_timezone
from werkzeug.exceptions import NotFound

from gallery.services.albums import signing_keys
from gallery.services.gallery import public_items
from gallery.web import labels
from gallery.web.catalogues import catalogues
from gallery.web.public.kept import kept
from gallery.web.resources import database, now, resources

MAPPED_PAGES = (
    "home", "items", "search", "verify", "guide", "advice", "inventory", "units", "accounts",
    "legal", "personal_data", "accessibility", "api_guide",
)  # fmt: skip
# The most that one file may hold (https://www.sitemaps.org/protocol.html).
MAX_ADDRESSES = 50_000
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


def robots() -> Response:
    """Robots may read what pages show, the page of the search among it; tables and languages are for those who ask."""
    closed = [f"Disallow: {path}" for path in ("/langue/", "/objets.csv", "/objets.json")]
    rules = ("User-agent: *", *closed, "", f"Sitemap: {labels.absolute(url_for('public.sitemap'))}", "")
    return Response("\n".join(rules), mimetype="text/plain")


@kept()
def sitemap() -> Response:
    """Every page that a search engine may show, items newest first; a list of such lists where there are too many."""
    addresses = _addresses()
    parts = -(-len(addresses) // MAX_ADDRESSES)
    if parts == 1:
        return _list(addresses)
    files = [(labels.absolute(url_for("public.sitemap_part", part=each + 1)), "") for each in range(parts)]
    return _list(files, template="public/sitemap_index.xml")


@kept()
def sitemap_part(part: int) -> Response:
    """One of several lists, from 1."""
    addresses = _addresses()[(part - 1) * MAX_ADDRESSES : part * MAX_ADDRESSES] if part else []
    if not addresses:
        raise NotFound
    return _list(addresses)


def _addresses() -> list[tuple[str, str]]:
    """Each page, and when it last changed: of an item's publication the month is public."""
    categories = public_items.category_counts(database())
    pages = [(url_for(f"public.{name}"), "") for name in MAPPED_PAGES]
    pages += [(url_for("public.items", categorie=each.code), "") for each in categories]
    pages += [
        (url_for("public.item", number=entry.number), _month(entry.published_at))
        for entry in catalogues().gallery.current().entries
    ]
    return [(labels.absolute(page), changed) for page, changed in pages]


def _month(published_at: float) -> str:
    return to_user_timezone(datetime.fromtimestamp(published_at, UTC)).strftime("%Y-%m")


def _list(addresses: Sequence[tuple[str, str]], template: str = "public/sitemap.xml") -> Response:
    return Response(render_template(template, addresses=addresses), mimetype="application/xml")
