"""Declaring for somebody at the counter or on the telephone: the same form, and the code to hand over at once."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from gallery.models import Declaration
from gallery.services.days import day_in_paris
from gallery.services.declarations import desk
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.statement import Statement
from gallery.services.gallery import public_items
from gallery.services.transaction import end_reading
from gallery.web import labels
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.sent_once import make_once
from gallery.web.departements import DEPARTEMENTS
from gallery.web.headers import unkept
from gallery.web.resources import database, now, require_declarations, resources
from gallery.web.stating import stated
from gallery.web.stating.stated import StatementForm

LANGUAGE_NAMES = {"fr": lazy_gettext("français"), "en": lazy_gettext("anglais")}


def declare() -> ResponseReturnValue:
    """The form, and once it is sent the code, shown once."""
    require_declarations()
    if request.method != "POST":
        form = stated.blank()
        form.texts["departement"] = current_officer().unit.departement
        return _form(form)
    end_reading(database())
    form = stated.read()
    statement = stated.statement_of(form, now=now(), today=day_in_paris(now()))
    if "accord" in form.errors:
        form.errors["accord"] = gettext("Demandez à la personne si elle est d’accord, et cochez la case.")
    if statement is None:
        return _form(form), 422
    language = request.form.get("langue", "")
    return _file(replace(statement, language=language if language in LANGUAGE_NAMES else "fr"))


def code_page(declaration: Declaration, code: str, *, is_new: bool) -> ResponseReturnValue:
    """The page with a code, to print and hand over; no browser keeps it. is_new: of a declaration just made."""
    return unkept(
        render_template(
            "backoffice/declaration_code.html",
            declaration=declaration,
            code=code,
            is_new=is_new,
            site_address=resources().settings.public_address,
        )
    )


def _file(statement: Statement) -> ResponseReturnValue:
    """File it once, however often the form is sent: sent again, the code that nobody kept can't be shown."""
    code = codes.draw()
    lock = locks.make(codes.tidy(code), pepper=resources().settings.declaration_pepper)
    given, officer = resources(), current_officer()
    filed: list[Declaration] = []

    def file(session: Session) -> str:
        filed.append(desk.take(session, statement, lock, given=given, by=officer))
        return filed[0].reference

    reference = make_once(file, read=[photo for each in statement.objects for photo in each.photos])
    if filed:
        return code_page(desk.get(database(), reference), code, is_new=True)
    flash(
        gettext("Cette déclaration est déjà enregistrée. Si son code n’a pas été noté, donnez-en un nouveau."),
        "warning",
    )
    return redirect(url_for(".declaration", reference=reference))


def _form(said: StatementForm) -> str:
    return render_template(
        "backoffice/declaration_new.html",
        said=said,
        categories=public_items.categories_by_code(database()).values(),
        departements=sorted(DEPARTEMENTS, key=lambda each: (each[:2].replace("A", "0").replace("B", "1"), each)),
        colours=labels.all_colours(),
        durations=stated.DURATIONS,
        languages=LANGUAGE_NAMES,
        language=request.form.get("langue", "fr"),
    )
