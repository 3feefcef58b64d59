"""Security headers of every answer. Nothing is loaded from elsewhere, nothing inline runs, nobody frames us."""

from flask import Flask, Response, make_response, request

from gallery.config import Site
from gallery.errors import Outage, SettingInvalid
from gallery.services.resources import Resources
from gallery.web.resources import resources, resources_of

PICTURES = "img-src 'self' data: blob:"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        PICTURES,
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What is the same for everybody, in the addresses' digests too.
OUR_FILES = {"static", "bootstrap.static", "theme"}
# Until the browser is signed out, which empties it (Clear-Site-Data), or the session ends.
KEPT_BY_OFFICER = "private, max-age=43200"


def init_app(app: Flask, site: Site) -> None:
    """Put the headers on every answer of this site."""
    place = resources_of(app)
    production = place.settings.production
    headers = HEADERS | {"Content-Security-Policy": _policy(place, site)}

    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        _say_how_long_to_keep(response, site)
        return response

    app.after_request(add)


def _policy(place: Resources, site: Site) -> str:
    """Pictures may come from the operator's own object store too, where it sends them."""
    if site is Site.BACKOFFICE or place.settings.picture_delivery != "signed":
        return POLICY
    try:
        origin = place.public.origin()
    except Outage as error:
        raise SettingInvalid("picture_delivery", f"the public store signs no address: {error.why}") from error
    return POLICY.replace(PICTURES, f"{PICTURES} {origin}")


def keep_for_officer(response: Response) -> Response:
    """Let the officer's own browser keep an answer of the back office whose address changes with its content."""
    response.headers["Cache-Control"] = KEPT_BY_OFFICER
    return response


def _say_how_long_to_keep(response: Response, site: Site) -> None:
    """Pages are asked for anew each time; those that may hold something of a person are not even kept.

    The back office's are not whatever a library has written there: a header that browsers do not understand is none.
    """
    if site is Site.BACKOFFICE:
        is_kept = request.endpoint in OUR_FILES or response.headers.get("Cache-Control") == KEPT_BY_OFFICER
        if not is_kept or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache" if request.method in ("GET", "HEAD") else "no-store")


def photo_caching() -> str:
    """How long a public photo may be kept: after that its publication is checked again."""
    return f"public, max-age={resources().settings.photo_cache_seconds}"


def unkept(body: str) -> Response:
    """An answer that no browser keeps, not even for Back."""
    answer = make_response(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer
