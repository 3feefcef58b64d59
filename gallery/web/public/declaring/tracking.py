""" "Ma déclaration": opened by its code, which travels in the body of one request and is then forgotten."""

import re
from contextlib import suppress

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from gallery.errors import CodeMistyped, CodeUnknown, DeclarationsClosed
from gallery.services.days import day_in_paris
from gallery.services.declarations import answers, contact_address, dropping
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening.locks import Holder
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.transaction import atomic
from gallery.web.headers import unkept
from gallery.web.public.claiming import claims
from gallery.web.public.declaring import on_the_way, opened, trying
from gallery.web.resources import database, now, require_codes

GONE = lazy_gettext("Cette déclaration est effacée, ou elle a reçu un nouveau code.")
ASKED = {
    "prolonger": DropKind.PROLONG,
    "clore": DropKind.CLOSE,
    "effacer": DropKind.DELETE,
    "confirmer": DropKind.CONFIRM,
    "copie": DropKind.COPY,
}


def show() -> Response:
    """The form for the code, or what the declaration has come to."""
    require_codes()
    holder = opened.holder()
    if holder is None:
        return trying.ask_code()
    try:
        answer = answers.read(database(), holder)
    except CodeUnknown:
        return opened.forget(trying.ask_code(GONE))
    claims.note_seen(holder, answer)
    asked = on_the_way.current(answer)
    page = unkept(
        render_template(
            "public/declaration.html",
            form=FlaskForm(),
            answer=answer,
            items=_items(answer),
            categories=public_items.categories_by_code(database()),
            asked=asked,
            at_limit=answer.is_at_limit(day_in_paris(now())),
        )
    )
    return on_the_way.note(page, "", answer) if asked in on_the_way.SAID_ONCE else page


def open_code() -> Response:
    """Open a declaration with the code that was typed."""
    require_codes()
    try:
        holder = trying.holder_of_form()
    except (CodeMistyped, CodeUnknown) as error:
        return trying.ask_code(trying.said_of(error))
    _note_seen(holder)
    return opened.remember(redirect(url_for("public.my_declaration"), 303), holder)


def act() -> Response:
    """Prolong, close, delete or confirm an address: laid into the inbox for the worker."""
    require_codes()
    holder, kind = opened.holder(), ASKED.get(request.form.get("acte", ""))
    if holder is None or kind is None:
        return trying.ask_code_again()
    if kind is DropKind.DELETE:
        return _delete(holder)
    try:
        answer = answers.read(database(), holder)
    except CodeUnknown:
        return opened.forget(trying.ask_code(GONE))
    if kind is DropKind.PROLONG and answer.is_at_limit(day_in_paris(now())):
        # The page says why, and offers it no more.
        return on_the_way.note(redirect(url_for("public.my_declaration"), 303), "", answer)
    return on_the_way.note(redirect(url_for("public.my_declaration"), 303), _ask(holder, kind), answer)


def _ask(holder: Holder, kind: DropKind) -> str:
    """Lay it into the inbox, and say what is to be told of it."""
    digits = re.sub(r"\W", "", request.form.get("chiffres", "")[:40])
    if kind is DropKind.CONFIRM and not contact_address.CODE.fullmatch(digits):
        return on_the_way.NOT_SIX_DIGITS
    try:
        on_the_way.count_requests()
    except TooManyRequests:
        return on_the_way.TOO_MANY
    with atomic(database()):
        dropping.request(database(), holder, kind, now=now(), digits=digits)
    return kind.value


def _delete(holder: Holder) -> Response:
    """Ask once, then have all of it deleted: that is never refused."""
    if not request.form.get("certain"):
        return unkept(render_template("public/declaration_delete.html", form=FlaskForm()))
    with suppress(TooManyRequests):
        on_the_way.count_deletions()
        with atomic(database()):
            dropping.request(database(), holder, DropKind.DELETE, now=now())
    return opened.forget(unkept(render_template("public/declaration_deleted.html")))


def leave() -> Response:
    """Close the page: the browser keeps nothing."""
    return opened.forget(redirect(url_for("public.my_declaration"), 303))


def _note_seen(holder: Holder) -> None:
    """Let the worker know that the page was opened: what it shows is nobody's to tell any more."""
    # CodeUnknown: deleted in between, as the page itself will say.
    with suppress(DeclarationsClosed, CodeUnknown), atomic(database()):
        dropping.note_seen(database(), holder, answers.read(database(), holder), now=now())


def _items(answer: Answer) -> dict[str, PublicItem]:
    """The proposed and claimed items that are still public, by number."""
    numbers = {each.number for each in answer.proposals} | {each.number for each in answer.claims}
    return public_items.by_numbers(database(), numbers)
