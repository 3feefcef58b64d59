"""An address of its own for monitors: whether the installation lives and is ready, and its figures. No page of a site.

Without sign-in and without secrets, so its port is for this machine and its monitor alone (docs/operations.md).
"""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from gallery.config import Settings
from gallery.database import open_engine, session_factory
from gallery.sealing import Sealer
from gallery.services import measures, readiness, schema, stores
from gallery.services.operating import counts, limiter, state
from gallery.services.readiness import Part
from gallery.services.resources import Resources
from gallery.web.health.figures import Figures, FoundNow
from gallery.web.health.remembered import Remembered

LOOKED_EVERY_SECONDS = 2.0
COUNTED_EVERY_SECONDS = 15.0
INDEX = "gallery_index_built_timestamp_seconds"


def application(settings: Settings) -> Flask:
    """The health site of an installation."""
    given = Resources(
        settings=settings,
        sessions=session_factory(open_engine(settings.database_address, connections=settings.database_connections)),
        public=stores.open_public(settings),
        private_store=stores.open_private(settings),
        sealer=Sealer(""),
        now=lambda: datetime.now(UTC),
    )
    return of(given)


def of(given: Resources) -> Flask:
    """The same for what was opened already."""
    app = Flask("gallery", static_folder=None)
    looked = Remembered(lambda: _look(given), LOOKED_EVERY_SECONDS)
    seen = Remembered(lambda: _count(given, looked.value()), COUNTED_EVERY_SECONDS)
    registry = CollectorRegistry(auto_describe=False)
    figures = Figures(given, seen.value)

    def livez() -> Response:
        return _plain("ok\n")

    def readyz() -> Response:
        found = looked.value()
        answer = jsonify(_table(given, found))
        answer.status_code = 503 if found.lacking else 200
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def metrics() -> Response:
        return _plain(generate_latest(registry).decode(), CONTENT_TYPE_LATEST)

    registry.register(figures)
    for path, view in (("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)):
        app.add_url_rule(path, view_func=view)
    return app


def _look(given: Resources) -> FoundNow:
    redis, lacking, found = given.settings.redis_url, readiness.lacking(readiness.seen_from_outside(given)), ""
    try:
        if Part.DATABASE not in lacking:
            with given.sessions() as session:
                found = schema.look(session).found
    except SQLAlchemyError:
        lacking.append(Part.DATABASE)
    return FoundNow(lacking, None, not redis or limiter.answers(redis), found)


def _count(given: Resources, seen: FoundNow) -> FoundNow:
    if {Part.DATABASE, Part.SCHEMA} & set(seen.lacking):
        return seen
    try:
        with given.sessions() as session:
            counted = counts.count(session, now=given.now())
            return replace(seen, counts=counted, ours=state.ours_of(session, given))
    except SQLAlchemyError:
        # It has gone since it was looked at.
        return replace(seen, lacking=[*seen.lacking, Part.DATABASE])


def _table(given: Resources, seen: FoundNow) -> dict[str, object]:
    """What is lacking by its words, what is degraded, and how old things are, in seconds."""
    now = given.now().timestamp()
    parts = {part.value: "lacking" if part in seen.lacking else "ok" for part in Part}
    snapshot = state.snapshot_of(given.settings.snapshot_path)
    return {
        "ready": not seen.lacking,
        "parts": parts | {"limiter": "ok" if seen.limiter else "degraded"},
        "schema": {"database": seen.schema, "program": schema.known_revisions()[-1]},
        "snapshot_age_seconds": snapshot and round(now - snapshot.written_at.timestamp()),
        "index_age_seconds": _index_age(given, now),
    }


def _index_age(given: Resources, now: float) -> int | None:
    """Since when no process of the public site has had to bring its index up to date; None when none has said."""
    folder = given.settings.metrics_path
    shown = measures.shared(folder) if folder else ()
    built = [sample.value for metric in shown for sample in metric.samples if sample.name == INDEX]
    return round(now - min(built)) if built else None


def _plain(text: str, kind: str = "text/plain; charset=utf-8") -> Response:
    return Response(text, content_type=kind, headers={"Cache-Control": "no-store"})
