"""An object or photos that are added to a declaration later: through the drop, as all that a victim sends."""

from collections.abc import Sequence

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from gallery.config.values import times
from gallery.errors import StatementInvalid
from gallery.extensions import limiter
from gallery.models import DeclarationState
from gallery.services.days import day_in_paris
from gallery.services.declarations import dropping
from gallery.services.declarations.answers import Answer, AnsweredObject
from gallery.services.declarations.dropping import DropKind
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.statement import MAX_PHOTOS
from gallery.services.gallery import public_items
from gallery.services.transaction import atomic, end_reading
from gallery.web import labels
from gallery.web.headers import unkept
from gallery.web.intake import allowances
from gallery.web.intake.allowances import declaring_browsers
from gallery.web.public.declaring import on_the_way, opened, tracking, trying
from gallery.web.resources import database, now, require_codes, resources
from gallery.web.stating import stated
from gallery.web.stating.refusal import cannot_be_sent
from gallery.web.stating.stated import ObjectForm, StatementForm


def add() -> Response:
    """The form, and once it is sent the page of the declaration.

    Where the declaration has closed itself meanwhile, what was written goes back with a field for the code.
    """
    require_codes()
    if request.method == "POST":
        return _take()
    holder = opened.holder()
    answer = trying.answer_of(holder)
    if answer is None:
        return trying.ask_code_again()
    dropping.require_open(database(), resources().settings)
    return _form(StatementForm({}, [ObjectForm(1)]), answer.objects)


def _take() -> Response:
    dropping.require_open(database(), resources().settings)
    end_reading(database())
    form, to_object = stated.read_added(), _place()
    holder, error = trying.holder_or_error()
    answer = trying.answer_of(holder)
    if holder is None or answer is None:
        form.errors[trying.FIELD] = error or str(tracking.GONE)
        known = [AnsweredObject(to_object, "", 0)] if to_object else []
        return _form(form, known, is_closed=True)
    said = stated.added(form, is_new=to_object is None)
    if said is None or not _fits(form, answer, to_object):
        return opened.note(_form(form, answer.objects), "", "", by=holder)
    if refusal := too_much(holder):
        form.errors["objet-1-mots"] = refusal
        return opened.note(_form(form, answer.objects), "", "", by=holder)
    try:
        with atomic(database()):
            dropping.add(database(), resources(), holder, said, to_object=to_object)
    except StatementInvalid:
        form.errors["objet-1-mots"] = cannot_be_sent()
        return opened.note(_form(form, answer.objects), "", "", by=holder)
    return on_the_way.note(redirect(url_for("public.my_declaration"), 303), DropKind.ADD.value, answer, by=holder)


def too_much(holder: Holder) -> str:
    """Count what is about to be added; a sentence where that is too much, else empty."""
    try:
        on_the_way.count_requests(by=holder)
    except TooManyRequests:
        return gettext("Vous avez demandé beaucoup de choses en peu de temps. Renvoyez ce formulaire dans une heure.")
    try:
        # In this order: what is refused to one address must not use up what the whole country has.
        _count_address()
        _count_all()
    except TooManyRequests:
        return gettext(
            "Beaucoup de demandes arrivent en ce moment. Rien n’est perdu : envoyez la vôtre dans une heure."
        )
    return ""


@limiter.limit(lambda: times(resources().settings.declaration_rate, declaring_browsers()), key_func=allowances.address)
def _count_address() -> None:
    """Refuse an address from which as much is added, to whatever declarations, as it may declare."""


@limiter.limit(lambda: resources().settings.declaration_overall_rate, key_func=lambda: "additions")
def _count_all() -> None:
    """Refuse what would be a flood."""


def _place() -> int | None:
    """The object that the photos are for; None: it is a new one."""
    place = request.form.get("pour", "")[:4]
    return int(place) if place.isascii() and place.isdigit() else None


def _fits(form: StatementForm, answer: Answer, to_object: int | None) -> bool:
    """Whether the worker will find room for it, with a sentence in `errors` where it won't."""
    settings, photos = resources().settings, len(form.objects[0].photos)
    before = next((each.photos for each in answer.objects if each.position == to_object), 0)
    if answer.state == DeclarationState.CLOSED and answer.is_at_limit(day_in_paris(now())):
        form.errors["pour"] = gettext(
            "La recherche dure deux ans au plus. Pour chercher plus longtemps, faites une nouvelle déclaration."
        )
    elif answer.state != DeclarationState.OPEN:
        form.errors["pour"] = gettext("La recherche est arrêtée. Prolongez-la d’abord dans « Ma déclaration ».")
    elif to_object is None and len(answer.objects) >= settings.max_declared_objects:
        form.errors["pour"] = gettext(
            "Votre déclaration a déjà %(most)s objets : faites une seconde déclaration pour celui-ci.",
            most=settings.max_declared_objects,
        )
    elif before + photos > MAX_PHOTOS:
        form.errors["objet-1-photos"] = gettext("Huit photos au plus par objet. Retirez-en.")
    elif sum(each.photos for each in answer.objects) + photos > settings.max_declared_photos:
        form.errors["objet-1-photos"] = gettext(
            "Il y a trop de photos : %(most)s au plus en tout. Retirez-en.", most=settings.max_declared_photos
        )
    return not form.errors


def _form(said: StatementForm, objects: Sequence[AnsweredObject], *, is_closed: bool = False) -> Response:
    page = unkept(
        render_template(
            "public/declaration_add.html",
            form=FlaskForm(),
            said=said,
            objects=objects,
            is_closed=is_closed,
            chosen=request.form.get("pour", ""),
            typed=trying.typed(),
            categories=public_items.categories_by_code(database()),
            colours=labels.all_colours(),
        )
    )
    page.status_code = 422 if said.errors else 200
    return page
