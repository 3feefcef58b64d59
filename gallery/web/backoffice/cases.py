"""Pages of cases: the unit's list, one case with its items, its form."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.models import Case
from gallery.services import audit, cases, item_lists
from gallery.services.cases import CaseRecord
from gallery.services.item_lists import Wanted
from gallery.services.transaction import atomic
from gallery.web.backoffice import wording
from gallery.web.backoffice.accounts import current_officer
from gallery.web.backoffice.case_form import CaseForm
from gallery.web.backoffice.conflict import Conflict, status_of
from gallery.web.workplace import database, now, workplace


def listing() -> ResponseReturnValue:
    """The unit's cases, newest first, with how many items each has."""
    unit = current_officer().unit
    return render_template(
        "backoffice/cases.html",
        cases=cases.kept_by(database(), unit, sealer=workplace().sealer),
        counts=cases.item_counts(database(), unit),
    )


def show(reference: str) -> ResponseReturnValue:
    """One case: what is known of it, its authorisation, where its items stand, history."""
    case = cases.get(database(), reference, by=current_officer())
    return render_template(
        "backoffice/case.html",
        record=CaseRecord(case, cases.open_secrets(case, workplace().sealer)),
        counts=item_lists.counts_by_status(
            database(), current_officer().unit, Wanted(case=case), sealer=workplace().sealer
        ),
        history=wording.journal(audit.history(database(), case)),
    )


def new() -> ResponseReturnValue:
    """Open a case."""
    form = CaseForm()
    if form.validate_on_submit():
        case = _create(form)
        flash(gettext("L’affaire est enregistrée. Ajoutez-y ses objets."), "success")
        return redirect(url_for(".case", reference=case.reference))
    return render_template("backoffice/case_new.html", form=form), status_of(form)


def edit(reference: str) -> ResponseReturnValue:
    """Change a case; what a colleague wrote meanwhile is shown, and nothing is overwritten."""
    form, conflict = _form_of(reference), None
    if form.validate_on_submit():
        try:
            _save(reference, form)
        except ChangedMeanwhile:
            conflict = Conflict.between(form, _form_of(reference, is_sent=False))
        except PublicationRefused as refusal:
            form.form_errors = [wording.stays_public(refusal)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".case", reference=reference))
    case = cases.get(database(), reference, by=current_officer())
    last = wording.journal(audit.history(database(), case, limit=1))
    page = render_template("backoffice/case_edit.html", form=form, case=case, conflict=conflict, last=last)
    return page, status_of(form, conflict)


def _form_of(reference: str, *, is_sent: bool = True) -> CaseForm:
    case = cases.get(database(), reference, by=current_officer())
    return CaseForm.of(case, cases.open_secrets(case, workplace().sealer), is_sent=is_sent)


def _create(form: CaseForm) -> Case:
    officer, sealer = current_officer(), workplace().sealer
    with atomic(database()) as session:
        return cases.create(session, officer.unit, form.window(), form.secrets(), sealer=sealer, by=officer, now=now())


def _save(reference: str, form: CaseForm) -> None:
    officer = current_officer()
    with atomic(database()) as session:
        cases.edit(
            session,
            cases.take(session, reference, by=officer),
            form.window(),
            form.secrets(),
            expected_version=form.version.data,
            sealer=workplace().sealer,
            by=officer,
            now=now(),
        )
