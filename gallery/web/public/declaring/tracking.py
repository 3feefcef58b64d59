""" "Ma déclaration": opened by its code, which travels in the body of one request and is then forgotten."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import BoundedSemaphore

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from gallery.config.values import times
from gallery.errors import CodeMistyped, CodeUnknown, DeclarationsClosed, DeclarationsOff
from gallery.extensions import limiter, visitor
from gallery.services.declarations import answers, codes, contact_address, dropping
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.locks import Holder
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.transaction import atomic
from gallery.web.errors import sentence_for
from gallery.web.headers import unkept
from gallery.web.intake import allowances
from gallery.web.intake.allowances import limited, searching_browsers
from gallery.web.public.claiming import claims
from gallery.web.public.declaring import opened
from gallery.web.resources import database, now, resources

# scrypt takes 32 MB and 0.1 s: how many run at once in a process, whoever asks; and how many of all the addresses from
# which very many codes are tried, whose other visitors are slowed down and never locked out.
AT_ONCE, CROWDED = BoundedSemaphore(2), BoundedSemaphore(1)
LONGEST_WAIT_SECONDS = 5
# Tries with the same first two words in one network: many for somebody who mistypes the others, few for one who goes
# through a list.
SAME_BEGINNING = "20 per hour"
BEGINNING = 2
ASKED = {
    "prolonger": DropKind.PROLONG,
    "clore": DropKind.CLOSE,
    "effacer": DropKind.DELETE,
    "confirmer": DropKind.CONFIRM,
    "copie": DropKind.COPY,
}
# Instead of a kind: the digits that were typed are no code of a mail.
NOT_SIX_DIGITS = "not six digits"


def show() -> Response:
    """The form for the code, or what the declaration has come to."""
    require_on()
    holder = opened.holder()
    if holder is None:
        return ask_code()
    try:
        answer = answers.read(database(), holder)
    except CodeUnknown:
        return opened.forget(ask_code(gettext("Cette déclaration est effacée, ou elle a reçu un nouveau code.")))
    claims.note_seen(holder, answer)
    return unkept(
        render_template(
            "public/declaration.html",
            form=FlaskForm(),
            answer=answer,
            items=_items(answer),
            categories=public_items.categories_by_code(database()),
            asked=opened.asked(),
        )
    )


def open_code() -> Response:
    """Open a declaration with the code that was typed."""
    require_on()
    typed = request.form.get("code", "")
    try:
        code = codes.tidy(typed)
        _count_browser()
        _count_beginning()
        with _turn():
            holder = answers.open_with(database(), code, pepper=resources().settings.declaration_pepper)
    except CodeMistyped as error:
        return ask_code(_said_of(error))
    except CodeUnknown as error:
        return ask_code(sentence_for(error))
    _note_seen(holder)
    return opened.remember(redirect(url_for("public.my_declaration"), 303), holder)


def act() -> Response:
    """Prolong, close, delete or confirm an address: laid into the inbox for the worker."""
    require_on()
    holder, kind = opened.holder(), ASKED.get(request.form.get("acte", ""))
    if holder is None or kind is None:
        return ask_code(gettext("Trop de temps a passé : donnez de nouveau votre code."))
    if kind is DropKind.DELETE and not request.form.get("certain"):
        return unkept(render_template("public/declaration_delete.html", form=FlaskForm()))
    digits = re.sub(r"\s", "", request.form.get("chiffres", "")[:40])
    if kind is DropKind.CONFIRM and not contact_address.CODE.fullmatch(digits):
        return opened.note(redirect(url_for("public.my_declaration"), 303), NOT_SIX_DIGITS)
    with atomic(database()):
        dropping.request(database(), holder, kind, now=now(), digits=digits)
    if kind is DropKind.DELETE:
        return opened.forget(unkept(render_template("public/declaration_deleted.html")))
    return opened.note(redirect(url_for("public.my_declaration"), 303), kind.value)


def leave() -> Response:
    """Close the page: the browser keeps nothing."""
    return opened.forget(redirect(url_for("public.my_declaration"), 303))


def _note_seen(holder: Holder) -> None:
    """Let the worker know that the page was opened: what it shows is nobody's to tell any more."""
    with suppress(DeclarationsClosed), atomic(database()):
        dropping.request(database(), holder, DropKind.SEEN, now=now())


def _items(answer: Answer) -> dict[str, PublicItem]:
    """The proposed and claimed items that are still public, by number."""
    numbers = {each.number for each in answer.proposals} | {each.number for each in answer.claims}
    return public_items.by_numbers(database(), numbers)


def ask_code(error: str = "") -> Response:
    """The form for the code, with what was wrong."""
    page = render_template("public/declaration_open.html", form=FlaskForm(), error=error)
    answer = unkept(page)
    answer.status_code = 422 if error else 200
    return answer


def _said_of(error: CodeMistyped) -> str:
    if error.word:
        return gettext("« %(word)s » n’est pas un mot de nos codes. Vérifiez-le.", word=error.word[:30])
    return sentence_for(error)


def require_on() -> None:
    """Raise DeclarationsOff where the operator takes none."""
    if not resources().settings.gives_codes:
        raise DeclarationsOff


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


@limiter.limit(lambda: resources().settings.code_rate, key_func=allowances.browser)
def _count_browser() -> None:
    """Refuse a browser that tries many codes."""


@limiter.limit(lambda: times(resources().settings.code_rate, searching_browsers()), key_func=allowances.address)
def _count_address() -> None:
    """Tell an address from which very many codes are tried."""


@limited(lambda: resources().settings.declaration_rate)
def count_requests() -> None:
    """Refuse a browser that adds too much."""


def _beginning() -> str:
    words = codes.tidy(request.form.get("code", "")).split()[:BEGINNING]
    return f"{allowances.digest(' '.join(words))} {visitor()}"


@limiter.limit(SAME_BEGINNING, key_func=_beginning)
def _count_beginning() -> None:
    """Refuse a network that tries many codes that begin alike."""
