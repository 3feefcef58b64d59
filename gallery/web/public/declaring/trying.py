"""A code that somebody has typed: tried slowly, counted by browser, address and first words, and then forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from flask import Response, render_template, request
from flask_babel import LazyString, gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from gallery.config.values import times
from gallery.errors import CodeMistyped, CodeUnknown
from gallery.extensions import limiter, visitor
from gallery.services.declarations import answers
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.opening import codes
from gallery.services.declarations.opening.locks import Holder
from gallery.web.errors import sentence_for
from gallery.web.headers import unkept
from gallery.web.intake import allowances
from gallery.web.intake.allowances import searching_browsers
from gallery.web.public.declaring import opened
from gallery.web.resources import database, resources

FIELD = "code"
# scrypt takes 32 MB and 0.1 s: how many run at once in a process, whoever asks; and how many of all the addresses from
# which very many codes are tried, whose other visitors are slowed down and never locked out.
AT_ONCE, CROWDED = BoundedSemaphore(2), BoundedSemaphore(1)
LONGEST_WAIT_SECONDS = 5
# Tries with the same first two words in one network: many for somebody who mistypes the others, few for one who goes
# through a list.
SAME_BEGINNING = "20 per hour"
BEGINNING = 2


def answer_of(holder: Holder | None) -> Answer | None:
    """What the holder of a code is told; None where it opens nothing any more."""
    try:
        return answers.read(database(), holder) if holder else None
    except CodeUnknown:
        return None


def holder_of_form() -> Holder:
    """Who holds the code in the form that was sent; raise CodeMistyped, CodeUnknown or TooManyRequests."""
    code = codes.tidy(request.form.get(FIELD, ""))
    _count_browser()
    _count_beginning()
    with _turn():
        return answers.open_with(database(), code, pepper=resources().settings.declaration_pepper)


def holder_or_error() -> tuple[Holder | None, str]:
    """Whose declaration is open in this browser, or is opened by the code in the form; else a sentence that says why.

    For forms that take longer to fill in than a declaration stays open: what was written goes back with the sentence.
    """
    if (known := opened.holder()) is not None:
        return known, ""
    if not request.form.get(FIELD, "").strip():
        return None, closed_meanwhile()
    try:
        return holder_of_form(), ""
    except (CodeMistyped, CodeUnknown) as error:
        return None, said_of(error)
    except TooManyRequests:
        return None, gettext("Trop d’essais. Attendez quelques minutes, puis envoyez de nouveau.")


def closed_meanwhile() -> str:
    """That a declaration has closed itself while its owner wrote."""
    return gettext("Votre déclaration s’est refermée entre-temps. Écrivez vos six mots, puis envoyez de nouveau.")


def said_of(error: CodeMistyped | CodeUnknown) -> str:
    """What is wrong with a code, in a sentence that names the word where one is none of ours."""
    if isinstance(error, CodeMistyped) and error.word:
        return gettext("« %(word)s » n’est pas un mot de nos codes. Vérifiez-le.", word=error.word[:30])
    if isinstance(error, CodeMistyped) and error.count is not None:
        return gettext(
            "Le code a six mots ; vous en avez écrit %(count)s. Regardez ce qui manque ou ce qui est de trop.",
            count=error.count,
        )
    return sentence_for(error)


def typed() -> str:
    """What was typed for a code, to go back with what is wrong with it."""
    return request.form.get(FIELD, "")[: codes.MAX_TYPED].replace("\0", "")


def ask_code(error: str | LazyString = "") -> Response:
    """The form for the code, with what was wrong."""
    page = render_template("public/declaration_open.html", form=FlaskForm(), error=error, typed=typed())
    answer = unkept(page)
    answer.status_code = 422 if error else 200
    return answer


def ask_code_again() -> Response:
    """The form for the code, for somebody whose declaration is not open any more: what they asked for is not done."""
    return ask_code(
        gettext("Votre déclaration s’est refermée : rien n’a été fait. Donnez de nouveau votre code, puis recommencez.")
    )


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until a code may be tried; raise TooManyRequests when that is not soon."""
    turn = AT_ONCE
    try:
        _count_address()
    except TooManyRequests:
        turn = CROWDED
    if not turn.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise TooManyRequests
    try:
        yield
    finally:
        turn.release()


# Each is counted together whatever form the code comes with: three forms must not give three times as many tries.
@limiter.shared_limit(lambda: resources().settings.code_rate, scope="codes of a browser", key_func=allowances.browser)
def _count_browser() -> None:
    """Refuse a browser that tries many codes."""


@limiter.shared_limit(
    lambda: times(resources().settings.code_rate, searching_browsers()),
    scope="codes of an address",
    key_func=allowances.address,
)
def _count_address() -> None:
    """Tell an address from which very many codes are tried."""


def _beginning() -> str:
    words = codes.tidy(request.form.get(FIELD, "")).split()[:BEGINNING]
    return f"{allowances.digest(' '.join(words))} {visitor()}"


@limiter.shared_limit(SAME_BEGINNING, scope="codes with one beginning", key_func=_beginning)
def _count_beginning() -> None:
    """Refuse a network that tries many codes that begin alike."""
