"""The sorting table's acts: waiting photos are put together and taken apart, named, accepted, and set aside."""

from collections.abc import Callable, Collection, Mapping

from flask import flash, jsonify, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from gallery.models import Case, PhotoLot
from gallery.services.items import categories
from gallery.services.lots import group_words, lots, sorting, undoing
from gallery.services.lots.group_words import NOTHING_WRITTEN
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.web.backoffice import sent_once
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.backoffice.lots import (
    batch,
    contradictions,
    deposit,
    known_items,
    refusals,
    sent_rows,
    table,
    typed_numbers,
)
from gallery.web.backoffice.lots.known_items import ActFiles
from gallery.web.backoffice.lots.sent_rows import WrittenWords
from gallery.web.requests import page_in_address, page_number, wants_json
from gallery.web.resources import database, now

# What is noted of a form that was done: all of it, or all but what was then said of it, which is said again.
DONE, TOLD = "done", "told"
# What is done with the ticked photos.
CHOOSING: dict[str, Callable[..., int]] = {
    "reunir": sorting.join,
    "separer": sorting.take_apart,
    "retirer": lots.remove,
    # To a new object; to one that there is: _move.
    "deplacer": sorting.join,
}


def act(reference: str) -> ResponseReturnValue:
    """Keep what is written of the groups, then do what the button says.

    Nothing is made of a page of which another device has written a field otherwise: somebody has to look first. What
    the script sends again because it heard no answer is done once; what comes after that, and may have been missed, is
    gone on with.
    """
    is_making = request.form.get("acte", "") in batch.MAKING
    is_contradicted, is_lost = False, False
    files = known_items.prepared(reference)
    with batch.taken(reference) as (session, case, lot):
        before = sent_once.what_was_noted(session)
        is_done = before is not None
        if lot is not None and before != DONE:
            written = _keep_written(lot, is_making=is_making)
            is_contradicted, is_lost = bool(written.contradictions), bool(written.lost)
            is_told = typed_numbers.give(session, lot) or is_contradicted or is_lost
            # What was not done is asked for anew when it comes again, and what is said of it is said again.
            if not is_done and _is_done(session, case, lot, files):
                is_done = True
                sent_once.note(session, TOLD if is_told else DONE)
        bearing = typed_numbers.given(lot) if lot is not None else []
    for each in files.shown_before:
        hiding.empty(each)
    # Before anything is made or published of them.
    typed_numbers.hide_cards(bearing)
    make = batch.make if before is None else batch.resume
    rest = make(reference, is_public=request.form["acte"] == "publier") if is_making and not is_contradicted else 0
    if wants_json():
        marks = {row.key: row.mark for row in sent_rows.seen_rows().values()}
        return jsonify(page=deposit.table_part(reference, marks=marks), done=is_done, rest=rest)
    sent = sent_rows.around(is_done=is_done)
    if is_contradicted or is_lost or sent:
        # All of what was written is told, and shown again, for which a cookie has no room: nor is it for hidden words.
        return deposit.page(reference, page_number(), sent=sent), 409 if is_contradicted else 200
    # What is said stands at the top of the page, and would be missed from further down.
    is_told = is_making or request.form.get("acte", "").startswith("ajouter:") or "_flashes" in cookie
    address = url_for(".lot", reference=reference, page=page_in_address())
    return redirect(address if is_told else f"{address}#trier")


def _is_done(session: Session, case: Case, lot: PhotoLot, files: ActFiles) -> bool:
    """Do what the button says, unless it makes objects; False where nothing was done, which was said."""
    name, _, about = request.form.get("acte", "").partition(":")
    if name not in batch.MAKING:
        lot.made = []
    if name in ACTS:
        return ACTS[name](lot, about)
    if name in known_items.ACTS:
        return known_items.act(session, case, lot, files)
    return _choose(session, case, lot, name) if name in CHOOSING else True


def _keep_written(lot: PhotoLot, *, is_making: bool) -> WrittenWords:
    """Keep what was written of the objects, and say what of it has no object any more.

    Where another device has written something else in the same fields, that is kept, and it is said.
    """
    written = sent_rows.written(lot)
    group_words.write(lot, groups_of(lot.photos), written.of_groups, now=now())
    if written.lost:
        lost = gettext(
            "Ce que vous aviez écrit n’a pas pu être gardé, car les photos ont été réunies, publiées ou retirées"
            " entre-temps : %(what)s.",
            what=refusals.named(written.lost),
        )
        flash(lost, "warning")
    contradictions.tell(lot, written.contradictions, stops_making=is_making)
    return written


def _act_on(lot: PhotoLot, key: str, do: Callable[[PhotoGroup], object]) -> bool:
    """Do something with the group of a row, unless another device has given it other photos since."""
    group = sent_rows.group_of_row(groups_of(lot.photos), key)
    if group is None:
        return refusals.refuse_changed()
    do(group)
    return True


