"""The page where parts of a photo are hidden: of an item's photo, and of one that waits. Nothing is hidden unasked."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup

from gallery.errors import GalleryError
from gallery.imaging import Place
from gallery.models import ItemPhoto, LotPhoto
from gallery.services import cases
from gallery.services.albums import exports, postings
from gallery.services.items import items, leftovers, photos, redaction
from gallery.services.items.redaction import RedactedPhoto
from gallery.services.items.renditions import PreparedPhoto, hidden_in
from gallery.services.lots import lots, private_parts
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import zones
from gallery.web.backoffice.hiding.kinds import in_words
from gallery.web.backoffice.hiding.zones import OWN, SIDES, Zone
from gallery.web.backoffice.lots.deposit import rows_of_a_page
from gallery.web.backoffice.lots.table import page_of
from gallery.web.backoffice.wording import largest
from gallery.web.requests import page_in_address
from gallery.web.resources import database, resources

log = logging.getLogger(__name__)

UNPROCESSABLE = 422
# Of a proposed zone: what an officer's own covers so far need not be proposed.
ALREADY_COVERED = 0.6


@dataclass(frozen=True)
class PhotoAtHand:
    """A photo whose parts are hidden. rendition: endpoint of its files; back: where its page is.

    told: what it seems to show that is private, in words.
    """

    photo: ItemPhoto | LotPhoto
    rendition: str
    back: str
    hide: Callable[[PreparedPhoto, str], str]
    told: str = ""


def of_item(number: str, public_id: str) -> ResponseReturnValue:
    """Hide parts of an item's photo, or show them again."""
    photo = photos.get(items.get_editable(database(), number, by=current_officer()), public_id)
    back = url_for(".item", number=number, _anchor=f"photo-{public_id}")

    def hide(prepared: PreparedPhoto, seen: str) -> str:
        address = _hide_in_item(number, public_id, prepared, seen)
        hide_in_twins(prepared.original_sha256, prepared.hidden)
        return address

    return _page(PhotoAtHand(photo, "backoffice.rendition", back, hide))


def of_waiting(public_id: str) -> ResponseReturnValue:
    """Hide parts of a photo that waits, or show them again."""
    photo = lots.get_photo(database(), public_id, by=current_officer())
    back = _lot_of(photo)

    def hide(prepared: PreparedPhoto, seen: str) -> str:
        hide_in_waiting(public_id, prepared, seen)
        hide_in_twins(prepared.original_sha256, prepared.hidden)
        return back

    told, act = in_words(private_parts.told_of(photo)), request.form.get("acte", "")
    answer = (
        redirect(back) if act == "rien" else _page(PhotoAtHand(photo, "backoffice.lot_rendition", back, hide, told))
    )
    if act in {"rien", "enregistrer"}:
        with atomic(database()) as session:
            private_parts.dismiss(session, public_id, by=current_officer())
    return answer


def _page(at_hand: PhotoAtHand) -> ResponseReturnValue:
    act, error, hidden = request.form.get("acte", ""), "", redaction.shown_places(at_hand.photo)
    shown = zones.sent(request.form, hidden) if request.method == "POST" else zones.kept(hidden)
    if act == "enregistrer":
        return _keep(at_hand, [zone.place for zone in shown if zone.is_hidden])
    if act == "ajouter":
        shown, error = _with_typed(shown)
    elif act == "proposer":
        shown = _with_proposed(at_hand.photo, shown)
    elif act == "tout":
        shown = [replace(zone, is_hidden=True) for zone in shown]
    page = render_template(
        "backoffice/hiding.html",
        at_hand=at_hand,
        size=largest(at_hand.photo),
        zones=shown,
        sides=SIDES,
        error=error,
        most=redaction.MAX_PLACES,
        typed=request.form if error else {},
        seen=request.form.get("vue") or at_hand.photo.rendition_digest,
    )
    return page, UNPROCESSABLE if error else 200


