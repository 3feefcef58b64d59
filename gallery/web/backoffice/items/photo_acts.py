"""What officers do to photos of an item: to those that are ticked with one toolbar, and the place and words of one."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from gallery.errors import (
    ChangedMeanwhile,
    FileAbsent,
    ItemNotFound,
    PhotoNotFound,
    PhotoRefused,
    PhotoThereAlready,
    PublicationRefused,
)
from gallery.models import Item, ItemPhoto
from gallery.services.items import deletion, items, photos
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import one_by_one
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.errors import sentence_for
from gallery.web.resources import database, now, resources

LONGEST_TEXT = ItemPhoto.__table__.columns["alt_text"].type.length  # type: ignore[attr-defined]
MAX_CHOSEN = 200
# Named in an address, of which gunicorn takes 4094 characters.
MAX_TICKED = 100
MAX_NUMBER = 40
# Each photo that is turned takes a second or two: what one request has no time for is left to the next.
LONGEST_TURNING = timedelta(seconds=20)
# What keeps one photo from being turned, and no other.
NOT_TURNED = (ChangedMeanwhile, FileAbsent, PhotoNotFound, PhotoRefused)
# Acts that have a page of their own, for one photo.
PAGES = {"entourer": ".box_photo", "cacher": ".hide_parts"}


def act(number: str) -> ResponseReturnValue:
    """Do to the ticked photos of an item what a button of the toolbar says; they stay ticked where they stay."""
    chosen = request.form.getlist("photos")[:MAX_CHOSEN]
    kind = request.form.get("geste", "")
    here = [each.public_id for each in items.get_editable(database(), number, by=current_officer()).photos]
    chosen = [each for each in here if each in chosen]
    if not chosen:
        flash(gettext("Rien n’a changé : cochez une photo qui est encore là."), "warning")
    elif kind in PAGES:
        return redirect(url_for(PAGES[kind], number=number, public_id=chosen[0]))
    elif kind in ACTS:
        try:
            chosen = [*(ACTS[kind](number, chosen) or chosen)]
        except PublicationRefused:
            flash(last_photo(), "danger")
        except PhotoThereAlready as error:
            flash(sentence_for(error), "danger")
    return redirect(url_for(".item", number=number, choisies=_still_ticked(number, chosen), _anchor="photos"))


def _still_ticked(number: str, chosen: Sequence[str]) -> Sequence[str]:
    """Those that stay where they were; none where the address would be too long for servers."""
    here = {each.public_id for each in items.get_editable(database(), number, by=current_officer()).photos}
    stay = [each for each in chosen if each in here]
    return stay if len(stay) <= MAX_TICKED else ()


def place(number: str, public_id: str) -> ResponseReturnValue:
    """Put the photo in another place among the item's; an order that is no number changes nothing."""
    order = request.form.get("place", type=int)
    with taken(number, [public_id]) as (session, _, (photo,)):
        if order is not None:
            photos.place(session, photo, order=order, by=current_officer(), now=now())
    return _back(number, public_id)


def describe(number: str, public_id: str) -> ResponseReturnValue:
    """Say in words what the photo shows."""
    text = tidy_line(request.form.get("texte"))[:LONGEST_TEXT]
    with taken(number, [public_id]) as (session, _, (photo,)):
        photos.set_alt_text(session, photo, text, by=current_officer(), now=now())
    flash(gettext("La description de la photo est enregistrée."), "success")
    return _back(number, public_id)


@contextmanager
def taken(number: str, public_ids: Collection[str]) -> Iterator[tuple[Session, Item, list[ItemPhoto]]]:
    """One writing transaction in which nobody else changes the item; raise PhotoNotFound when one of them has gone."""
    officer = current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        yield session, item, [photos.get(item, each) for each in public_ids]


def last_photo() -> str:
    """Why a photo can be neither hidden nor deleted nor moved."""
    return gettext("C’est la dernière photo visible d’un objet publié. Retirez d’abord l’objet de la galerie.")


def _choose_cover(number: str, chosen: Collection[str]) -> None:
    with taken(number, chosen) as (session, item, (photo, *_)):
        photos.choose_cover(session, item, photo, by=current_officer(), now=now())


