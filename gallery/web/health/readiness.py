"""Health checks for monitors and proxies: whether a process is alive, and whether it could do its work now."""

import threading
import time
from collections.abc import Sequence

from flask import Flask, Response, current_app

from gallery.config import Site
from gallery.services import readiness
from gallery.services.readiness import Needs, Part
from gallery.web.catalogues import catalogues_of
from gallery.web.resources import resources_of

# Anybody may ask, so the database and the stores are asked once in a while only.
ASKED_EVERY_SECONDS = 2.0


def init_app(app: Flask, site: Site) -> None:
    """Let this site's pages `alive` and `ready` answer."""
    app.extensions["readiness"] = _Watch(_needs(app, site))


def alive() -> Response:
    """Say that the process answers: whatever else is wrong, a restart would not help."""
    return _text("ok")


def ready() -> Response:
    """Say whether the site could do its work: 503 with a word for each part that is not there, and no details."""
    lacking = current_app.extensions["readiness"].lacking()
    return _text("\n".join(lacking), status=503) if lacking else _text("ready")


def _needs(app: Flask, site: Site) -> Needs:
    """The public site reads, and goes on reading while a disk is full; the back office writes."""
    place = resources_of(app)
    if site is not Site.PUBLIC:
        return readiness.needs_of(place)
    index = catalogues_of(app).gallery.current
    return Needs(place.sessions, [place.public], [], [], place.settings.least_free_bytes, index)


class _Watch:
    """What is lacking, as it was a moment ago."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._lacking: Sequence[Part] = ()
        self._at = float("-inf")
        self._lock = threading.Lock()

    def lacking(self) -> Sequence[Part]:
        """Look, unless somebody has just done so; whoever asks meanwhile waits for the answer."""
        with self._lock:
            if time.monotonic() - self._at >= ASKED_EVERY_SECONDS:
                self._lacking = readiness.lacking(self._needs)
                self._at = time.monotonic()
            return self._lacking


def _text(line: str, status: int = 200) -> Response:
    return Response(line + "\n", status=status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
