"""What programs ask of the site under fixed addresses: keys, contacts (RFC 8615), and what robots look for."""

from datetime import UTC, datetime, timedelta

from flask import Response, render_template, url_for
from flask_babel import to_user_timezone
from werkzeug.exceptions import NotFound

from gallery.services.albums import signing_keys
from gallery.services.gallery import public_items
from gallery.web import labels
from gallery.web.catalogues import catalogues
from gallery.web.languages import PREFIXES
from gallery.web.public.kept import kept
from gallery.web.resources import database, now, resources

MAPPED_PAGES = (
    "home", "items", "search", "verify", "guide", "advice", "inventory", "units", "accounts",
    "legal", "personal_data", "accessibility", "api_guide",
)  # fmt: skip
# A list may hold 50,000 addresses (https://www.sitemaps.org/protocol.html), but takes 17 MB and over two seconds then.
MAX_PAGES = 10_000 // len(PREFIXES)
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
    parts = -(-_pages_mapped() // MAX_PAGES)
    if parts == 1:
        return _mapped(1)
    files = [labels.absolute(url_for("public.sitemap_part", part=each + 1)) for each in range(parts)]
    return _xml("public/sitemap_index.xml", addresses=files)


@kept()
def sitemap_part(part: int) -> Response:
    """One of several lists, from 1."""
    if not 0 < part <= -(-_pages_mapped() // MAX_PAGES):
        raise NotFound
    return _mapped(part)


def _pages_mapped() -> int:
    return len(_fixed_pages()) + len(catalogues().gallery.current().entries)


def _mapped(part: int) -> Response:
    """The pages of one list, and when each last changed: of an item's publication the month is public."""
    fixed, start = _fixed_pages(), (part - 1) * MAX_PAGES
    first = max(0, start - len(fixed))
    entries = catalogues().gallery.current().entries[first : max(0, start + MAX_PAGES - len(fixed))]
    pages = [(path, "") for path in fixed[start : start + MAX_PAGES]]
    pages += [(url_for("public.item", number=entry.number), _month(entry.published_at)) for entry in entries]
    return _xml("public/sitemap.xml", pages=pages)


def _fixed_pages() -> list[str]:
    categories = public_items.category_counts(database())
    return [url_for(f"public.{name}") for name in MAPPED_PAGES] + [
        url_for("public.items", categorie=each.code) for each in categories
    ]


def _month(published_at: float) -> str:
    return to_user_timezone(datetime.fromtimestamp(published_at, UTC)).strftime("%Y-%m")


def _xml(template: str, **values: object) -> Response:
    return Response(render_template(template, **values), mimetype="application/xml")
