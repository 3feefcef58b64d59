"""Names and guards of cookies: bound to this very host where that is possible, read by the server alone."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request
from werkzeug import Response

HOST_BOUND = "__Host-"


def name_of(plain: str, *, is_secure: bool, path: str) -> str:
    """The name of a cookie: one that browsers take from this very host by HTTPS only, where all of the host is ours.

    >>> name_of("agents", is_secure=True, path="/"), name_of("agents", is_secure=False, path="/agents")
    ('__Host-agents', 'agents')
    """
    return HOST_BOUND + plain if is_secure and path == "/" else plain


def named(config: Mapping[str, Any], plain: str) -> str:
    """The name of a cookie of the site that is configured so."""
    return name_of(plain, is_secure=config["SESSION_COOKIE_SECURE"], path=config["SESSION_COOKIE_PATH"])


def read(plain: str) -> str:
    """The value that the browser has kept; empty when there is none."""
    return request.cookies.get(named(current_app.config, plain), "")


def keep(response: Response, plain: str, value: str, *, max_age: int) -> None:
    """Have the browser keep a value for a number of seconds, protected like the session's cookie."""
    config = current_app.config
    response.set_cookie(
        named(config, plain), value, max_age=max_age, path=config["SESSION_COOKIE_PATH"], httponly=True,
        samesite=config["SESSION_COOKIE_SAMESITE"], secure=config["SESSION_COOKIE_SECURE"],
    )  # fmt: skip


def forget(response: Response, plain: str) -> None:
    """Have the browser forget what it was told to keep; it accepts that only with the same protection."""
    keep(response, plain, "", max_age=0)
