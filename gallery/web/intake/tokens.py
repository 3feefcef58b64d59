"""The token of a form: counted, looked for at the beginning of a large form before the rest is read, and made anew."""

from collections.abc import Callable, Iterable, Iterator

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from werkzeug.sansio.multipart import NEED_DATA, Data, Epilogue, Field, File, MultipartDecoder
from wtforms import ValidationError

from gallery.web.intake import limits
from gallery.web.intake.allowances import limited
from gallery.web.intake.bodies import body_of
from gallery.web.resources import resources

FIELD = "csrf_token"
HEADER = "X-CSRFToken"
BEGINNING_BYTES = 64 * 1024
PIECE_BYTES = 4 * 1024
PREVIEW = "public.photo_preview"
# Somebody whose browser shows no HEIC chooses many photos; each costs a decoding and no search.
PREVIEW_RATE = "40 per minute; 200 per hour"
# A telephone that shares photos has no form to take a token from, nor has a program.
TOKENLESS = ("public.shared_photos", "api.by_photos")
PHOTO_QUESTIONS = (*TOKENLESS, "public.search", "public.by_fingerprint", "public.verify", *limits.DECLARING)


def init_app(app: Flask) -> None:
    """Refuse what is sent too often, is too large or has no valid token before its body is read.

    To be bound before Flask-WTF's own check, which reads the whole body to find the token.
    """
    app.before_request(_count)
    app.before_request(limits.refuse_too_large)
    app.before_request(_check_beginning)


def before_anything_is_read(app: Flask, act: Callable[[], ResponseReturnValue | None]) -> None:
    """Let an act decide first, when the request's limits are known and nothing of it is counted or read."""
    acts = app.before_request_funcs[None]
    acts.insert(acts.index(_count), act)


def fresh() -> ResponseReturnValue:
    """A token for a form that was open for so long that its own has expired; the page's script asks for it."""
    answer = jsonify(csrf_token=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _count() -> None:
    if request.method == "POST" and request.endpoint in PHOTO_QUESTIONS:
        _count_photo_question()
    if request.endpoint == PREVIEW:
        _count_preview()


@limited(lambda: resources().settings.search_rate)
def _count_photo_question() -> None:
    """Refuse a browser that asks too often, whatever is asked."""


@limited(lambda: PREVIEW_RATE)
def _count_preview() -> None:
    """Refuse a browser that asks for too many previews."""


def _check_beginning() -> None:
    """Raise CSRFError for a large form whose token is not valid, or does not stand before its files."""
    if request.method != "POST" or request.mimetype != "multipart/form-data" or request.endpoint in TOKENLESS:
        return
    if request.content_length is not None and request.content_length <= limits.FORM_BYTES:
        return
    try:
        validate_csrf(request.headers.get(HEADER) or _token_ahead())
    except ValidationError as error:
        raise CSRFError(error.args[0]) from error


def _token_ahead() -> str:
    """The token among the first fields, all of which stay to be read; empty where there is none."""
    body, taken = body_of(request), bytearray()
    boundary = request.mimetype_params.get("boundary", "").encode()
    try:
        return _token_in(_beginning(body.read, taken), boundary)
    except ValueError:
        return ""
    finally:
        body.put_back(bytes(taken))


def _beginning(read: Callable[[int], bytes], taken: bytearray) -> Iterator[bytes]:
    while len(taken) < BEGINNING_BYTES and (piece := read(PIECE_BYTES)):
        taken += piece
        yield piece


def _token_in(pieces: Iterable[bytes], boundary: bytes) -> str:
    decoder, name, value = MultipartDecoder(boundary), "", b""
    for piece in pieces:
        decoder.receive_data(piece)
        for event in iter(decoder.next_event, NEED_DATA):
            if isinstance(event, File | Epilogue):
                return ""
            if isinstance(event, Field):
                name, value = event.name or "", b""
            elif isinstance(event, Data) and name.endswith(FIELD):
                value += event.data
                if not event.more_data:
                    return value.decode(errors="replace")
    return ""
