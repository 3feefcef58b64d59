"""What both sites share: the application object, its resources, headers, errors and words."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from gallery.config import Settings, Site
from gallery.config.values import keys_of
from gallery.extensions import babel, bootstrap, csrf, limiter
from gallery.web import (
    assets,
    catalogues,
    cookies,
    errors,
    headers,
    labels,
    languages,
    outages,
    resources,
    theme,
)
from gallery.web.health import readiness, watching
from gallery.web.intake import bodies, limits, sessions, tokens, turns
from gallery.web.requests import MemoryRequest

FOLDER = Path(__file__).parent.parent
# Nothing is in it but what a form's token is compared with: a page left open over a weekend can still be sent.
PUBLIC_SESSION = timedelta(days=7)
# Seconds. Redis answers in a thousandth; a visitor must not wait for one that hangs.
REDIS_TIMES = {"socket_connect_timeout": 1, "socket_timeout": 1}


def application(settings: Settings, site: Site, *, mounted_at: str) -> Flask:
    """Make the Flask object of one site with its configuration and extensions, without any page."""
    app = languages.SpeakingFlask("gallery", root_path=str(FOLDER), template_folder="templates", static_folder="static")
    app.request_class = MemoryRequest
    app.config.from_mapping(_configuration(settings, site, mounted_at))
    # Else "//" in a path is answered with the whole address, whose host is whatever the request said.
    app.url_map.merge_slashes = False
    app.session_interface = sessions.TolerantSessions()
    resources.open_in(app, settings, site)
    catalogues.init_app(app, site)
    limits.init_app(app, settings)
    bodies.init_app(app, settings)
    tokens.init_app(app)
    turns.init_app(app, settings.max_searches_at_once)
    for extension in (csrf, limiter, bootstrap):
        extension.init_app(app)
    babel.init_app(app, locale_selector=_language_of(site))
    # No French punctuation mark begins a line.
    babel.domain_instance = languages.TypesetDomain()
    assets.init_app(app)
    headers.init_app(app, site)
    errors.init_app(app, site)
    outages.init_app(app, site)
    readiness.init_app(app, site)
    labels.init_app(app, site)
    theme.init_app(app, settings)
    return app


def register(app: Flask, site: Site) -> None:
    """Add the pages of one site; the other's are not even imported."""
    if site is Site.PUBLIC:
        from gallery.web import public

        public.register(app)
    else:
        from gallery.web import backoffice

        backoffice.register(app)
    watching.init_app(app, site)
    _believe_proxies(app)


def _believe_proxies(app: Flask) -> None:
    """Take host, scheme and visitor's address from the trusted proxies, before any other middleware."""
    hops = resources.resources_of(app).settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _language_of(site: Site) -> Callable[[], str]:
    if site is Site.PUBLIC:
        return languages.of_reader
    from gallery.web.backoffice.account import language

    return language.chosen


def _configuration(settings: Settings, site: Site, mounted_at: str) -> dict[str, object]:
    is_public = site is Site.PUBLIC
    keys = keys_of(settings.public_secret_key if is_public else settings.backoffice_secret_key)
    newest, *former = keys or [""]
    return {
        "SECRET_KEY": newest,
        # What was signed before the key was changed is good for as long as the former key stays.
        "SECRET_KEY_FALLBACKS": former,
        "WTF_CSRF_SECRET_KEY": [*reversed(former), newest],
        "SESSION_COOKIE_NAME": cookies.name_of(
            "galerie" if is_public else "agents",
            is_secure=settings.secure_cookies or settings.production,
            path=mounted_at,
        ),
        "SESSION_COOKIE_PATH": mounted_at,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax" if is_public else "Strict",
        "SESSION_COOKIE_SECURE": settings.secure_cookies or settings.production,
        "PERMANENT_SESSION_LIFETIME": PUBLIC_SESSION if is_public else timedelta(hours=settings.session_hours),
        "MAX_FORM_PARTS": 200,
        # A token is good for as long as the session that it is bound to, and no longer.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": REDIS_TIMES if settings.redis_url else {},
        "RATELIMIT_HEADERS_ENABLED": False,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
    }
