"""Photos given by officers to an item: one from the script, or several from the plain form."""

from collections.abc import Sequence
from functools import partial

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from gallery.errors import NoPhotoGiven, TooManyPhotos
from gallery.models import ItemStatus
from gallery.services.items import items, photos
from gallery.services.lots import receiving
from gallery.services.lots.order import CARD_OF_NO_OBJECT, UNREAD_CARD
from gallery.services.transaction import atomic
from gallery.web.backoffice import one_by_one
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.errors import sentence_for
from gallery.web.requests import given_files, wants_json
from gallery.web.resources import database, resources


def add(number: str) -> ResponseReturnValue:
    """Add photos to an item: one from the script, which is answered in JSON, or several from the plain form."""
    items.get_editable(database(), number, by=current_officer())
    files = given_files("photos")
    limit = resources().settings.max_photos_per_request
    if wants_json():
        return _answer_script(number, files)
    if len(files) > limit:
        flash(sentence_for(TooManyPhotos(limit=limit)), "danger")
    else:
        one_by_one.tell(len(files), one_by_one.keep_each(files, partial(_keep_one, number)))
    return redirect(url_for(".item", number=number, _anchor="photos"))


def _answer_script(number: str, files: Sequence[FileStorage]) -> ResponseReturnValue:
    if not files:
        raise NoPhotoGiven
    refused = one_by_one.keep_one(files[0], partial(_keep_one, number))
    if refused:
        return jsonify(sentence=refused.sentence), refused.status
    return jsonify(sentence=gettext("Ajoutée")), 201


def _keep_one(number: str, file: FileStorage) -> None:
    place, officer = resources(), current_officer()
    data = file.read()
    received = receiving.receive(database(), place, data, officer.unit)
    prepared = received.prepared
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        row = photos.add_new(session, place, item, prepared, by=officer)
        # As one that had been deleted is where a part of the file was hidden since.
        is_kept_private = row.is_private and item.status is not ItemStatus.PUBLISHED
    # The photo that the item has of this file already, or had until it was deleted, is as it was.
    hiding.hide_in_twins(prepared.original_sha256, prepared.hidden)
    _tell_of_card(received.number, number)
    if is_kept_private:
        flash(
            gettext(
                "Une photo que cet objet avait déjà est masquée du public : regardez-la, puis « Montrer » s’il le faut."
            ),
            "warning",
        )


def _tell_of_card(shown: str, number: str) -> None:
    """Say that a photo shows the card of another object, or one that could not be read and is not hidden."""
    if shown == UNREAD_CARD:
        flash(
            gettext(
                "Un code n’a pas pu être lu sur une photo. Si c’est une carte de numéro, cachez-la avant de publier."
            ),
            "warning",
        )
    elif shown not in ("", CARD_OF_NO_OBJECT, number):
        flash(
            gettext(
                "Une photo montre la carte du numéro %(number)s, qui n’est pas celui de cet objet : vérifiez qu’elle "
                "est au bon endroit. La carte est cachée.",
                number=shown,
            ),
            "warning",
        )
