"""Pages of one item: its sheet, its form, publishing and withdrawing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.services import audit, cases
from gallery.services.cases import CaseRecord
from gallery.services.claims import let_go
from gallery.services.items import categories, checks, deletion, items, publication, signatures
from gallery.services.items.items import WrittenItem
from gallery.services.items.numbering import number_keys
from gallery.services.items.obstacles import Obstacle, public_photos, told_by_title
from gallery.services.people import drafts
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import looking, vouching, wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import Conflict, status_of
from gallery.web.backoffice.form_drafts import NEW_ITEM, keep_refused, writing
from gallery.web.backoffice.items import item_form, publishing
from gallery.web.backoffice.items.item_form import ItemForm
from gallery.web.backoffice.items.item_list import unit_cases
from gallery.web.backoffice.sent_once import make_once
from gallery.web.errors import sentence_for
from gallery.web.resources import database, now, resources


def show(number: str) -> ResponseReturnValue:
    """One item's sheet: photos, description, what is confidential, what stands before publication, history."""
    item, sealer = items.get_editable(database(), number, by=current_officer()), resources().sealer
    looking.note("read_sealed", item)
    secret = items.open_secrets(item, sealer)
    return render_template(
        "backoffice/item.html",
        item=item,
        secret=secret,
        is_doubtful_number=number_keys.has_wrong_check_digit(secret.serial_number),
        case=CaseRecord(item.case, cases.open_secrets(item.case, sealer)),
        obstacles=publication.obstacles(database(), item, sealer=sealer),
        told=publication.told_by_title(item, sealer=sealer),
        public_photos=public_photos(item),
        advice=signatures.advise(public_photos(item) or item.photos, lacks_number=items.lacks_number(item, secret)),
        today=vouching.today(),
        sent=vouching.sent_anew(),
        check=checks.find(database(), item),
        is_let_go=let_go.is_let_go(database(), item),
        deleted_photos=deletion.of_item(database(), item, now=now()),
        history=wording.journal(audit.history(database(), item)),
        settings=resources().settings,
        chosen=request.args.getlist("choisies"),
        beside=items.beside(database(), item),
    )


def new() -> ResponseReturnValue:
    """Record an item, in the case that the address names when it names one."""
    offered, written = unit_cases(), writing(NEW_ITEM)
    asked = tidy_line(request.args.get("affaire"))
    form = ItemForm.blank(offered, categories.all_in_order(database()), case=asked, like=_model(), sent=written.sent)
    if form.validate_on_submit():
        number = _create(form)
        flash(gettext("L’objet %(number)s est enregistré. Ajoutez ses photos.", number=number), "success")
        _tell_withheld(form)
        return redirect(url_for(".item", number=number, _anchor="photos"))
    keep_refused(written)
    return render_template("backoffice/item_new.html", form=form, has_cases=bool(offered), writing=written), status_of(
        form
    )


def edit(number: str) -> ResponseReturnValue:
    """Change an item; what a colleague wrote meanwhile is shown, and nothing is overwritten."""
    written = writing(f"item:{number}")
    form, conflict = _form_of(number, written.sent), None
    if form.validate_on_submit():
        try:
            _save(number, form)
        except ChangedMeanwhile:
            kept = _form_of(number, None)
            conflict = Conflict.between(form, kept)
            form.hide_like(kept)
        except PublicationRefused as refusal:
            _refuse(form, refusal)
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            _tell_withheld(form)
            return redirect(url_for(".item", number=number))
    keep_refused(written)
    item = items.get_editable(database(), number, by=current_officer())
    last = wording.journal(audit.history(database(), item, limit=1))
    sealed = items.open_secrets(item, resources().sealer)
    page = render_template(
        "backoffice/item_edit.html", form=form, item=item, sealed=sealed, conflict=conflict, last=last, writing=written
    )
    return page, status_of(form, conflict)


def publish(number: str) -> ResponseReturnValue:
    """Show the item to the public, as it was shown to the officer who vouches for its photos."""
    items.get_editable(database(), number, by=current_officer())
    consulted = vouching.asked()
    if consulted is None:
        flash(
            gettext("Rien n’est publié : cochez la vérification, avec le nom de qui a consulté FOVeS et le jour."),
            "danger",
        )
        return _back_to_publication(number)
    try:
        publishing.publish(number, consulted, version=request.form.get("version", type=int))
    except ChangedMeanwhile as error:
        flash(gettext("L’objet n’a pas été publié. %(why)s", why=sentence_for(error)), "danger")
        return _back_to_publication(number)
    except PublicationRefused as refusal:
        flash(gettext("L’objet n’a pas été publié. %(why)s", why=wording.reasons(refusal)), "danger")
    else:
        flash(gettext("L’objet est publié : tout le monde peut le voir dans la galerie."), "success")
    return redirect(url_for(".item", number=number))


