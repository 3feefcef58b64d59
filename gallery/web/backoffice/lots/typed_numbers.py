"""Numbers that are typed for objects whose card could not be read, and the cards that are then hidden."""

from contextlib import suppress

from flask import flash, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from gallery.errors import PhotoNotFound
from gallery.models import Item, LotPhoto, PhotoLot
from gallery.services.items import redaction
from gallery.services.items.numbering import card_numbers
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.lots import lots, receiving, sorting
from gallery.services.lots.grouping import UNREAD_KEY, PhotoGroup, groups_of
from gallery.services.lots.order import UNREAD_CARD
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import zones
from gallery.web.backoffice.hiding.views import ALREADY_COVERED, hide_in_twins, hide_in_waiting
from gallery.web.backoffice.lots import sent_rows
from gallery.web.resources import database, now, resources

MAX_NUMBER = 40


def give(session: Session, lot: PhotoLot) -> bool:
    """Give the objects whose card could not be read the numbers that were typed for them; what was not is said.

    Returns whether something was said. Done again, it does and says what is left of it.
    """
    refusals = [_give_one(session, lot, group) for group in groups_of(lot.photos) if group.is_unread]
    for each in filter(None, refusals):
        flash(each, "warning")
    return any(refusals)


def _give_one(session: Session, lot: PhotoLot, group: PhotoGroup) -> str:
    """Give a group the number that was typed for it, if any; why not, or nothing."""
    asked = _typed(group.key)
    number = read_public_number(asked) or ""
    elsewhere = card_numbers.object_elsewhere(session, number, lot.case) if number else None
    if elsewhere is not None:
        return _in_another_case(elsewhere)
    if number and card_numbers.of_unit(session, {number}, current_officer().unit):
        if not sent_rows.shown_table().shows(group):
            return _of_other_photos(asked)
        sorting.name(lot, group.key, number, now=now())
        return ""
    if not asked:
        return ""
    return gettext(
        "« %(what)s » n’est sur aucune carte de votre unité : recopiez le numéro imprimé sur la carte.", what=asked
    )


def given(lot: PhotoLot) -> list[str]:
    """The photos, by public_id, on which the cards are whose numbers the form at hand has given, now or before.

    Or which it asks to hide as they are. `hide_cards` takes them once that is committed.
    """
    there = [photo for photo in lot.photos if photo.number == UNREAD_CARD]
    return [photo.public_id for photo in there if _is_given(photo) or photo.public_id == _asked_for()]


def _asked_for() -> str:
    """The photo on which the card is to be hidden without a number; empty when none is."""
    act, _, public_id = request.form.get("acte", "").partition(":")
    return public_id if act == "cacher-carte" else ""


def _is_given(photo: LotPhoto) -> bool:
    number = read_public_number(_typed(f"{UNREAD_KEY}{photo.public_id}"))
    return number is not None and photo.moved_to == number


def _typed(key: str) -> str:
    return tidy_line(request.form.get(f"numero-{key}", ""))[:MAX_NUMBER]


def _in_another_case(item: Item) -> str:
    return gettext(
        "%(number)s est le numéro d’un objet d’une autre affaire (« %(what)s ») : rien n’a été changé. Recopiez le"
        " numéro de la carte ; si c’est bien cet objet, ajoutez ces photos sur sa fiche.",
        number=item.public_number,
        what=item.title,
    )


def _of_other_photos(asked: str) -> str:
    return gettext(
        "« %(what)s » n’est pas donné : les photos de cet objet ont changé entre-temps. Regardez-les, puis écrivez le"
        " numéro de nouveau.",
        what=asked,
    )


def hide_cards(public_ids: list[str]) -> None:
    """Hide the cards on these waiting photos, as those that were read are: slow, outside of any transaction."""
    hidden = 0
    for public_id in public_ids:
        # What was typed stays, whatever has become of the photo since.
        with suppress(PhotoNotFound):
            hidden += _hide_card(public_id)
    if hidden:
        flash(gettext("La carte est cachée sur la photo : vérifiez qu’elle l’est tout entière."), "success")
    elif _asked_for() in public_ids:
        flash(gettext("Aucune carte n’est trouvée : cachez-la vous-même, par l’œil barré de la photo."), "warning")


def _hide_card(public_id: str) -> bool:
    given = resources()
    photo = lots.get_photo(database(), public_id, by=current_officer())
    there, seen = redaction.shown_places(photo), photo.rendition_digest
    found = receiving.unread_cards(photo, settings=given.settings, private=given.private)
    fresh = [place for place in found if zones.share_covered(place, there) < ALREADY_COVERED]
    if not fresh or len(there) >= redaction.MAX_PLACES:
        return False
    prepared = redaction.prepare(photo, [*there, *fresh], settings=given.settings, private=given.private)
    hide_in_waiting(public_id, prepared, seen)
    hide_in_twins(prepared.original_sha256, prepared.hidden)
    return True
