"""Acts on many items at once: each succeeds or is refused by itself, and every refusal is said with its reason."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from gallery.errors import CategoryNotFound, ChangedMeanwhile, GalleryError, ItemNotFound, PublicationRefused
from gallery.services.items import categories, items
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import publishing
from gallery.web.errors import sentence_for
from gallery.web.workplace import database, now, workplace

LIST_ARGUMENTS = ("statut", "categorie", "affaire", "mots", "page")
# Items that one form may name: more than a page shows is no form of ours.
MOST_AT_ONCE = 200


def act_on_many() -> ResponseReturnValue:
    """Publish, withdraw or put in another category the items that were ticked, then show the list again."""
    numbers = list(dict.fromkeys(tidy_line(each) for each in request.form.getlist("objets")))[:MOST_AT_ONCE]
    act = ACTS.get(request.form.get("acte", ""))
    if not numbers:
        flash(gettext("Cochez d’abord les objets."), "warning")
    elif act is None:
        flash(gettext("Choisissez ce qu’il faut faire des objets cochés."), "warning")
    else:
        _tell(*_each(numbers, act))
    arguments: dict[str, Any] = {name: request.form[name] for name in LIST_ARGUMENTS if request.form.get(name)}
    return redirect(url_for(".items", **arguments))


def _each(numbers: Sequence[str], act: Callable[[str], bool]) -> tuple[int, Mapping[str, Sequence[str]]]:
    """Do it to each; return how many were changed, and the numbers of those refused by the reason in words."""
    changed, refused = 0, defaultdict(list)
    for number in numbers:
        try:
            changed += act(number)
        except (PublicationRefused, ChangedMeanwhile, ItemNotFound, CategoryNotFound) as error:
            refused[_reason(error)].append(number)
    return changed, refused


def _tell(changed: int, refused: Mapping[str, Sequence[str]]) -> None:
    if changed:
        flash(ngettext("Un objet a été modifié.", "%(num)d objets ont été modifiés.", changed), "success")
    elif not refused:
        flash(gettext("Rien à changer : les objets cochés étaient déjà ainsi."), "warning")
    for reason, numbers in refused.items():
        which = ngettext("Pas de changement pour %(which)s.", "Pas de changement pour %(num)d objets : %(which)s.",
                         len(numbers), which=", ".join(numbers))  # fmt: skip
        flash(f"{which} {reason}", "danger")


def _reason(error: GalleryError) -> str:
    return wording.reasons(error) if isinstance(error, PublicationRefused) else sentence_for(error)


def _change_category(number: str) -> bool:
    officer, code = current_officer(), tidy_line(request.form.get("nouvelle-categorie"))
    with atomic(database()) as session:
        item, category = items.take(session, number, by=officer), categories.get_by_code(session, code)
        changes = item.category_id != category.id
        items.change_category(session, item, category, sealer=workplace().sealer, by=officer, now=now())
    return changes


ACTS: Mapping[str, Callable[[str], bool]] = {
    "publier": publishing.publish,
    "retirer": publishing.withdraw,
    "categorie": _change_category,
}
