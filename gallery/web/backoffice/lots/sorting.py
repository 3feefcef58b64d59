"""The sorting table: waiting photos are put together and taken apart, named, and become objects, published or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from gallery.errors import PublicationRefused
from gallery.models import Case, Category, PhotoLot
from gallery.services import audit, cases
from gallery.services.items import categories
from gallery.services.lots import lots, making, sorting
from gallery.services.lots.grouping import PhotoGroup, groups_of
from gallery.services.lots.sorting import GroupWords
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items import publishing
from gallery.web.resources import database, now, resources

LONGEST_TITLE, LONGEST_CODE = 160, 32
MAKING = {"fiches", "publier"}
ACCEPT = "accepter:"


# What is done with the ticked photos.
CHOOSING: dict[str, Callable[..., int]] = {
    "reunir": sorting.join,
    "separer": sorting.take_apart,
    "deplacer": sorting.move,
    "retirer": lots.remove,
}


def act(reference: str) -> ResponseReturnValue:
    """Keep what is written of the groups, then do what the button says."""
    name = request.form.get("acte", "")
    with _taken(reference) as (session, case, lot):
        if lot is not None:
            sorting.write(lot, _written(), now=now())
            if name not in MAKING:
                _sort(session, case, lot, name)
    if name in MAKING:
        _make(reference, is_public=name == "publier")
    # What is said stands at the top of the page, and would be missed from further down.
    is_told = name in MAKING or name == "retirer" or (name in CHOOSING and not request.form.getlist("photo"))
    return redirect(url_for(".lot", reference=reference, _anchor=None if is_told else "trier"))


def _sort(session: Session, case: Case, lot: PhotoLot, name: str) -> None:
    chosen = set(request.form.getlist("photo"))
    if name.startswith(ACCEPT):
        sorting.accept(lot, {name.removeprefix(ACCEPT)}, now=now())
    elif name == "tout-accepter":
        sorting.accept(lot, None, now=now())
    elif name == "annuler":
        sorting.undo(lot, now=now())
    elif name in CHOOSING and not chosen:
        flash(gettext("Cochez d’abord des photos."), "warning")
    elif name == "retirer":
        gone = lots.remove(session, case, chosen, by=current_officer(), now=now())
        flash(ngettext("Une photo est retirée.", "%(num)d photos sont retirées.", gone), "success")
    elif name == "deplacer":
        sorting.move(lot, chosen, request.form.get("vers", ""), now=now())
    elif name in CHOOSING:
        CHOOSING[name](lot, chosen, now=now())


def _make(reference: str, *, is_public: bool) -> None:
    """Make the objects one by one, so that whatever stops half-way leaves whole objects, and the rest waiting."""
    if is_public and request.form.get("rien-de-prive") != "oui":
        flash(gettext("Rien n’est publié : cochez d’abord que rien ni personne de privé n’est visible."), "danger")
        return
    if is_public:
        with _taken(reference) as (session, case, _):
            audit.record(session, current_officer(), "vouch_for_photos", case, now=now())
    made = []
    while (number := _make_next(reference)) is not None:
        made.append(number)
    _tell(made, _published(made) if is_public else None)


def _make_next(reference: str) -> str | None:
    officer, sealer = current_officer(), resources().sealer
    with _taken(reference) as (session, _, lot):
        ready = [group for group in groups_of(lot.photos) if not group.is_proposed] if lot is not None else []
        if lot is None or not ready:
            return None
        category, title = _called(session, lot, ready[0])
        item = making.make_item(session, lot, ready[0], category, title, sealer=sealer, by=officer, now=now())
        return item.public_number


def _called(session: Session, lot: PhotoLot, group: PhotoGroup) -> tuple[Category, str]:
    """The category and the title of a group: as written, else the one for all, and a title made of the category."""
    words = sorting.words_of(lot).get(group.key, GroupWords())
    code = words.category or request.form.get("categorie-de-tous") or "other"
    category = categories.get_by_code(session, code)
    return category, words.title or proposed_title(category)


def proposed_title(category: Category) -> str:
    """What an object is called until somebody writes better."""
    return category.name_fr


def _published(numbers: list[str]) -> int:
    published = 0
    for number in numbers:
        try:
            publishing.publish(number)
        except PublicationRefused as refusal:
            flash(
                gettext("L’objet %(number)s n’est pas publié. %(why)s", number=number, why=wording.reasons(refusal)),
                "danger",
            )
        else:
            published += 1
    return published


def _tell(made: list[str], published: int | None) -> None:
    if not made:
        flash(gettext("Aucun objet n’est prêt : acceptez une proposition, ou réunissez des photos."), "warning")
    elif published is None:
        flash(ngettext("Une fiche est créée.", "%(num)d fiches sont créées.", len(made)), "success")
    elif published:
        flash(ngettext("Un objet est publié.", "%(num)d objets sont publiés.", published), "success")


def _written() -> dict[str, GroupWords]:
    keys = request.form.getlist("groupe")
    return {
        key: GroupWords(
            title=tidy_line(request.form.get(f"titre-{key}"))[:LONGEST_TITLE],
            category=request.form.get(f"categorie-{key}", "")[:LONGEST_CODE],
        )
        for key in keys
    }


@contextmanager
def _taken(reference: str) -> Iterator[tuple[Session, Case, PhotoLot | None]]:
    """One writing transaction in which nobody else changes the case or its lot."""
    with atomic(database()) as session:
        case = cases.lock(session, reference, by=current_officer())
        yield session, case, lots.of_case(session, case)