def _keep(at_hand: PhotoAtHand, places: Sequence[Place]) -> ResponseReturnValue:
    sha256, hidden = at_hand.photo.original_sha256, hidden_in(at_hand.photo)
    if sorted(places) == sorted(zone.place for zone in _read_back(redaction.shown_places(at_hand.photo))):
        # What hid them may have stopped half-way, before photos of the same file.
        if not hide_in_twins(sha256, hidden):
            flash(gettext("Rien n’a changé."), "warning")
        return redirect(at_hand.back)
    place, shown_again = resources(), _shown_again(at_hand.photo, places)
    prepared = redaction.prepare(at_hand.photo, places, settings=place.settings, private=place.private)
    address = at_hand.hide(prepared, request.form.get("vue", ""))
    flash(
        ngettext(
            "Une zone est cachée : plus aucune image de cette photo ne la montre.",
            "%(num)d zones sont cachées : plus aucune image de cette photo ne les montre.",
            len(places),
        )
        if places
        else gettext("La photo est montrée en entier."),
        "success",
    )
    _tell_twins_hiding(sha256, shown_again)
    return redirect(address)


def _read_back(places: Sequence[Place]) -> list[Zone]:
    """As the form has them, to its decimals."""
    read = (Zone.read(zone.text, is_hidden=True) for zone in zones.kept(places))
    return [zone for zone in read if zone is not None]


def _shown_again(photo: ItemPhoto | LotPhoto, places: Sequence[Place]) -> list[Place]:
    """What of a photo is hidden and would be no more."""
    both = zip(hidden_in(photo), redaction.shown_places(photo), strict=True)
    return [hidden for hidden, shown in both if not {zone.place for zone in _read_back([shown])} & {*places}]


def _hide_in_item(number: str, public_id: str, prepared: PreparedPhoto, seen: str) -> str:
    place, officer = resources(), current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        photo = photos.get(item, public_id)
        old = redaction.hide(session, place, photo, RedactedPhoto(prepared, seen), by=officer)
        now_called = photo.public_id
        keys = exports.keys_showing(session, officer.unit, public_id)
        shared = postings.count_of_item(session, item) if now_called != public_id else 0
    # Whichever store is out of order: what the public may see goes first, and both are tried.
    try:
        empty(old)
    finally:
        place.private.delete(keys)
    if shared:
        flash(_shared_before(shared), "warning")
    return url_for(".item", number=number, _anchor=f"photo-{now_called}")


def _shared_before(times: int) -> str:
    return ngettext(
        "Cet objet a déjà été partagé une fois : la photo d’avant peut encore être là-bas (voir « Publications »).",
        "Cet objet a déjà été partagé %(num)d fois : la photo d’avant peut encore être là-bas (voir « Publications »).",
        times,
    )


def hide_in_waiting(public_id: str, prepared: PreparedPhoto, seen: str) -> None:
    """Show a waiting photo as it was prepared, and destroy what showed more; raise ChangedMeanwhile."""
    officer = current_officer()
    with atomic(database()) as session:
        reference = lots.get_photo(session, public_id, by=officer).lot.case.reference
        cases.lock(session, reference, by=officer)
        photo = lots.get_photo(session, public_id, by=officer)
        old = redaction.hide_waiting(session, resources(), photo, RedactedPhoto(prepared, seen), by=officer)
    empty(old)


def hide_in_twins(sha256: str, hidden: Sequence[Place]) -> bool:
    """Where photos of this file, on items and in lots of the unit, show any of these places: hide it, and say so.

    What hinders that in one is said, and the others are seen to. Returns whether there were any.
    """
    found = redaction.twins(database(), sha256, hidden, by=current_officer())
    for kind, key in [(type(each), each.id) for each in found]:
        twin = database().get(kind, key)
        # One that was deleted meanwhile, or taken to an item, has been seen to by whoever did it.
        if isinstance(twin, LotPhoto) or (isinstance(twin, ItemPhoto) and twin.item_id is not None):
            _hide_in_twin(twin, hidden)
    return bool(found)


