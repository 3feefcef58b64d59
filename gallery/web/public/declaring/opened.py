"""An opened declaration, for half an hour: the browser has a random secret, the database a row that only it opens."""

from flask import Response
from werkzeug import Response as AnyResponse

from gallery.services.declarations.opening import visits
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.opening.visits import LASTS, Visit
from gallery.services.transaction import atomic
from gallery.web import cookies
from gallery.web.resources import database, now

COOKIE = "suivi"


def remember(answer: AnyResponse, holder: Holder) -> Response:
    """Let this browser see the declaration for half an hour."""
    return _begin(answer, Visit(holder))


def note(answer: AnyResponse, asked: str, standing: str, *, by: Holder | None = None) -> Response:
    """Remember what was asked for, and how things stood then. by: who has opened the declaration with this request."""
    visit = _visit()
    holder = by or (visit.holder if visit else None)
    if holder is None:
        return answer  # type: ignore[return-value]
    noted = Visit(holder, asked, standing)
    if visit is None or visit.holder != holder:
        return _begin(answer, noted)
    with atomic(database()):
        visits.note(database(), cookies.read(COOKIE), noted)
    return answer  # type: ignore[return-value]


def forget(answer: AnyResponse) -> Response:
    """Forget it at once, whoever has a copy of the cookie."""
    if secret := cookies.read(COOKIE):
        with atomic(database()):
            visits.end(database(), secret)
    cookies.forget(answer, COOKIE)
    return answer  # type: ignore[return-value]


def holder() -> Holder | None:
    """Whose declaration this browser has opened; None without one, or after half an hour."""
    visit = _visit()
    return visit.holder if visit else None


def asked() -> tuple[str, str]:
    """What was asked for last and how things stood then, as `note` was told."""
    visit = _visit()
    return (visit.asked, visit.standing) if visit else ("", "")


def _visit() -> Visit | None:
    secret = cookies.read(COOKIE)
    return visits.find(database(), secret, now=now()) if secret else None


def _begin(answer: AnyResponse, visit: Visit) -> Response:
    """A secret of its own for each: what the browser had opened before is closed."""
    with atomic(database()):
        visits.end(database(), cookies.read(COOKIE))
        secret = visits.begin(database(), visit, now=now())
    cookies.keep(answer, COOKIE, secret, max_age=int(LASTS.total_seconds()))
    return answer  # type: ignore[return-value]
