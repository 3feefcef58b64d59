"""What officers do to one photo of an item: cover, turn, hide, show, describe."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from gallery.errors import PublicationRefused
from gallery.models import Item, ItemPhoto
from gallery.services.items import items, photos
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources

LONGEST_TEXT = ItemPhoto.__table__.columns["alt_text"].type.length  # type: ignore[attr-defined]


def choose_cover(number: str, public_id: str) -> ResponseReturnValue:
    """Put the photo first."""
    with taken(number, public_id) as (session, item, photo):
        photos.choose_cover(session, item, photo, by=current_officer(), now=now())
    return _back(number, public_id)


def place(number: str, public_id: str) -> ResponseReturnValue:
    """Put the photo in another place among the item's; an order that is no number changes nothing."""
    order = request.form.get("place", type=int)
    with taken(number, public_id) as (session, _, photo):
        if order is not None:
            photos.place(session, photo, order=order, by=current_officer(), now=now())
    return _back(number, public_id)


def turn(number: str, public_id: str) -> ResponseReturnValue:
    """Turn the photo by a quarter, to the left or to the right."""
    place, officer = resources(), current_officer()
    photo = photos.get(items.get_editable(database(), number, by=officer), public_id)
    turns = -1 if request.form.get("sens") == "gauche" else 1
    turned = photos.prepare_turn(photo, quarter_turns=turns, settings=place.settings, private=place.private)
    with taken(number, public_id) as (session, _, photo):
        photos.turn(session, place, photo, turned, by=officer)
    return _back(number, public_id)


def hide(number: str, public_id: str) -> ResponseReturnValue:
    """Hide the photo from the public; refused for the last one of a published item."""
    try:
        _set_private(number, public_id, is_private=True)
    except PublicationRefused:
        flash(last_photo(), "danger")
    return _back(number, public_id)


def show(number: str, public_id: str) -> ResponseReturnValue:
    """Show the photo to the public, from when the item is published."""
    _set_private(number, public_id, is_private=False)
    return _back(number, public_id)


def describe(number: str, public_id: str) -> ResponseReturnValue:
    """Say in words what the photo shows."""
    text = tidy_line(request.form.get("texte"))[:LONGEST_TEXT]
    with taken(number, public_id) as (session, _, photo):
        photos.set_alt_text(session, photo, text, by=current_officer(), now=now())
    flash(gettext("La description de la photo est enregistrée."), "success")
    return _back(number, public_id)


@contextmanager
def taken(number: str, public_id: str) -> Iterator[tuple[Session, Item, ItemPhoto]]:
    """One writing transaction in which nobody else changes the item."""
    officer = current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        yield session, item, photos.get(item, public_id)


def _set_private(number: str, public_id: str, *, is_private: bool) -> None:
    with taken(number, public_id) as (session, _, photo):
        photos.set_private(session, resources(), photo, is_private=is_private, by=current_officer())


def last_photo() -> str:
    """Why a photo can be neither hidden nor deleted."""
    return gettext("C’est la dernière photo visible d’un objet publié. Retirez d’abord l’objet de la galerie.")


def _back(number: str, public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".item", number=number, _anchor=f"photo-{public_id}"))