def _hide_in_twin(twin: ItemPhoto | LotPhoto, hidden: Sequence[Place]) -> None:
    place, seen, public_id = resources(), twin.rendition_digest, twin.public_id
    what, address = _named(twin)
    try:
        prepared = redaction.prepare_alike(twin, hidden, settings=place.settings, private=place.private)
        if isinstance(twin, ItemPhoto):
            address = _hide_in_item(twin.item.public_number, public_id, prepared, seen)
        else:
            hide_in_waiting(public_id, prepared, seen)
    except GalleryError as error:
        log.warning("a photo still shows what was hidden in another one of the same file: %s", type(error).__name__)
        said = gettext("%(what)s, et la zone n’a pas pu y être cachée : cachez-la là aussi.", what=what)
        _flash_with_link(said, address, "danger")
    else:
        _flash_with_link(gettext("%(what)s : la même zone y est cachée aussi.", what=what), address, "warning")


def _tell_twins_hiding(sha256: str, places: Sequence[Place]) -> None:
    """Say which photos of this file hide any of these places, that are shown again in another one."""
    for twin in redaction.twins_hiding(database(), sha256, places, by=current_officer()):
        what, address = _named(twin)
        said = gettext(
            "%(what)s, et la zone y reste cachée : montrez-la là aussi, sinon elle peut être cachée de nouveau ici.",
            what=what,
        )
        _flash_with_link(said, address, "warning")


def _named(twin: ItemPhoto | LotPhoto) -> tuple[str, str]:
    """What has the same photo, in words, and where it is."""
    if isinstance(twin, LotPhoto):
        return gettext("La même photo attend dans une affaire"), _lot_of(twin)
    number, anchor = twin.item.public_number, f"photo-{twin.public_id}"
    what = gettext("L’objet %(number)s a la même photo", number=number)
    return what, url_for(".item", number=number, _anchor=anchor)


def _flash_with_link(said: str, address: str, category: str) -> None:
    flash(Markup('{} <a href="{}">{}</a>').format(said, address, gettext("La voir")), category)


def _lot_of(photo: LotPhoto) -> str:
    """Where a photo waits: the page of the table that has it."""
    page, reference = page_of(photo, length=rows_of_a_page()), photo.lot.case.reference
    return url_for(".lot", reference=reference, page=page_in_address(page), _anchor=f"photo-{photo.public_id}")


def empty(files: leftovers.Files) -> None:
    """Destroy what a photo showed before."""
    place = resources()
    redaction.empty(database(), files, private=place.private, public=place.public)


def _with_typed(shown: list[Zone]) -> tuple[list[Zone], str]:
    """The zones with the one whose sides were typed, or why there is none."""
    if not zones.room(shown):
        return shown, gettext("Une photo a au plus %(most)d zones.", most=redaction.MAX_PLACES)
    place = zones.place_of([request.form.get(side, "") for side in SIDES])
    if place is None:
        return shown, gettext(
            "Donnez quatre nombres de 0 à 100 : le bord droit à droite du bord gauche, le bord bas sous le bord haut."
        )
    return [*shown, Zone(OWN, place, is_hidden=True)], ""


def _with_proposed(photo: ItemPhoto | LotPhoto, shown: list[Zone]) -> list[Zone]:
    """The zones with what the picture seems to show of people and papers, each to be accepted or not."""
    place, picture = resources(), photo.rendition_digest
    end_reading(database())
    found = redaction.proposed(picture, settings=place.settings, private=place.private)
    there = [zone.place for zone in shown]
    fresh = [each for each in found if zones.share_covered(each.place, there) < ALREADY_COVERED]
    flash(_told_of(len(fresh)), "success" if fresh else "warning")
    proposed = [Zone(each.kind.value, each.place, is_hidden=False) for each in fresh]
    return [*shown, *proposed[: zones.room(shown)]]


def _told_of(proposed: int) -> str:
    if not proposed:
        return gettext("Rien n’est proposé. Regardez quand même : aucun programme ne voit tout.")
    return ngettext(
        "Une zone est proposée : cochez-la pour la cacher.",
        "%(num)d zones sont proposées : cochez celles à cacher.",
        proposed,
    )
