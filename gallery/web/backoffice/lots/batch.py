"""All objects of a sorting table that are complete become items at once, published once somebody vouches for them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import flash, request
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, PublicationRefused
from gallery.models import Case, Item, PhotoLot
from gallery.services import cases
from gallery.services.items import categories, checks, items
from gallery.services.items.categories import UNSORTED
from gallery.services.items.checks import Consultation
from gallery.services.lots import lots, making
from gallery.services.lots.group_words import ACCEPTANCE, GroupWords
from gallery.services.lots.grouping import groups_of
from gallery.services.lots.making import ReadyFiles, ReadyGroup
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice import vouching
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.hiding import views as hiding
from gallery.web.backoffice.items import publishing
from gallery.web.backoffice.lots import refusals, sent_rows, table
from gallery.web.backoffice.lots.table import LotRow
from gallery.web.resources import database, now, resources

MAKING = {"fiches", "publier"}
# Each writes the files of some photos; what one request has no time for is left to the next, before a proxy gives up.
LONGEST_REQUEST = timedelta(seconds=15)


def make(reference: str, *, is_public: bool) -> int:
    """Make the objects one by one, so that whatever stops half-way leaves whole objects, and the rest waiting.

    Returns how many are ready and were not made for want of time.
    """
    consulted = _vouched_for() if is_public else None
    if is_public and consulted is None:
        return 0
    made = list(_made(reference, consulted))
    return _tell(reference, made, is_public=is_public)


def resume(reference: str, *, is_public: bool) -> int:
    """Say again what is left of the objects that were to be made, of which no answer was heard; none is made.

    Returns how many are ready, as `make` does: the service may have ended before it had made any.
    """
    if is_public and _vouched_for() is None:
        return 0
    with taken(reference) as (session, _, lot):
        left = _rows(session, lot)
    return _tell_left(left, is_public=is_public)


def _vouched_for() -> Consultation | None:
    consulted = vouching.asked()
    if consulted is None:
        flash(
            gettext(
                "Rien n’est publié : cochez d’abord la vérification en bas de la page, avec le nom de qui a consulté"
                " FOVeS et le jour."
            ),
            "danger",
        )
    return consulted


def _made(reference: str, consulted: Consultation | None) -> Iterator[dict[str, object]]:
    if consulted is not None:
        with taken(reference) as (session, case, _):
            checks.note(session, case, consulted, by=current_officer(), now=now())
    until = now() + LONGEST_REQUEST
    while (made := _make_next(reference, consulted)) is not None:
        is_published = consulted is not None and not made["is_added"]
        why = _publish(str(made["number"])) if is_published else ()
        yield made | {"is_public": is_published and not why, "why": [str(each) for each in why]}
        if now() >= until:
            return


def _make_next(reference: str, consulted: Consultation | None) -> dict[str, object] | None:
    """Make an item of the next group that is complete, and keep with it who vouches for it.

    Where its number has an item already, the photos are added to that one, which stays as public as it is.
    """
    try:
        return _make_with(making.AS_THEY_ARE, reference, consulted)
    except ChangedMeanwhile:
        # Some of its files have to be made anew first, which is slow.
        return _make_with(_files_of_next(reference, consulted), reference, consulted)


def _files_of_next(reference: str, consulted: Consultation | None) -> ReadyFiles:
    session, officer = database(), current_officer()
    lot = lots.of_case(session, cases.get(session, reference, by=officer))
    row = next(iter(_ready(_rows(session, lot), is_public=consulted is not None)), None)
    if row is None:
        return making.AS_THEY_ARE
    return making.prepare(session, resources(), row.group.photos, row.group.number, by=officer)


def _make_with(files: ReadyFiles, reference: str, consulted: Consultation | None) -> dict[str, object] | None:
    officer = current_officer()
    with taken(reference) as (session, _, lot):
        row = next(iter(_ready(_rows(session, lot), is_public=consulted is not None)), None)
        if lot is None or row is None:
            return None
        words, ready = _named(session, row), ReadyGroup(row.group, files)
        made = making.make_item(session, resources(), ready, words, by=officer)
        if consulted is not None and made.is_new:
            checks.keep(session, made.item, consulted, by=officer, now=now())
        number, lost = made.item.public_number, [] if made.is_new else _not_taken(row, made.item)
    for each in made.before:
        hiding.empty(each)
    return {"number": number, "is_added": not made.is_new, "lost": lost}


def _not_taken(row: LotRow, item: Item) -> list[str]:
    """What is written in a row and not in the item that gets its photos; what was to be hidden is only named."""
    written, known = row.written, {each.code: each for each in categories.all_in_order(database())}
    sealed = items.open_secrets(item, resources().sealer).withheld
    left = [written.title] if written.title not in {"", item.title} else []
    for heading, name in (("materials", gettext("Matières")), ("period", gettext("Époque"))):
        text = getattr(written, heading)
        if text not in {"", getattr(item, heading), sealed.get(heading)}:
            left.append(name if heading in written.hidden else text)
    if written.category in known and written.category != item.category.code:
        left.append(labels.category(known[written.category]))
    left += [labels.colour(code) for code in written.colours.split() if code not in item.colours]
    # Named, as its number is in no message.
    return left + ([gettext("Affaire")] if written.case not in {"", item.case.reference} else [])


def _rows(session: Session, lot: PhotoLot | None) -> list[LotRow]:
    return table.rows_of(lot, groups_of(lot.photos), categories.all_in_order(session)) if lot is not None else []


def _ready(rows: Sequence[LotRow], *, is_public: bool) -> list[LotRow]:
    """The rows that become items now: none that was not shown so, whose photos nobody has vouched for."""
    changed = sent_rows.shown_otherwise([row.group for row in rows])
    return [row for row in rows if _is_ready(row, is_public=is_public) and row.group.key not in changed]


def _is_ready(row: LotRow, *, is_public: bool) -> bool:
    """Whether a row becomes an item now: a draft may still be without a category of its own."""
    return not row.lacks if is_public else not ACCEPTANCE & {*row.lacks}


def _named(session: Session, row: LotRow) -> GroupWords:
    """What is written of a row, in the category of other objects for want of another, with a title in any case."""
    words = replace(row.written, category=row.written.category or UNSORTED)
    known = {each.code: each for each in categories.all_in_order(session)}
    return replace(words, title=words.title or table.title_of(words, known))


def _publish(number: str) -> Sequence[str]:
    """Publish an item; what stands before it, if anything."""
    try:
        publishing.publish(number, None)
    except PublicationRefused as refusal:
        return refusal.obstacles
    return ()


def _tell(reference: str, made: list[dict[str, object]], *, is_public: bool) -> int:
    """Say what was made, with a link each, on the page, and what is left; return how many of that are ready."""
    with taken(reference) as (session, _, lot):
        left = _rows(session, lot)
        if lot is not None:
            # The script goes on with what one request had no time for.
            made = [*lot.made, *made] if "suite" in request.form else made
            # Where nothing is made, what the last act has made stays told: its answer may have been lost.
            lot.made = [_remembered(each) for each in made or lot.made]
    if not made:
        _tell_none_ready(left, is_public=is_public)
        return 0
    _tell_made(made, is_public=is_public)
    return _tell_left(left, is_public=is_public)


def _remembered(made: dict[str, object]) -> dict[str, object]:
    """What a lot keeps of what was made: none of the words that were not taken."""
    return {name: value for name, value in made.items() if name != "lost"}


def _tell_made(made: Sequence[dict[str, object]], *, is_public: bool) -> None:
    """Say how many items were made or published, how many got photos, and what of their rows was not taken."""
    added = [each for each in made if each["is_added"]]
    count = sum(bool(each["is_public"]) for each in made) if is_public else len(made) - len(added)
    if count and is_public:
        flash(ngettext("Un objet est publié.", "%(num)d objets sont publiés.", count), "success")
    elif count:
        flash(ngettext("Une fiche est créée.", "%(num)d fiches sont créées.", count), "success")
    if added:
        flash(
            ngettext(
                "Des photos sont ajoutées à une fiche qui existait déjà.",
                "Des photos sont ajoutées à %(num)d fiches qui existaient déjà.",
                len(added),
            ),
            "success",
        )
    lost = [f"{each['number']}, {text}" for each in added for text in _texts(each)]
    if lost:
        kept = gettext("Ces fiches gardent leurs mots. N’y est pas repris : %(what)s.", what=refusals.named(lost))
        flash(kept, "warning")


def _texts(made: dict[str, object]) -> list[str]:
    lost = made.get("lost", [])
    return lost if isinstance(lost, list) else []


def _tell_none_ready(left: Sequence[LotRow], *, is_public: bool) -> None:
    """Say why nothing was made."""
    if _tell_changed(left, _ready(left, is_public=is_public), is_public=is_public):
        return
    none_ready = gettext(
        "Aucun objet n’est prêt : acceptez les propositions, et lisez dans chaque ligne ce qui manque."
    )
    flash(none_ready if left else gettext("Aucun objet n’attend plus."), "warning")


def _tell_changed(left: Sequence[LotRow], ready: Sequence[LotRow], *, is_public: bool) -> int:
    """Say how many would have been made, had they been shown as they are by now; return how many."""
    changed = sum(_is_ready(row, is_public=is_public) for row in left) - len(ready)
    if changed:
        flash(
            ngettext(
                "Un objet est nouveau, ou n’a plus les mêmes photos que sur votre page. Il reste dans la table :"
                " regardez-le.",
                "%(num)d objets sont nouveaux, ou n’ont plus les mêmes photos que sur votre page. Ils restent dans la"
                " table : regardez-les.",
                changed,
            ),
            "warning",
        )
    return changed


def _tell_left(left: Sequence[LotRow], *, is_public: bool) -> int:
    """Say what is left; return how many of that are ready."""
    rows = _ready(left, is_public=is_public)
    _tell_changed(left, rows, is_public=is_public)
    ready = len(rows)
    more = ngettext("Encore un objet est prêt : recommencez.", "Encore %(num)d objets sont prêts : recommencez.", ready)
    if left:
        flash(more if ready else table.left(left), "warning")
    return ready


@contextmanager
def taken(reference: str) -> Iterator[tuple[Session, Case, PhotoLot | None]]:
    """One writing transaction in which nobody else changes the case or its lot."""
    with atomic(database()) as session:
        case = cases.lock(session, reference, by=current_officer())
        yield session, case, lots.of_case(session, case)
