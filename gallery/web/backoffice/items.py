"""Pages of items: the unit's list, one item's sheet, its form, publishing and withdrawing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.models import Case, Item, ItemStatus
from gallery.services import audit, cases, categories, items, publication
from gallery.services.cases import CaseRecord
from gallery.services.transaction import atomic
from gallery.web.backoffice import wording
from gallery.web.backoffice.accounts import current_officer
from gallery.web.backoffice.conflict import Conflict, status_of
from gallery.web.backoffice.fields import tidy_line
from gallery.web.backoffice.item_form import ItemForm
from gallery.web.workplace import database, now, workplace

# How a status is written in an address.
STATUSES = {
    "brouillons": ItemStatus.DRAFT,
    "publies": ItemStatus.PUBLISHED,
    "reserves": ItemStatus.ON_HOLD,
    "restitues": ItemStatus.RETURNED,
    "retires": ItemStatus.WITHDRAWN,
}


def listing() -> ResponseReturnValue:
    """The unit's items, the last changed first, by status and case."""
    unit, case = current_officer().unit, _asked_case()
    status = STATUSES.get(request.args.get("statut", ""))
    number, size = request.args.get("page", 1, type=int), workplace().settings.page_size
    return render_template(
        "backoffice/items.html",
        page=items.kept_by(database(), unit, status=status, case=case, page=number, page_size=size),
        counts=items.counts_by_status(database(), unit, case=case),
        cases=_cases(),
        chosen_status=status,
        chosen_case=case,
        statuses=STATUSES,
    )


def show(number: str) -> ResponseReturnValue:
    """One item's sheet: photos, description, what is confidential, what stands before publication, history."""
    item, sealer = items.get_editable(database(), number, by=current_officer()), workplace().sealer
    return render_template(
        "backoffice/item.html",
        item=item,
        secret=items.open_secrets(item, sealer),
        case=CaseRecord(item.case, cases.open_secrets(item.case, sealer)),
        obstacles=publication.obstacles(item, sealer=sealer),
        public_photos=publication.public_photos(item),
        history=wording.journal(audit.history(database(), item)),
        settings=workplace().settings,
    )


def new() -> ResponseReturnValue:
    """Record an item, in the case that the address names when it names one."""
    offered = _cases()
    asked = tidy_line(request.args.get("affaire"))
    form = ItemForm.blank(offered, categories.all_in_order(database()), case=asked)
    if form.validate_on_submit():
        item = _create(form)
        flash(gettext("L’objet %(number)s est enregistré. Ajoutez ses photos.", number=item.public_number), "success")
        return redirect(url_for(".item", number=item.public_number, _anchor="photos"))
    return render_template("backoffice/item_new.html", form=form, has_cases=bool(offered)), status_of(form)


def edit(number: str) -> ResponseReturnValue:
    """Change an item; what a colleague wrote meanwhile is shown, and nothing is overwritten."""
    form, conflict = _form_of(number), None
    if form.validate_on_submit():
        try:
            _save(number, form)
        except ChangedMeanwhile:
            conflict = Conflict.between(form, _form_of(number, is_sent=False))
        except PublicationRefused as refusal:
            form.form_errors = [wording.stays_public(refusal)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".item", number=number))
    item = items.get_editable(database(), number, by=current_officer())
    last = wording.journal(audit.history(database(), item, limit=1))
    page = render_template("backoffice/item_edit.html", form=form, item=item, conflict=conflict, last=last)
    return page, status_of(form, conflict)


def publish(number: str) -> ResponseReturnValue:
    """Show the item to the public."""
    try:
        _publish(number)
    except PublicationRefused as refusal:
        flash(gettext("L’objet n’a pas été publié. %(why)s", why=wording.reasons(refusal)), "danger")
    else:
        flash(gettext("L’objet est publié : tout le monde peut le voir dans la galerie."), "success")
    return redirect(url_for(".item", number=number))


def withdraw(number: str) -> ResponseReturnValue:
    """Hide the item from the public."""
    officer = current_officer()
    with atomic(database()) as session:
        item = items.take(session, number, by=officer)
        was_public = item.status is ItemStatus.PUBLISHED
        publication.withdraw(session, item, by=officer, now=now())
    if was_public:
        flash(gettext("L’objet est retiré : le public ne le voit plus."), "success")
    else:
        flash(gettext("L’objet n’était pas publié : rien n’a changé."), "warning")
    return redirect(url_for(".item", number=number))


def _cases() -> list[CaseRecord]:
    return cases.kept_by(database(), current_officer().unit, sealer=workplace().sealer)


def _asked_case() -> Case | None:
    reference = tidy_line(request.args.get("affaire"))
    return cases.get(database(), reference, by=current_officer()) if reference else None


def _form_of(number: str, *, is_sent: bool = True) -> ItemForm:
    item = items.get_editable(database(), number, by=current_officer())
    secret = items.open_secrets(item, workplace().sealer)
    return ItemForm.of(item, secret, _cases(), categories.all_in_order(database()), is_sent=is_sent)


def _create(form: ItemForm) -> Item:
    officer, sealer = current_officer(), workplace().sealer
    with atomic(database()) as session:
        case = cases.get(session, form.case.data, by=officer)
        category = categories.get_by_code(session, form.category.data)
        return items.create(
            session, case, category, form.description(), form.secrets(), sealer=sealer, by=officer, now=now()
        )


def _save(number: str, form: ItemForm) -> None:
    officer = current_officer()
    with atomic(database()) as session:
        items.edit(
            session,
            items.take(session, number, by=officer),
            cases.take(session, form.case.data, by=officer),
            categories.get_by_code(session, form.category.data),
            form.description(),
            form.secrets(),
            expected_version=form.version.data,
            sealer=workplace().sealer,
            by=officer,
            now=now(),
        )


def _publish(number: str) -> None:
    """Copy the files first, which is slow, then decide."""
    place, officer = workplace(), current_officer()
    item = items.get_editable(database(), number, by=officer)
    if not publication.obstacles(item, sealer=place.sealer):
        publication.prepare_files(item, private=place.private_store, public=place.public_store)
    with atomic(database()) as session:
        publication.publish(
            session,
            items.take(session, number, by=officer),
            private=place.private_store,
            public=place.public_store,
            sealer=place.sealer,
            by=officer,
            now=now(),
        )
