"""Security headers of every answer. Nothing is loaded from elsewhere, nothing inline runs, nobody frames us."""

from flask import Flask, Response, request

from gallery.config import Site
from gallery.web.workplace import workplace

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
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


def init_app(app: Flask, site: Site) -> None:
    """Put the headers on every answer of this site."""
    production = app.extensions["workplace"].settings.production

    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        response.headers.setdefault("Cache-Control", _caching(site))
        return response

    app.after_request(add)


def _caching(site: Site) -> str:
    """Pages are asked for anew each time; those that may hold something of a person are not even kept."""
    return "no-store" if site is Site.BACKOFFICE or request.method != "GET" else "no-cache"


def photo_caching() -> str:
    """How long a public photo may be kept: after that its publication is checked again."""
    return f"public, max-age={workplace().settings.photo_cache_seconds}"
