"""Having a deleted photo back within a day, and destroying it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.errors import Outage, PhotoThereAlready
from gallery.models import DeletedPhoto
from gallery.services.items import deletion, items, redaction
from gallery.services.items.renditions import hidden_in
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.resources import database, now, resources


def restore(number: str, public_id: str) -> ResponseReturnValue:
    """Give the photo back to its item, as it was."""
    officer = current_officer()
    try:
        with atomic(database()) as session:
            item = items.lock(session, number, by=officer)
            deleted = deletion.get(session, item, public_id, now=now())
            was_private = deleted.photo.is_private
            photo = deletion.restore(session, resources(), item, deleted, by=officer)
            order, sha256, is_hidden_now = item.photos.index(photo) + 1, photo.original_sha256, photo.is_private
    except PhotoThereAlready:
        flash(gettext("Rien n’est rétabli : l’objet a déjà cette photo."), "warning")
        return redirect(url_for(".item", number=number, _anchor="photos"))
    hidden = redaction.hidden_of_file(database(), sha256, officer.unit_id)
    is_telling = redaction.shows_any(hidden_in(photo), hidden)
    hiding.hide_in_twins(sha256, hidden)
    flash(gettext("La photo est revenue : c’est la photo %(order)s.", order=order), "success")
    if is_hidden_now and not was_private:
        flash(_why_private(is_telling=is_telling), "warning")
    return redirect(url_for(".item", number=number, _anchor=f"photo-{public_id}"))


def _why_private(*, is_telling: bool) -> str:
    if is_telling:
        return gettext(
            "Elle est masquée du public : une partie de cette photo a été cachée pendant qu’elle était supprimée. "
            "Regardez-la, puis « Montrer » s’il le faut."
        )
    return gettext(
        "Elle est masquée : le public ne l’a pas encore vue avec cet objet. Regardez-la, puis « Montrer » s’il le faut."
    )


def ask_to_erase(number: str, public_id: str) -> ResponseReturnValue:
    """Ask, with the consequence in words."""
    item = items.get_editable(database(), number, by=current_officer())
    return render_template("backoffice/photo_erase.html", item=item, deleted=_deleted(number, public_id))


def erase(number: str, public_id: str) -> ResponseReturnValue:
    """Destroy a deleted photo and its files; where a store does not answer, the worker does it as soon as it can."""
    place, officer = resources(), current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        deleted = deletion.get(session, item, public_id, now=now())
        deletion.condemn(session, item, deleted, by=officer, now=now())
        condemned = deleted.photo_id
    try:
        deletion.destroy(database(), private=place.private, public=place.public, only=condemned)
    except Outage:
        flash(gettext("La photo ne peut plus revenir. Ses fichiers seront effacés d’ici une heure."), "warning")
    else:
        flash(gettext("La photo est effacée définitivement."), "success")
    return redirect(url_for(".item", number=number, _anchor="photos"))


def _deleted(number: str, public_id: str) -> DeletedPhoto:
    item = items.get_editable(database(), number, by=current_officer())
    return deletion.get(database(), item, public_id, now=now())
