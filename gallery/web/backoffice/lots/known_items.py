"""What is done with waiting photos of an object that the gallery has already, and with those that nobody wants."""

from collections.abc import Collection

from flask import flash, request
from flask_babel import ngettext
from sqlalchemy.orm import Session

from gallery.models import Case, PhotoLot
from gallery.services.items import items
from gallery.services.items.leftovers import Files
from gallery.services.lots import known, lots, making
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.lots import refusals, sent_rows
from gallery.web.resources import now, resources

ACTS = frozenset({"ajouter", "ecarter", "ignorer"})


def act(session: Session, case: Case, lot: PhotoLot, shown_before: list[Files]) -> bool:
    """Do what a button beside a known item says; False where nothing was done, which was said.

    shown_before: gets the files that are to be destroyed once that is committed.
    """
    name, _, about = request.form.get("acte", "").partition(":")
    key, _, number = about.partition("/")
    group = sent_rows.group_of_row(groups_of(lot.photos), key)
    if group is None:
        return refusals.refuse_changed()
    if name == "ecarter":
        remove(session, case, {photo.public_id for photo in group.photos})
    elif name == "ignorer":
        known.ignore(session, group, number, by=current_officer())
    else:
        shown_before += _add_to_item(session, lot, group, number)
    return True


def remove(session: Session, case: Case, public_ids: Collection[str]) -> None:
    """Remove waiting photos, and say how many."""
    gone = lots.remove(session, case, public_ids, by=current_officer(), now=now())
    flash(ngettext("Une photo est retirée.", "%(num)d photos sont retirées.", gone), "success")


def _add_to_item(session: Session, lot: PhotoLot, group: PhotoGroup, number: str) -> tuple[Files, ...]:
    item = items.lock(session, number, by=current_officer())
    before = making.add_to(session, resources(), group, item, by=current_officer())
    lot.made = [{"number": number, "is_public": False, "is_added": True, "why": []}]
    return before
