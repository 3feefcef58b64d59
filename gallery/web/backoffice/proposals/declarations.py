"""What victims have declared: a list, one declaration with whom to reach, a new code at the counter, and the end."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import DeclarationNotFound
from gallery.models import Declaration, DeclaredObject
from gallery.services.claims import copies, progress
from gallery.services.declarations import desk, lifecycle, sealed_rows
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.sealed_rows import DeclarationSecrets, ObjectSecrets
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.proposals import counter
from gallery.web.requests import page_number
from gallery.web.resources import database, now, require_codes, resources

AT_ONCE = 50
MAX_TYPED = 40


@dataclass(frozen=True)
class OpenedObject:
    """A declared object with what was said of it."""

    declared: DeclaredObject
    said: ObjectSecrets


def listing() -> ResponseReturnValue:
    """Those of the unit's département; a reference that is typed leads to its declaration."""
    require_codes()
    typed, missing = request.args.get("reference", "")[:MAX_TYPED].strip(), False
    if typed:
        try:
            found = desk.get(database(), desk.tidied(typed))
            return redirect(url_for(".declaration", reference=found.reference))
        except DeclarationNotFound:
            missing = True
    page = page_number()
    listed = desk.listed(database(), current_officer(), limit=AT_ONCE, offset=(page - 1) * AT_ONCE)
    return render_template(
        "backoffice/declarations.html",
        listed=listed,
        page=page,
        has_more=listed.total > page * AT_ONCE,
        typed=typed,
        missing=missing,
    )


def show(reference: str) -> str:
    """One declaration, opened; into the journal before anything is shown."""
    require_codes()
    opened = _opened(reference)
    declaration, sealer = desk.get(database(), reference), resources().sealer
    objects = [OpenedObject(each, sealed_rows.shown_object(each, sealer)) for each in declaration.objects]
    return render_template(
        "backoffice/declaration.html",
        declaration=declaration,
        opened=opened,
        objects=objects,
        wants_copy=lifecycle.has_asked_copy(declaration),
    )


def replace_code(reference: str) -> ResponseReturnValue:
    """Six new words, shown once, for whoever has shown who they are; the old ones die."""
    require_codes()
    declaration = desk.get(database(), reference)
    if not request.form.get("identite"):
        flash(gettext("Vérifiez d’abord l’identité de la personne, et cochez la case."), "danger")
        return redirect(url_for(".declaration", reference=reference))
    code = codes.draw()
    lock = locks.make(codes.tidy(code), pepper=resources().settings.declaration_pepper)
    with atomic(database()) as session:
        declaration = desk.get(session, reference)
        lifecycle.replace_code(session, declaration, lock, by=current_officer(), now=now())
        progress.tell_again(session, declaration, sealer=resources().sealer)
    return counter.code_page(declaration, code, is_new=False)


def give_copy(reference: str) -> ResponseReturnValue:
    """All that is kept of it, as a file for its owner, who has shown who they are."""
    require_codes()
    declaration = desk.get(database(), reference)
    if not request.form.get("identite"):
        flash(gettext("Vérifiez d’abord l’identité de la personne, et cochez la case."), "danger")
        return redirect(url_for(".declaration", reference=reference))
    with atomic(database()) as session:
        declaration = desk.get(session, reference)
        packed = copies.give(session, declaration, sealer=resources().sealer, by=current_officer(), now=now())
    answer = Response(packed, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename=declaration-{declaration.reference}.zip"
    return answer


def close(reference: str) -> ResponseReturnValue:
    """Stop looking, as its owner has asked."""
    require_codes()
    with atomic(database()) as session:
        lifecycle.close(session, desk.get(session, reference), by=current_officer(), now=now())
    flash(gettext("La recherche est arrêtée."), "success")
    return redirect(url_for(".declaration", reference=reference))


def _opened(reference: str) -> DeclarationSecrets:
    with atomic(database()) as session:
        declaration: Declaration = desk.get(session, reference)
        return sealed_rows.read_declaration(
            session, declaration, sealer=resources().sealer, by=current_officer(), now=now()
        )
