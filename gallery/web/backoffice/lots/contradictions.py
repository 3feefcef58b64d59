"""What was written twice in one field of the sorting table: what came first stays; whoever came second is shown both.

By two devices, or twice by one that never heard that the first time was kept: so no sentence names another device.
"""

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


def tell(lot: PhotoLot, found: Sequence[Contradiction], *, stops_making: bool) -> None:
    """Say of each field what is kept and what the page had sent, and that nothing was made for that reason, if so."""
    groups = groups_of(lot.photos)
    for each in found:
        said = gettext("%(object)s, %(field)s :", object=_name_of(each.group, groups), field=wording.FIELDS[each.field])
        flash(f"{said} {_kept(each)} {_sent(each)}", "warning")
    if found and stops_making:
        flash(gettext("Rien n’a été créé ni publié : vérifiez, puis recommencez."), "warning")


def _kept(found: Contradiction) -> str:
    if not found.kept:
        return gettext("ce champ a été vidé entre-temps, et il reste vide.")
    return gettext(
        "« %(kept)s » a été écrit entre-temps, et c’est ce qui est gardé.",
        kept=_in_words(found.field, found.kept),
    )


def _sent(found: Contradiction) -> str:
    if not found.sent:
        return gettext("Vous aviez vidé ce champ : videz-le de nouveau si cela vaut mieux.")
    return gettext(
        "Vous aviez écrit « %(sent)s » : récrivez-le s’il vaut mieux.", sent=_in_words(found.field, found.sent)
    )


def _name_of(group: PhotoGroup, groups: Sequence[PhotoGroup]) -> str:
    keys = [each.key for each in groups]
    return group.number or gettext("Objet %(order)s", order=keys.index(group.key) + 1)


def _in_words(field: str, value: str) -> str:
    """A value as the page shows it."""
    if field == "category":
        return next(
            (labels.category(each) for each in categories.all_in_order(database()) if each.code == value), value
        )
    if field == "case":
        return next((wording.case_name(each) for each in unit_cases() if each.case.reference == value), value)
    return value
