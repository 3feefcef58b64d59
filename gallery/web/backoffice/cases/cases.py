"""Pages of cases: the unit's list, one case with its items, its form."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from gallery.errors import CaseNumberTaken, ChangedMeanwhile, PublicationRefused
from gallery.services import audit, cases
from gallery.services.cases import CaseRecord
from gallery.services.items import lists
from gallery.services.items.lists import Wanted
from gallery.services.lots import lots
from gallery.services.people import drafts
from gallery.services.transaction import atomic
from gallery.web.backoffice import looking, wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.cases.case_form import CaseForm
from gallery.web.backoffice.conflict import Conflict, status_of
from gallery.web.backoffice.form_drafts import NEW_CASE, keep_refused, writing
from gallery.web.backoffice.sent_once import make_once
from gallery.web.requests import page_number
from gallery.web.resources import database, resources


def listing() -> ResponseReturnValue:
    """The unit's cases, newest first, with how many items each has."""
    unit, page = current_officer().unit, page_number()
    part = cases.page_of(database(), unit, page, sealer=resources().sealer)
    return render_template(
        "backoffice/cases.html",
        cases=part.records,
        counts=cases.item_counts(database(), part.records),
        page=page,
        has_more=part.has_more,
    )


def show(reference: str) -> ResponseReturnValue:
    """One case: what is known of it, its authorisation, where its items stand, history."""
    case, sealer = cases.get(database(), reference, by=current_officer()), resources().sealer
    looking.note("read_sealed", case)
    narrowed = lists.narrow(database(), current_officer().unit, Wanted(case=case), sealer=sealer)
    return render_template(
        "backoffice/case.html",
        record=CaseRecord(case, cases.open_secrets(case, sealer)),
        counts=lists.counts_by_status(database(), narrowed),
        waiting=lots.waiting(database(), case),
        history=wording.journal(audit.history(database(), case)),
    )


def new() -> ResponseReturnValue:
    """Open a case."""
    written = writing(NEW_CASE)
    form = CaseForm.blank(sent=written.sent)
    if form.validate_on_submit():
        try:
            reference = _create(form)
        except CaseNumberTaken as taken:
            form.case_number.errors = [_taken(taken)]
        else:
            flash(gettext("L’affaire est enregistrée. Ajoutez-y ses objets."), "success")
            then = ".lot" if request.args.get("ensuite") == "photos" else ".case"
            return redirect(url_for(then, reference=reference))
    keep_refused(written)
    return render_template("backoffice/case_new.html", form=form, writing=written), status_of(form)


def edit(reference: str) -> ResponseReturnValue:
    """Change a case; what a colleague wrote meanwhile is shown, and nothing is overwritten."""
    written = writing(f"case:{reference}")
    form, conflict = _form_of(reference, written.sent), None
    if form.validate_on_submit():
        try:
            _save(reference, form)
        except ChangedMeanwhile:
            conflict = Conflict.between(form, _form_of(reference, None))
        except PublicationRefused as refusal:
            form.form_errors = [wording.stays_public(refusal)]
        except CaseNumberTaken as taken:
            form.case_number.errors = [_taken(taken)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".case", reference=reference))
    keep_refused(written)
    case = cases.get(database(), reference, by=current_officer())
    last = wording.journal(audit.history(database(), case, limit=1))
    sealed = cases.open_secrets(case, resources().sealer)
    page = render_template(
        "backoffice/case_edit.html", form=form, case=case, sealed=sealed, conflict=conflict, last=last, writing=written
    )
    return page, status_of(form, conflict)


def _form_of(reference: str, sent: MultiDict[str, str] | None) -> CaseForm:
    case = cases.get(database(), reference, by=current_officer())
    looking.note("read_sealed", case)
    return CaseForm.of(case, cases.open_secrets(case, resources().sealer), sent=sent)


def _create(form: CaseForm) -> str:
    officer, given = current_officer(), resources()

    def make(session: Session) -> str:
        cases.check_number_free(session, officer.unit, form.case_number.data, sealer=given.sealer)
        drafts.forget(session, NEW_CASE, by=officer)
        written = cases.WrittenCase(window=form.window(), secret=form.secrets())
        return cases.create(session, given, officer.unit, written, by=officer).reference

    return make_once(make)


def _taken(taken: CaseNumberTaken) -> Markup:
    """The sentence beside the number, which leads to the case that has it."""
    link = Markup('<a href="{}">{}</a>').format(
        url_for(".case", reference=taken.reference), gettext("Ouvrir cette affaire")
    )
    return Markup("{} {}").format(gettext("Votre unité a déjà une affaire de ce numéro."), link)


def _save(reference: str, form: CaseForm) -> None:
    officer = current_officer()
    with atomic(database()) as session:
        case = cases.lock(session, reference, by=officer)
        cases.check_number_free(session, officer.unit, form.case_number.data, but=case, sealer=resources().sealer)
        drafts.forget(session, f"case:{reference}", by=officer)
        window, secret = form.window(), form.secrets()
        version, is_told = form.version.data, "illisible" in request.form
        written = cases.WrittenCase(window=window, secret=secret, version=version, replaces_unreadable=is_told)
        cases.edit(session, resources(), case, written, by=officer)
