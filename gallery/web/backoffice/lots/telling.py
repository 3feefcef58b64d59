"""What is said of the objects that a sorting table has just become, and of what is left of it."""

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext, ngettext

from gallery.services.lots.group_words import ACCEPTANCE
from gallery.web.backoffice.lots import refusals, sent_rows, table
from gallery.web.backoffice.lots.table import LotRow

# What was made of a row, as a lot keeps it.
MadeRow = dict[str, object]


def ready(rows: Sequence[LotRow], *, is_public: bool) -> list[LotRow]:
    """The rows that become items now: none that was not shown so, whose photos nobody has vouched for."""
    changed = sent_rows.shown_otherwise([row.group for row in rows])
    return [row for row in rows if _is_ready(row, is_public=is_public) and row.group.key not in changed]


def _is_ready(row: LotRow, *, is_public: bool) -> bool:
    """Whether a row becomes an item now: a draft may still be without a category of its own."""
    return not row.lacks if is_public else not ACCEPTANCE & {*row.lacks}


def remembered(made: MadeRow) -> MadeRow:
    """What a lot keeps of what was made: none of the words that were not taken."""
    return {name: value for name, value in made.items() if name != "lost"}


def tell_made(made: Sequence[MadeRow], *, is_public: bool) -> None:
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


def tell_none_ready(left: Sequence[LotRow], *, is_public: bool) -> None:
    """Say why nothing was made."""
    if _tell_changed(left, ready(left, is_public=is_public), is_public=is_public):
        return
    none_ready = gettext(
        "Aucun objet n’est prêt : acceptez les propositions, et lisez dans chaque ligne ce qui manque."
    )
    flash(none_ready if left else gettext("Aucun objet n’attend plus."), "warning")


def tell_left(left: Sequence[LotRow], *, is_public: bool) -> int:
    """Say what is left; return how many of that are ready."""
    rows = ready(left, is_public=is_public)
    _tell_changed(left, rows, is_public=is_public)
    count = len(rows)
    more = ngettext("Encore un objet est prêt : recommencez.", "Encore %(num)d objets sont prêts : recommencez.", count)
    if left:
        flash(more if count else table.left(left), "warning")
    return count


def _tell_changed(left: Sequence[LotRow], made_of: Sequence[LotRow], *, is_public: bool) -> int:
    """Say how many would have been made, had they been shown as they are by now; return how many."""
    changed = sum(_is_ready(row, is_public=is_public) for row in left) - len(made_of)
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


def _texts(made: MadeRow) -> list[str]:
    lost = made.get("lost", [])
    return lost if isinstance(lost, list) else []