def _choose(session: Session, case: Case, lot: PhotoLot, name: str) -> bool:
    ticked = sent_rows.ticked_groups(groups_of(lot.photos))
    chosen = sent_rows.chosen_photos() | {photo.public_id for group in ticked if group for photo in group.photos}
    if None in ticked:
        return refusals.refuse_ticked_changed()
    if not chosen:
        return refusals.refuse(gettext("Cochez d’abord des photos ou des objets."))
    if name == "deplacer" and request.form.get("vers") != "nouveau":
        return _move(lot, chosen, request.form.get("vers", ""))
    if name == "retirer":
        known_items.remove(session, case, chosen)
    else:
        CHOOSING[name](lot, chosen, now=now())
    return True


def _move(lot: PhotoLot, chosen: Collection[str], key: str) -> bool:
    return _act_on(lot, key, lambda group: sorting.move(lot, chosen, group.key, now=now()))


def _accept(lot: PhotoLot, key: str) -> bool:
    return _act_on(lot, key, lambda group: sorting.accept(lot, {group.key}, now=now()))


def _accept_all(lot: PhotoLot, _about: str) -> bool:
    """All but what was not shown so: it may be new, or proposed anew by the worker, and nobody has looked."""
    rows = table.rows_of(lot, groups_of(lot.photos), categories.all_in_order(database()))
    groups = {row.group.key: row.group for row in rows if row.is_accepted_with_all}
    changed = sent_rows.shown_otherwise([*groups.values()])
    accepted = sorting.accept(lot, groups.keys() - changed, now=now())
    refusals.tell_left_alone(changed)
    return bool(accepted) or not changed


def _join_to_previous(lot: PhotoLot, key: str) -> bool:
    if not sent_rows.is_previous_shown(groups_of(lot.photos), key):
        return refusals.refuse_changed()
    return _act_on(lot, key, lambda group: sorting.join_to_previous(lot, group.key, now=now()))


def _cut(lot: PhotoLot, public_id: str) -> bool:
    """What is cut off is an object by that, with all of its photos."""
    return _act_with(lot, public_id, sorting.cut)


def _act_with(lot: PhotoLot, public_id: str, do: Callable[..., object]) -> bool:
    """Do something with a photo and others of its group, unless that was not shown as it is by now."""
    if sent_rows.group_of_photo(groups_of(lot.photos), public_id) is None:
        return refusals.refuse_changed()
    do(lot, public_id, now=now())
    return True


def _undo(lot: PhotoLot, _about: str) -> bool:
    undoing.undo(lot, now=now())
    return True


def _fill(lot: PhotoLot, _about: str) -> bool:
    """Write what is given once of all ticked objects, or of every one."""
    groups = groups_of(lot.photos)
    changed, given = set[str](), sent_rows.given("tous")
    if "tous" in request.form:
        changed = sent_rows.shown_otherwise(groups)
        keys = {group.key for group in groups} - changed
    else:
        ticked = sent_rows.ticked_groups(groups)
        if None in ticked:
            return refusals.refuse_ticked_changed()
        keys = {group.key for group in ticked if group}
    if not keys and not changed:
        return refusals.refuse(gettext("Cochez d’abord des objets."))
    if given == NOTHING_WRITTEN:
        return refusals.refuse(gettext("Choisissez ou écrivez d’abord ce qu’il faut mettre."))
    sorting.fill(lot, keys, given, now=now())
    refusals.tell_left_alone(changed)
    return bool(keys)


def _confirm(lot: PhotoLot, public_id: str) -> bool:
    return _act_with(lot, public_id, sorting.confirm)


def _confirm_all(lot: PhotoLot, _about: str) -> bool:
    """Of the objects that the page shows, as it shows them, what it asks of them."""
    groups = (sent_rows.group_of_row(groups_of(lot.photos), key) for key in sent_rows.seen_rows())
    sorting.confirm_all(lot, {group.key for group in groups if group}, request.form.getlist("doute"), now=now())
    return True


def _say_no_card(lot: PhotoLot, public_id: str) -> bool:
    return _act_with(lot, public_id, sorting.say_no_card)


def _withhold(lot: PhotoLot, about: str) -> bool:
    """Even where the object has other photos by now: it has what is written in the row, too."""
    key, _, heading = about.partition("/")
    group = sent_rows.group_by_now(groups_of(lot.photos), key)
    if group is None:
        return refusals.refuse_changed()
    if heading in group_words.WITHHOLDABLE:
        sorting.withhold(lot, group.key, heading, is_withheld=True, now=now())
    return True


def _show(lot: PhotoLot, about: str) -> bool:
    key, _, heading = about.partition("/")
    return heading in group_words.WITHHOLDABLE and _act_on(
        lot, key, lambda group: sorting.withhold(lot, group.key, heading, is_withheld=False, now=now())
    )


ACTS: Mapping[str, Callable[[PhotoLot, str], bool]] = {
    "accepter": _accept,
    "tout-accepter": _accept_all,
    "joindre": _join_to_previous,
    "couper": _cut,
    "garder": _confirm,
    "tout-garder": _confirm_all,
    "annuler": _undo,
    "appliquer": _fill,
    "cacher": _withhold,
    "cacher-carte": lambda _lot, _about: True,
    "sans-carte": _say_no_card,
    "montrer": _show,
}
