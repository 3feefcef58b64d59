"""Log lines for a program to read: one JSON object each, with the request that it belongs to and nothing of a visitor.

No value that somebody has given is in a line: of an error its kinds and where it was raised are told, never its words.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from ipaddress import ip_address
from types import TracebackType

# The request that is being answered, by its random id; empty outside of any.
REQUEST: ContextVar[str] = ContextVar("request", default="")
PLAIN = "%(asctime)s %(levelname)s %(message)s"
HIDDEN = "[…]"
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
QUERY = re.compile(r"(?<=[/\w])\?[^\s'\"]+")
MAYBE_ADDRESS = re.compile(
    r"(?<![\w.:])(?:::ffff:\d{1,3}(?:\.\d{1,3}){3}|\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w.])"
)
DEEPEST = 12


class JsonLines(logging.Formatter):
    """Makes a JSON object of each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, and the request and the error where there is one."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_persons(record.getMessage()),
        }
        if request := REQUEST.get():
            line["request"] = request
        if record.exc_info and record.exc_info[1]:
            line["error"] = _kinds(record.exc_info[1])
            line["raised_at"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def begin(log_format: str, *, level: int = logging.WARNING) -> None:
    """Write this process's log as asked: "json", or "text". level: the least that is written."""
    if log_format != "json":
        logging.basicConfig(level=level, format=PLAIN)
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def without_persons(text: str) -> str:
    """A message without e-mail addresses, queries and addresses of other machines, should it have any.

    >>> without_persons("GET /objets?mots=bague by 192.0.2.7 (marie@example.org), listening at 127.0.0.1:8001")
    'GET /objets[…] by […] ([…]), listening at 127.0.0.1:8001'
    >>> without_persons("no answer to ::ffff:192.0.2.7")
    'no answer to […]'
    """
    return MAYBE_ADDRESS.sub(_unless_ours, QUERY.sub(HIDDEN, MAIL.sub(HIDDEN, text)))


def _unless_ours(found: re.Match[str]) -> str:
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else HIDDEN


def _kinds(error: BaseException) -> list[str]:
    """The kind of an error, and of what it was raised from."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < DEEPEST:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}".removeprefix("builtins."))
        cause = cause.__cause__ or cause.__context__
    return kinds


def _places(trace: TracebackType | None) -> list[str]:
    """Where it was raised, the innermost call last."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
