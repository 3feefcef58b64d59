"""The sorting table's acts: waiting photos are put together and taken apart, named, accepted, and set aside."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from gallery.models import Case, PhotoLot
from gallery.services.items import items
from gallery.services.lots import group_words, known, lots, making, sorting
from gallery.services.lots.group_words import NOTHING_WRITTEN, GroupWords
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.lots import batch, deposit
from gallery.web.backoffice.lots.table import LONGEST_TITLE
from gallery.web.requests import wants_json
from gallery.web.resources import now

# How long what is written may be, as the columns are.
LENGTHS: Mapping[str, int] = {"title": LONGEST_TITLE, "category": 32, "materials": 240, "period": 120, "case": 16}
FIELDS: Mapping[str, str] = {
    "title": "titre",
    "category": "categorie",
    "materials": "matieres",
    "period": "epoque",
    "case": "affaire",
}

# What is done with the ticked photos.
CHOOSING: dict[str, Callable[..., int]] = {
    "reunir": sorting.join,
    "separer": sorting.take_apart,
    "retirer": lots.remove,
    "deplacer": sorting.move,
}


def act(reference: str) -> ResponseReturnValue:
    """Keep what is written of the groups, then do what the button says."""
    name, _, about = request.form.get("acte", "").partition(":")
    with batch.taken(reference) as (session, case, lot):
        if lot is not None:
            group_words.write(lot, _written(lot), now=now())
            # The script goes on with what one request had no time for.
            lot.made = lot.made if "suite" in request.form else []
            if name not in batch.MAKING:
                _sort(session, case, lot, name, about)
    rest = batch.make(reference, is_public=name == "publier") if name in batch.MAKING else 0
    if wants_json():
        return jsonify(page=deposit.table_part(reference, marks=_marks()), rest=rest)
    # What is said stands at the top of the page, and would be missed from further down.
    is_told = name in batch.MAKING or name in {"retirer", "ajouter", "ecarter"} or (name in CHOOSING and not _chosen())
    page = request.form.get("page", 1, type=int)
    address = url_for(".lot", reference=reference, page=page if page > 1 else None)
    return redirect(address if is_told else f"{address}#trier")


def _sort(session: Session, case: Case, lot: PhotoLot, name: str, about: str) -> None:
    if name in ACTS:
        ACTS[name](lot, about)
    elif name in KNOWN:
        _of_known(session, case, lot, name, about)
    elif name in CHOOSING:
        _choose(session, case, lot, name)


def _choose(session: Session, case: Case, lot: PhotoLot, name: str) -> None:
    chosen = _chosen() | _photos_of_ticked(lot)
    if not chosen:
        flash(gettext("Cochez d’abord des photos ou des objets."), "warning")
    elif name == "retirer":
        _remove(session, case, chosen)
    elif name == "deplacer" and request.form.get("vers") == "nouveau":
        sorting.join(lot, chosen, now=now())
    elif name == "deplacer":
        sorting.move(lot, chosen, request.form.get("vers", ""), now=now())
    else:
        CHOOSING[name](lot, chosen, now=now())


def _accept(lot: PhotoLot, key: str) -> None:
    sorting.accept(lot, {key}, now=now())


def _accept_all(lot: PhotoLot, _about: str) -> None:
    sorting.accept(lot, None, now=now())


def _join_to_previous(lot: PhotoLot, key: str) -> None:
    sorting.join_to_previous(lot, key, now=now())


def _cut(lot: PhotoLot, public_id: str) -> None:
    sorting.cut(lot, public_id, now=now())


def _undo(lot: PhotoLot, _about: str) -> None:
    sorting.undo(lot, now=now())


def _fill(lot: PhotoLot, _about: str) -> None:
    """Write what is given once of all ticked objects, or of every one."""
    keys = _ticked() if "tous" not in request.form else {group.key for group in groups_of(lot.photos)}
    given = _given("tous")
    if not keys:
        flash(gettext("Cochez d’abord des objets."), "warning")
    elif given == NOTHING_WRITTEN:
        flash(gettext("Choisissez ou écrivez d’abord ce qu’il faut mettre."), "warning")
    else:
        sorting.fill(lot, keys, given, now=now())


ACTS: Mapping[str, Callable[[PhotoLot, str], None]] = {
    "accepter": _accept,
    "tout-accepter": _accept_all,
    "joindre": _join_to_previous,
    "couper": _cut,
    "annuler": _undo,
    "appliquer": _fill,
}
# What is done with an object that the gallery has already.
KNOWN = {"ajouter", "ecarter", "ignorer"}


def _of_known(session: Session, case: Case, lot: PhotoLot, name: str, about: str) -> None:
    key, _, number = about.partition("/")
    group = next((each for each in groups_of(lot.photos) if each.key == key), None)
    if group is None:
        return
    if name == "ecarter":
        _remove(session, case, {photo.public_id for photo in group.photos})
    elif name == "ignorer":
        known.ignore(session, group, number, by=current_officer())
    else:
        _add_to_item(session, lot, group, number)


def _add_to_item(session: Session, lot: PhotoLot, group: PhotoGroup, number: str) -> None:
    item = items.lock(session, number, by=current_officer())
    making.add_to(session, group, item, by=current_officer(), now=now())
    lot.made = [{"number": number, "is_public": False, "is_added": True, "why": []}]


def _remove(session: Session, case: Case, public_ids: set[str]) -> None:
    gone = lots.remove(session, case, public_ids, by=current_officer(), now=now())
    flash(ngettext("Une photo est retirée.", "%(num)d photos sont retirées.", gone), "success")


def _marks() -> dict[str, str]:
    """The rows that the script has, by key, each with the mark it came with."""
    pairs = (each.partition("/") for each in request.form.getlist("marque"))
    return {key: mark for key, _, mark in pairs}


def _chosen() -> set[str]:
    return set(request.form.getlist("photo"))


def _ticked() -> set[str]:
    return set(request.form.getlist("objet"))


def _photos_of_ticked(lot: PhotoLot) -> set[str]:
    ticked = _ticked()
    return {photo.public_id for group in groups_of(lot.photos) if group.key in ticked for photo in group.photos}


def _written(lot: PhotoLot) -> dict[str, GroupWords]:
    """What the form says of each group; what it has no field for stays: the script sends only what was written."""
    before = group_words.words_of(lot)
    return {key: _given(key, before.get(key, NOTHING_WRITTEN)) for key in request.form.getlist("groupe")}


def _given(key: str, before: GroupWords = NOTHING_WRITTEN) -> GroupWords:
    values = {
        name: tidy_line(request.form[f"{field}-{key}"])[: LENGTHS[name]]
        for name, field in FIELDS.items()
        if f"{field}-{key}" in request.form
    }
    return replace(before, **values)
