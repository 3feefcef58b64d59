"""Acts on many items at once: each succeeds or is refused on its own, and every refusal is shown with its reason."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from gallery.errors import CategoryNotFound, ChangedMeanwhile, GalleryError, ItemNotFound, Outage, PublicationRefused
from gallery.services.items import lists
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import vouching, wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import bulk_undo, publishing
from gallery.web.backoffice.items.item_list import asked_filters
from gallery.web.backoffice.items.publishing import Changed
from gallery.web.errors import sentence_for
from gallery.web.resources import database, resources

LIST_ARGUMENTS = ("statut", "categorie", "affaire", "mots", "page")
# Each is a transaction, and publishing copies files: this many take seconds, more would outlast a request.
MAX_AT_ONCE = 300
REFUSALS = (PublicationRefused, ChangedMeanwhile, ItemNotFound, CategoryNotFound)


@dataclass
class _Account:
    """What came of an act on many items: those that it changed, and those refused by the reason in words.

    outage: what kept the others from being tried.
    """

    changed: dict[str, Changed] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    outage: Outage | None = None


def act_on_many() -> ResponseReturnValue:
    """Do one act to the items that were ticked, or to all that the list shows; then show the list again."""
    name = request.form.get("acte", "")
    if name == "remettre":
        _tell(_done(bulk_undo.taken()))
        return redirect(url_for(".items", **_arguments()))
    numbers = _numbers()
    refusal = _why_not(name, numbers)
    if refusal:
        flash(refusal, "warning")
    elif name == "retirer" and "confirme" not in request.form:
        return render_template("backoffice/withdraw_many.html", numbers=numbers, arguments=_arguments())
    elif name == "publier" and vouching.asked() is None:
        return _ask_to_vouch(numbers)
    else:
        _tell(_each(numbers, name))
    return redirect(url_for(".items", **_arguments()))


def _ask_to_vouch(numbers: Sequence[str]) -> ResponseReturnValue:
    """Once for the whole batch."""
    is_missing = "demande" in request.form
    page = render_template(
        "backoffice/vouch_many.html",
        numbers=numbers,
        arguments=_arguments(),
        today=vouching.today(),
        sent=vouching.sent_anew(),
        is_missing=is_missing,
    )
    return page, 422 if is_missing else 200


def _why_not(name: str, numbers: Sequence[str]) -> str:
    """Why nothing can be done; empty when something can."""
    if not numbers:
        return gettext("Cochez d’abord les objets.")
    if len(numbers) > MAX_AT_ONCE:
        return gettext("Au plus %(most)d objets à la fois : affinez la liste, puis recommencez.", most=MAX_AT_ONCE)
    if name not in ACTS:
        return gettext("Choisissez ce qu’il faut faire des objets cochés.")
    if name == "categorie" and not request.form.get("nouvelle-categorie"):
        return gettext("Choisissez d’abord la nouvelle catégorie.")
    return ""


def _numbers() -> list[str]:
    """The items that were ticked; where all of the list are meant, those that its filters show now."""
    if "tous" in request.form:
        filters = asked_filters(request.form)
        narrowed = lists.narrow(database(), current_officer().unit, filters.wanted, sealer=resources().sealer)
        return lists.numbers_of(database(), narrowed, limit=MAX_AT_ONCE + 1)
    return list(dict.fromkeys(tidy_line(each) for each in request.form.getlist("objets")))


def _arguments() -> dict[str, Any]:
    return {name: request.form[name] for name in LIST_ARGUMENTS if request.form.get(name)}


def _each(numbers: Sequence[str], name: str) -> _Account:
    """Do an act to each, and keep what takes it back."""
    account = _done((number, ACTS[name]) for number in numbers)
    if name in bulk_undo.UNDONE and account.changed:
        bulk_undo.offer(name, account.changed)
    return account


def _done(acts: Iterable[tuple[str, Callable[[str], Changed | None]]]) -> _Account:
    """Do its act to each number, as long as nothing is down."""
    account = _Account()
    for number, act in acts:
        try:
            change = act(number)
        except REFUSALS as error:
            account.refused[_reason(error)].append(number)
        except Outage as error:
            account.outage = error
            break
        else:
            if change is not None:
                account.changed[number] = change
    return account


def _tell(account: _Account) -> None:
    """Say what was changed and what was not, and why; raise the outage that stopped it, once that is said."""
    changed = len(account.changed)
    if changed:
        flash(ngettext("Un objet a été modifié.", "%(num)d objets ont été modifiés.", changed), "success")
    elif not (account.refused or account.outage):
        flash(gettext("Rien à changer : les objets cochés étaient déjà ainsi."), "warning")
    for reason, numbers in account.refused.items():
        which = ngettext("Pas de changement pour %(which)s.", "Pas de changement pour %(num)d objets : %(which)s.",
                         len(numbers), which=", ".join(numbers))  # fmt: skip
        flash(f"{which} {reason}", "danger")
    if account.outage:
        raise account.outage


def _reason(error: GalleryError) -> str:
    return wording.reasons(error) if isinstance(error, PublicationRefused) else sentence_for(error)


def _change_category(number: str) -> Changed | None:
    return publishing.change_category(number, tidy_line(request.form.get("nouvelle-categorie")))


# Each returns what it has changed, or None where there was nothing to change.
ACTS: Mapping[str, Callable[[str], Changed | None]] = {
    "publier": lambda number: publishing.publish(number, vouching.asked()),
    "retirer": publishing.withdraw,
    "categorie": _change_category,
}