def _shift(number: str, chosen: Collection[str], *, towards_front: bool) -> None:
    with taken(number, chosen) as (session, _, some):
        photos.shift(session, some, towards_front=towards_front, by=current_officer(), now=now())


def _turn(number: str, chosen: Sequence[str], *, quarter_turns: int) -> Sequence[str]:
    """Turn these photos as long as there is time, and return those that are left."""
    refused, tried = Counter[str](), 0
    for each in one_by_one.as_long_as_there_is_time(chosen, LONGEST_TURNING):
        tried += 1
        try:
            _turn_one(number, each, quarter_turns=quarter_turns)
        except NOT_TURNED as error:
            refused[sentence_for(error)] += 1
    for why, count in refused.items():
        which = ngettext("Une photo n’est pas tournée.", "%(num)d photos ne sont pas tournées.", count)
        flash(f"{which} {why}", "warning")
    return _next_to_turn(chosen[tried:])


def _next_to_turn(left: Sequence[str]) -> Sequence[str]:
    """As many of those that are left as can stay ticked, once that is told."""
    if left:
        which = ngettext("Une photo reste à tourner.", "%(num)d photos restent à tourner.", len(left))
        flash(f"{which} {gettext('Les suivantes sont cochées : appuyez de nouveau.')}", "warning")
    return left[:MAX_TICKED]


def _turn_one(number: str, public_id: str, *, quarter_turns: int) -> None:
    place, officer = resources(), current_officer()
    photo = photos.get(items.get_editable(database(), number, by=officer), public_id)
    turned = photos.prepare_turn(photo, quarter_turns=quarter_turns, settings=place.settings, private=place.private)
    with taken(number, [public_id]) as (session, _, (photo,)):
        photos.turn(session, place, photo, turned, by=officer)


def _set_private(number: str, chosen: Collection[str], *, is_private: bool) -> None:
    with taken(number, chosen) as (session, _, some):
        for photo in some:
            photos.set_private(session, resources(), photo, is_private=is_private, by=current_officer())


def _delete(number: str, chosen: Collection[str]) -> None:
    with taken(number, chosen) as (session, _, some):
        for photo in some:
            deletion.delete(session, resources(), photo, by=current_officer())
    flash(
        ngettext(
            "Une photo supprimée. Vous pouvez annuler ici pendant un jour.",
            "%(num)d photos supprimées. Vous pouvez annuler ici pendant un jour.",
            len(chosen),
        ),
        "success",
    )


def _move(number: str, chosen: Collection[str]) -> None:
    officer, other = current_officer(), read_public_number(request.form.get("vers", "")[:MAX_NUMBER])
    if not other or other == number:
        flash(gettext("Rien n’est déplacé : écrivez le numéro de l’autre objet."), "warning")
        return
    try:
        with atomic(database()) as session:
            item, target = items.lock_both(session, number, other, by=officer)
            for each in chosen:
                photos.move(session, resources(), photos.get(item, each), target, by=officer)
    except ItemNotFound:
        flash(gettext("Rien n’est déplacé : votre unité n’a pas d’objet %(number)s.", number=other), "danger")
        return
    flash(
        ngettext(
            "La photo est maintenant celle de l’objet %(number)s.",
            "Les %(num)d photos sont maintenant celles de l’objet %(number)s.",
            len(chosen),
            number=other,
        ),
        "success",
    )


# What an act returns is left for the next press of the same button.
ACTS: Mapping[str, Callable[[str, Sequence[str]], Sequence[str] | None]] = {
    "couverture": _choose_cover,
    "avancer": lambda number, chosen: _shift(number, chosen, towards_front=True),
    "reculer": lambda number, chosen: _shift(number, chosen, towards_front=False),
    "gauche": lambda number, chosen: _turn(number, chosen, quarter_turns=-1),
    "droite": lambda number, chosen: _turn(number, chosen, quarter_turns=1),
    "masquer": lambda number, chosen: _set_private(number, chosen, is_private=True),
    "montrer": lambda number, chosen: _set_private(number, chosen, is_private=False),
    "supprimer": _delete,
    "deplacer": _move,
}


def _back(number: str, public_id: str) -> ResponseReturnValue:
    return redirect(url_for(".item", number=number, _anchor=f"photo-{public_id}"))
