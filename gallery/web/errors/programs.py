"""Errors for visitors that are no persons: a script of our pages, or another program."""

from flask import Response, jsonify
from werkzeug.http import HTTP_STATUS_CODES

from gallery.web.requests import is_for_api, wants_json


def error_for_programs(status: int, sentence: str, *, again: str = "", wrong: object = None) -> Response | None:
    """An error as JSON; None when a person asks.

    Problem details (RFC 9457) under the addresses of the API, whatever is accepted. again: what our script waits for
    before it sends again; wrong: what is wrong, by place and name of the argument.
    """
    if is_for_api():
        answer = jsonify(_problem(status, sentence) | ({"errors": wrong} if wrong else {}))
        answer.mimetype = "application/problem+json"
    elif wants_json():
        answer = jsonify(sentence=sentence, again=again)
    else:
        return None
    answer.status_code = status
    return answer


def _problem(status: int, sentence: str) -> dict[str, object]:
    title = HTTP_STATUS_CODES.get(status, "")
    return {"type": "about:blank", "title": title, "status": status, "detail": sentence}