def _back_to_publication(number: str) -> ResponseReturnValue:
    """The sheet again, with who consulted FOVeS and when as the officer has written it."""
    if vouching.sent_anew():
        return show(number)
    return redirect(url_for(".item", number=number, _anchor="publication"))


def withdraw(number: str) -> ResponseReturnValue:
    """Hide the item from the public."""
    if publishing.withdraw(number):
        flash(gettext("L’objet est retiré : le public ne le voit plus."), "success")
    else:
        flash(gettext("L’objet n’était pas publié : rien n’a changé."), "warning")
    return redirect(url_for(".item", number=number))


def hand_back(number: str) -> ResponseReturnValue:
    """Note that the item was given back."""
    if publishing.hand_back(number):
        flash(gettext("La restitution est notée : l’objet n’est plus présenté."), "success")
    return redirect(url_for(".item", number=number))


def take_back(number: str) -> ResponseReturnValue:
    """Undo a restitution that was noted by mistake."""
    if publishing.take_back(number):
        flash(
            gettext("La restitution est annulée. L’objet n’est pas public : publiez-le de nouveau s’il le faut."),
            "success",
        )
    return redirect(url_for(".item", number=number))


def _model() -> dict[str, Any]:
    """What a new item begins with when the address names one that it is like."""
    number = tidy_line(request.args.get("comme"))
    if not number:
        return {}
    item = items.get_editable(database(), number, by=current_officer())
    # Which headings are hidden, and nothing of what they say: no sealed text is shown, so none was looked at.
    return item_form.beginning_like(item, items.open_secrets(item, resources().sealer).withheld.keys())


def _form_of(number: str, sent: MultiDict[str, str] | None) -> ItemForm:
    item = items.get_editable(database(), number, by=current_officer())
    looking.note("read_sealed", item)
    secret = items.open_secrets(item, resources().sealer)
    return ItemForm.of(item, secret, unit_cases(), categories.all_in_order(database()), sent=sent)


def _tell_withheld(form: ItemForm) -> None:
    if form.is_withheld_unasked:
        flash(wording.withheld_by_custom(), "warning")
    for text in _told(form):
        flash(
            gettext("Le titre dit encore « %(text)s » : changez-le si cela doit rester caché.", text=text),
            "warning",
        )


def _refuse(form: ItemForm, refusal: PublicationRefused) -> None:
    """Say why the published item cannot be as the form says."""
    if Obstacle.TELLING_TITLE not in refusal.obstacles:
        form.form_errors = [wording.stays_public(refusal)]
        return
    form.title.errors = [
        gettext("L’objet est publié : ce titre dirait à tous « %(text)s », que vous cachez du public.", text=text)
        for text in _told(form)
    ]


def _told(form: ItemForm) -> list[str]:
    """What the title that an officer writes says of what they hide."""
    description, secret = form.written()
    return told_by_title(description.title, secret.withheld, categories.get_by_code(database(), form.category.data))


def _create(form: ItemForm) -> str:
    officer, given = current_officer(), resources()

    def make(session: Session) -> str:
        case = cases.get(session, form.case.data, by=officer)
        category = categories.get_by_code(session, form.category.data)
        drafts.forget(session, NEW_ITEM, by=officer)
        written = WrittenItem(case, category, *form.written())
        return items.create(session, given, written, by=officer).public_number

    return make_once(make)


def _save(number: str, form: ItemForm) -> None:
    officer = current_officer()
    with atomic(database()) as session:
        drafts.forget(session, f"item:{number}", by=officer)
        item, case = items.lock(session, number, by=officer), cases.lock(session, form.case.data, by=officer)
        category = categories.get_by_code(session, form.category.data)
        version, is_told = form.version.data, "illisible" in request.form
        written = WrittenItem(case, category, *form.written(), version=version, replaces_unreadable=is_told)
        items.edit(session, resources(), item, written, by=officer)
