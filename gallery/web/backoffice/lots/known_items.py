"""What is done with waiting photos of an object that the gallery has already, and with those that nobody wants."""

from collections.abc import Collection
from dataclasses import dataclass, field

from flask import flash, request
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from gallery.models import Case, PhotoLot
from gallery.services import cases
from gallery.services.items import items
from gallery.services.items.leftovers import Files
from gallery.services.lots import known, lots, making
from gallery.services.lots.grouping import groups_of
from gallery.services.lots.making import ReadyFiles, ReadyGroup
from gallery.services.lots.order import may_show_card
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.lots import refusals, sent_rows
from gallery.web.resources import database, now, resources

ACTS = frozenset({"ajouter", "ecarter", "ignorer"})


@dataclass
class ActFiles:
    """Files that an act needs, and those that are to be destroyed once it is committed."""

    ready: ReadyFiles = making.AS_THEY_ARE
    shown_before: list[Files] = field(default_factory=list)


def prepared(reference: str) -> ActFiles:
    """What the act at hand needs: the slow part, before the transaction opens."""
    name, key, number = _asked()
    if name != "ajouter":
        return ActFiles()
    officer = current_officer()
    lot = lots.of_case(database(), cases.get(database(), reference, by=officer))
    group = sent_rows.group_of_row(groups_of(lot.photos), key) if lot else None
    return ActFiles(
        making.prepare(database(), resources(), group.photos, number, by=officer) if group else ReadyFiles()
    )


def act(session: Session, case: Case, lot: PhotoLot, files: ActFiles) -> bool:
    """Do what a button beside a known item says; False where nothing was done, which was said."""
    name, key, number = _asked()
    group = sent_rows.group_of_row(groups_of(lot.photos), key)
    if group is None:
        return refusals.refuse_changed()
    if name == "ecarter":
        remove(session, case, {photo.public_id for photo in group.photos})
    elif name == "ignorer":
        known.ignore(session, group, number, by=current_officer())
    elif any(may_show_card(photo) for photo in group.photos):
        return refusals.refuse(
            gettext(
                "Une carte illisible semble visible sur une de ces photos : cachez-la d’abord, ou dites que ce n’en est"
                " pas une."
            )
        )
    else:
        files.shown_before += _add_to_item(session, lot, ReadyGroup(group, files.ready), number)
    return True


def _asked() -> tuple[str, str, str]:
    """What is done, with the photos of which row, and to which item, as the button says."""
    name, _, about = request.form.get("acte", "").partition(":")
    key, _, number = about.partition("/")
    return name, key, number


def remove(session: Session, case: Case, public_ids: Collection[str]) -> None:
    """Remove waiting photos, and say how many."""
    gone = lots.remove(session, case, public_ids, by=current_officer(), now=now())
    said = ngettext("Une photo est retirée.", "%(num)d photos sont retirées.", gone)
    flash(f"{said} {gettext('Pour revenir en arrière : « Reprendre ces photos », au-dessus du tableau.')}", "success")


def _add_to_item(session: Session, lot: PhotoLot, ready: ReadyGroup, number: str) -> tuple[Files, ...]:
    item = items.lock(session, number, by=current_officer())
    before = making.add_to(session, resources(), ready, item, by=current_officer())
    lot.made = [{"number": number, "is_public": False, "is_added": True, "why": []}]
    return before
