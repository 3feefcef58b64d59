"""What two devices have written in one field of the sorting table: both are told, and the one that came first stays."""

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext

from gallery.models import PhotoLot
from gallery.services.items import categories
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.web import labels
from gallery.web.backoffice import wording
from gallery.web.backoffice.items.item_list import unit_cases
from gallery.web.backoffice.lots.sent_rows import Contradiction
from gallery.web.resources import database


def tell(lot: PhotoLot, found: Sequence[Contradiction]) -> None:
    """Say of each field what is kept and what the page had sent."""
    groups = groups_of(lot.photos)
    for each in found:
        flash(
            gettext(
                "%(object)s, %(field)s : un autre appareil a écrit « %(kept)s » entre-temps, et c’est gardé. Vous aviez"
                " écrit « %(sent)s » : écrivez-le de nouveau si c’est mieux.",
                object=_name_of(each.group, groups),
                field=wording.FIELDS[each.field],
                kept=_in_words(each.field, each.kept),
                sent=_in_words(each.field, each.sent),
            ),
            "warning",
        )


def _name_of(group: PhotoGroup, groups: Sequence[PhotoGroup]) -> str:
    keys = [each.key for each in groups]
    return group.number or gettext("Objet %(order)s", order=keys.index(group.key) + 1)


def _in_words(field: str, value: str) -> str:
    """A value as the page shows it."""
    if not value:
        return gettext("rien")
    if field == "category":
        return next(
            (labels.category(each) for each in categories.all_in_order(database()) if each.code == value), value
        )
    if field == "case":
        return next((wording.case_name(each) for each in unit_cases() if each.case.reference == value), value)
    return value
