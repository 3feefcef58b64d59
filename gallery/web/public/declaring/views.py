"""Declaring a theft: the form, the code that is shown once it is sent, and the check that the code was noted."""

from base64 import b64encode
from io import BytesIO

from flask import Response, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from gallery.errors import CodeMistyped, StatementInvalid
from gallery.services.days import day_in_paris
from gallery.services.declarations import dropping
from gallery.services.declarations import statement as statements
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.statement import MAX_PHOTOS, Statement
from gallery.services.gallery import public_items
from gallery.services.transaction import atomic, end_reading
from gallery.sharing import qr
from gallery.web import labels
from gallery.web.departements import DEPARTEMENTS
from gallery.web.headers import unkept
from gallery.web.intake.allowances import sending_counter
from gallery.web.public.advice import COMPLAINT
from gallery.web.public.declaring import programs
from gallery.web.public.declaring.drawn_code import code_for
from gallery.web.resources import database, now, resources
from gallery.web.stating import stated
from gallery.web.stating.refusal import cannot_be_sent
from gallery.web.stating.stated import StatementForm

# Pixels of a module of the QR code, which is printed some 4 cm wide.
QR_MODULE = 4
count = sending_counter(
    "declarations",
    rate=lambda: resources().settings.declaration_rate,
    overall=lambda: resources().settings.declaration_overall_rate,
)


def declare() -> Response | tuple[Response, int]:
    """The form, and once it is sent the code."""
    dropping.require_open(database(), resources().settings)
    if request.method != "POST":
        return _form(stated.blank(), begun=programs.begin())
    end_reading(database())
    if request.form.get("commence"):
        return _form(stated.read_begun(), begun=programs.begin(), is_brought=True)
    form = stated.read()
    begun = request.form.get("debut", "")
    statement = stated.statement_of(form, now=now(), today=day_in_paris(now()))
    if statement is not None and (asked := programs.suspicion(begun)):
        form.errors["piege"] = asked
    if statement is None or form.errors:
        return _form(form, begun=programs.renewed(begun)), 422
    try:
        return code_page(_send(statement, begun), sent=gettext("Votre déclaration est envoyée."))
    except TooManyRequests:
        form.errors["piege"] = gettext(
            "Beaucoup de déclarations arrivent en ce moment. Envoyez la vôtre dans une heure."
        )
        return _form(form, begun=begun), 429
    except StatementInvalid:
        form.errors["piege"] = cannot_be_sent()
    return _form(form, begun=begun), 422


def note_code() -> Response:
    """Whether the code was noted as it is; else it is shown again."""
    code, typed = (request.form.get(name, "")[: codes.MAX_TYPED] for name in ("code", "saisie"))
    codes.tidy(code)
    wrong = codes.first_wrong(code, typed)
    if wrong is not None:
        return code_page(code, typed=typed, wrong=wrong)
    return unkept(render_template("public/declaration_noted.html"))


def save_code() -> Response:
    """The code as a small text file, to be kept."""
    code = request.form.get("code", "")[: codes.MAX_TYPED]
    codes.tidy(code)
    lines = (gettext("Votre code de suivi :"), code, gettext("Gardez-le : lui seul ouvre votre déclaration."))
    answer = unkept("\r\n\r\n".join(lines))
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=code-de-suivi.txt"
    return answer


def _send(statement: Statement, begun: str) -> str:
    """Drop it, and return the code that opens it."""
    count()
    said = statements.to_fields(statement)
    code = code_for(begun, {name: value for name, value in said.items() if name != "consented_at"})
    lock = locks.make(codes.tidy(code), pepper=resources().settings.declaration_pepper)
    with atomic(database()):
        dropping.drop(database(), resources(), statement, lock)
    return code


def _form(form: StatementForm, *, begun: str, is_brought: bool = False) -> Response:
    session = database()
    return unkept(
        render_template(
            "public/declare.html",
            form=FlaskForm(),
            said=form,
            begun=begun,
            is_brought=is_brought,
            trap=programs.TRAP,
            complaint=COMPLAINT,
            categories=public_items.categories_by_code(session).values(),
            departements=sorted(DEPARTEMENTS, key=lambda each: (each[:2].replace("A", "0").replace("B", "1"), each)),
            colours=labels.all_colours(),
            durations=stated.DURATIONS,
            max_photos=MAX_PHOTOS,
        )
    )


def code_page(code: str, *, sent: str = "", typed: str = "", wrong: int | None = None) -> Response:
    """The page that shows a code and asks for it back. sent: a sentence that says what has just been sent.

    typed: what was written for the code; wrong: the place of the first of its words that is not the one shown.
    """
    return unkept(
        render_template(
            "public/declaration_code.html",
            form=FlaskForm(),
            code=code,
            printed_at=now(),
            picture=_picture_of(code),
            sent=sent,
            typed=typed,
            wrong=wrong,
        )
    )


def _picture_of(code: str) -> str:
    """A QR code that opens "Ma déclaration" with the words in its fragment, which no browser sends; empty for none."""
    try:
        words = codes.tidy(code)
    except CodeMistyped:
        return ""
    address = f"{labels.absolute(url_for('public.my_declaration'))}#{words.replace(' ', '-')}"
    png = BytesIO()
    qr.drawn_secret(address, module_pixels=QR_MODULE).convert("1").save(png, "PNG")
    return b64encode(png.getvalue()).decode()
