"""A visitor's turn to search by photo: a random text in the cookie, and what the page is told of it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, jsonify, session
from flask.typing import ResponseReturnValue

from gallery.errors import TooManySearches
from gallery.web.errors import sentence_for
from gallery.web.intake.admission import Admission
from gallery.web.intake.allowances import limited

TURN = "tour"
# A page asks fifteen times a minute, and may be open several times.
ASKING_RATE = "60 per minute"


def init_app(app: Flask, at_once: int) -> None:
    """Give an application its admission, which all its threads share."""
    app.extensions["admission"] = Admission(at_once)


@contextmanager
def place_to_search() -> Iterator[None]:
    """Let a limited number of searches run at once in this process: each needs memory and a processor. Others queue."""
    with _admission().searching(_turn()):
        yield


def expect_a_place() -> None:
    """Say at once that there is none to be had soon, before photos are decoded for nothing."""
    _admission().expect(_turn())


@limited(lambda: ASKING_RATE)
def place() -> ResponseReturnValue:
    """Whether this visitor may send photos now, and else how many are before, for the page's script."""
    found = _admission().look(_turn())
    said = "" if found.is_next else sentence_for(TooManySearches(before=found.before, seconds=found.seconds))
    answer = jsonify(next=found.is_next, before=found.before, sentence=said)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _admission() -> Admission:
    admission: Admission = current_app.extensions["admission"]
    return admission


def _turn() -> str:
    if TURN not in session:
        session[TURN] = secrets.token_urlsafe(12)
    return str(session[TURN])
