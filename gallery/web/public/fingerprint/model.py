"""The model that browsers run: a file of 6.8 MB under an address that changes with it, so that it is loaded once."""

from functools import cache
from threading import Lock

from flask import Response, abort

from gallery import matching

# A year: as long as browsers keep anything.
KEPT = "public, max-age=31536000, immutable"

_building = Lock()


def show(version: str) -> Response:
    """The weights; 404 for a model that is not the one that this service describes with."""
    if version != matching.browser_model():
        abort(404)
    answer = Response(weights(), mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = KEPT
    return answer


def weights() -> bytes:
    """They are built once in a process, whoever asks meanwhile."""
    with _building:
        return _built()


@cache
def _built() -> bytes:
    return matching.model_for_browsers()
