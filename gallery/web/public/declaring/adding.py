"""An object or photos that are added to a declaration later: through the drop, as all that a victim sends."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from gallery.errors import CodeUnknown
from gallery.services.declarations import answers, dropping
from gallery.services.declarations.answers import Answer
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.locks import Holder
from gallery.services.gallery import public_items
from gallery.services.transaction import atomic, end_reading
from gallery.web import labels
from gallery.web.headers import unkept
from gallery.web.public.declaring import opened, tracking
from gallery.web.resources import database, now, resources
from gallery.web.stating import stated
from gallery.web.stating.stated import ObjectForm, StatementForm


def add() -> Response:
    """The form, and once it is sent the page of the declaration."""
    tracking.require_on()
    holder = opened.holder()
    answer = _answer(holder) if holder else None
    if holder is None or answer is None:
        return tracking.ask_code(gettext("Trop de temps a passé : donnez de nouveau votre code."))
    dropping.require_open(database(), resources().settings)
    if request.method != "POST":
        return _form(StatementForm({}, [ObjectForm(1)]), answer)
    end_reading(database())
    form, place = stated.read_added(), request.form.get("pour", "")[:4]
    to_object = int(place) if place.isascii() and place.isdigit() else None
    said = stated.added(form, is_new=to_object is None)
    if said is None:
        page = _form(form, answer)
        page.status_code = 422
        return page
    tracking.count_requests()
    with atomic(database()):
        dropping.add(database(), holder, said, to_object=to_object, settings=resources().settings, now=now())
    return opened.note(redirect(url_for("public.my_declaration"), 303), DropKind.ADD.value)


def _answer(holder: Holder) -> Answer | None:
    try:
        return answers.read(database(), holder)
    except CodeUnknown:
        return None


def _form(said: StatementForm, answer: Answer) -> Response:
    return unkept(
        render_template(
            "public/declaration_add.html",
            form=FlaskForm(),
            said=said,
            objects=answer.objects,
            chosen=request.form.get("pour", ""),
            categories=public_items.categories_by_code(database()),
            colours=labels.all_colours(),
        )
    )
