"""What a telephone asks of a site that it installs: the manifest, and the worker that answers when there is no network.

The worker keeps one page with nothing personal in it, and that page's files, by their digests. Everything is asked of
the network first; no photo and no other page is ever kept.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import NotFound

from gallery.storage import sha256_of
from gallery.web import labels
from gallery.web.assets import OURS, StaticFiles
from gallery.web.resources import resources
from gallery.web.theme import Theme

WORKER = Path(__file__).parent.parent / "static" / "service-worker.js"
ICONS = (("192.png", "192x192", "any"), ("512.png", "512x512", "any"), ("512-maskable.png", "512x512", "maskable"))
COLOURS = {"theme_color": "#10474a", "background_color": "#faf7f2"}


@dataclass(frozen=True)
class OfflinePage:
    """The page that is there without a network.

    endpoint, make: where it is, and what makes it, the same for everybody who reads the language. styles, scripts: our
    files that it loads. patience: milliseconds after which it is shown while the network has not answered; 0: never.
    shared, opened: the endpoint to which a telephone posts shared photos, and the one of the page that takes them.
    """

    endpoint: str
    make: Callable[[], str]
    styles: Sequence[str]
    scripts: Sequence[str] = ()
    patience: int = 0
    shared: str = ""
    opened: str = ""


def manifest(more: Mapping[str, Any]) -> Response:
    """The site's web app manifest, unless nobody may install it. more: what this site alone says."""
    if not resources().settings.installable:
        raise NotFound
    icons = [
        {"src": url_for(OURS, filename=f"icons/{name}"), "sizes": size, "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    root = f"{request.script_root}/"
    told = {"id": root, "scope": root, "display": "standalone", "lang": labels.language(), "icons": icons}
    answer = Response(json.dumps(told | COLOURS | dict(more), ensure_ascii=False))
    answer.mimetype = "application/manifest+json"
    return answer


def icon() -> Response:
    """The site's picture, for browsers that ask at the addresses they have always asked at."""
    answer = current_app.send_static_file("icons/apple.png")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def service_worker(kept: OfflinePage) -> Response:
    """The service worker's script. When nobody may install the site any more, it removes itself and what it kept."""
    told = _told(kept) if resources().settings.installable else None
    script = f"const SITE = {json.dumps(told)};\n{WORKER.read_text(encoding='utf-8')}"
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _told(kept: OfflinePage) -> dict[str, object]:
    files = _files(kept)
    return {
        "version": sha256_of(json.dumps([kept.make(), *files]).encode())[:16],
        "page": url_for(kept.endpoint),
        "files": files,
        "patience": kept.patience,
        "shared": url_for(kept.shared) if kept.shared else "",
        "opened": url_for(kept.opened) if kept.opened else "",
    }


def _files(kept: OfflinePage) -> list[str]:
    """The addresses of all that the page loads, as it names them."""
    static: StaticFiles = current_app.extensions["static_files"]
    theme = cast(Theme, current_app.jinja_env.globals["theme"])
    modules = [name for script in kept.scripts for name in (script, *static.imports(OURS, script))]
    ours = dict.fromkeys(["icon.svg", *kept.styles, *modules])
    bootstrap = [theme.base()] if theme.bootstrap else []
    dressed = [theme.address(name) for name in (*theme.stylesheets, *theme.scripts)]
    return [*bootstrap, *(url_for(OURS, filename=name) for name in ours), *dressed]
