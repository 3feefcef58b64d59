"""Health checks for monitors and proxies: whether a process is alive, and whether it could do its work now."""

from flask import Flask, Response, current_app, request

from gallery.config import Site
from gallery.services import readiness
from gallery.services.readiness import Needs
from gallery.web.catalogues import catalogues_of
from gallery.web.health.remembered import Remembered
from gallery.web.resources import resources_of

# Anybody may ask, so the database and the stores are asked once in a while only.
ASKED_EVERY_SECONDS = 2.0
READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask, site: Site) -> None:
    """Let this site's pages `alive` and `ready` answer; nothing is written beside a store of another installation."""
    needs = _needs(app, site)
    app.extensions["readiness"] = Remembered(lambda: readiness.lacking(needs), ASKED_EVERY_SECONDS)
    if not needs.owned:
        return
    refusals = Remembered(lambda: readiness.owner_refusals(needs), ASKED_EVERY_SECONDS)

    def refuse_to_write() -> None:
        if request.method not in READING and (found := refusals.value()):
            raise found[0]

    app.before_request(refuse_to_write)


def alive() -> Response:
    """Say that the process answers: whatever else is wrong, a restart would not help."""
    return _text("ok")


def ready() -> Response:
    """Say whether the site could do its work: 503 with a word for each part that is not there, and no details."""
    lacking = current_app.extensions["readiness"].value()
    return _text("\n".join(lacking), status=503) if lacking else _text("ready")


def _needs(app: Flask, site: Site) -> Needs:
    """The public site reads, and goes on reading while a disk is full; the back office writes."""
    place = resources_of(app)
    if site is not Site.PUBLIC:
        return readiness.needs_of(place)
    index = catalogues_of(app).gallery.current
    return Needs(place.sessions, [place.public], [], [], place.settings.least_free_bytes, index)


def _text(line: str, status: int = 200) -> Response:
    return Response(line + "\n", status=status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
