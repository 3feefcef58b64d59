"""The page of a case where a list is brought in: looked at first, with every error by row and column, then imported."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from gallery.errors import FieldInvalid
from gallery.models import Case
from gallery.services import cases
from gallery.services.cases import CaseRecord
from gallery.services.imports import tables
from gallery.services.items import withholding
from gallery.services.lots import making
from gallery.services.lots.making import ReadyFiles
from gallery.services.people import drafts
from gallery.services.spreadsheets import case_list, taking
from gallery.services.spreadsheets.case_list import CaseList, NewItem
from gallery.services.spreadsheets.completing import Completed
from gallery.services.spreadsheets.item_table import MARK
from gallery.services.spreadsheets.taking import Taking
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line
from gallery.sharing import cells
from gallery.web import labels
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.one_by_one import LONGEST_REQUEST
from gallery.web.backoffice.spreadsheets.fault_words import ShownFault, no_list, shown, unreadable
from gallery.web.intake.limits import LIST_BYTES, MEGABYTE
from gallery.web.languages import in_french
from gallery.web.requests import given_files
from gallery.web.resources import database, now, resources

Row = TypeVar("Row")
# On the page; all are in the table that it offers.
MAX_SHOWN = 300
# The name tells neither the case nor the unit.
FAULTS_FILE = {"Content-Disposition": 'attachment; filename="erreurs.csv"'}
LONGEST_NAME = 80
# The message is in a cookie.
MAX_NAMED = 50


@dataclass(frozen=True)
class GivenList:
    """A list that an officer has given for a case and not imported yet. digest: of its text."""

    name: str
    text: str
    saved_at: datetime

    @property
    def digest(self) -> str:
        """What tells this list from one that was given since."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class LookedAt:
    """What a given list would do. why: it can't be read at all, in words; faults: what is wrong, the first ones."""

    given: GivenList
    found: CaseList | None
    why: str
    faults: Sequence[ShownFault]


@dataclass(frozen=True)
class TakenRows:
    """How many rows a request had time for, and the objects of those that were as when the list was looked at."""

    asked: int
    numbers: Sequence[str]

    @property
    def done(self) -> int:
        """How many rows were taken."""
        return len(self.numbers)


def check(reference: str) -> ResponseReturnValue:
    """Take a list, keep it sealed for the officer, and show what importing it would do; nothing is imported."""
    case = cases.get(database(), reference, by=current_officer())
    refusal = _keep_given(case) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect(url_for(".import_list", reference=reference))
    page = render_template(
        "backoffice/import_list.html",
        record=CaseRecord(case, cases.open_secrets(case, resources().sealer)),
        # Whoever has just given another file would import the one before it.
        looked_at=None if refusal else _looked_at(case),
        refusal=refusal,
        max_megabytes=LIST_BYTES // MEGABYTE,
        max_rows=case_list.MAX_ROWS,
        max_shown=MAX_SHOWN,
    )
    return page, 400 if refusal else 200


def faults(reference: str) -> ResponseReturnValue:
    """All that is wrong with the list that is being looked at, as a table for a spreadsheet; 404 without a list."""
    case = cases.get(database(), reference, by=current_officer())
    given = _given(case)
    if given is None:
        abort(404)
    head = gettext("Ligne"), gettext("Colonne"), gettext("Valeur"), gettext("Que faire")
    told = (shown(each) for each in _read(case, given).refusals)
    rows = [(each.row, cells.harmless(each.column), cells.harmless(each.value), each.sentence) for each in told]
    return Response(MARK + cells.lines([head, *rows]), mimetype="text/csv", headers=FAULTS_FILE)


def take(reference: str) -> ResponseReturnValue:
    """Import the rows in which nothing is wrong, of the list that was shown."""
    case = cases.get(database(), reference, by=current_officer())
    given = _given(case)
    if given is None or given.digest != request.form.get("liste"):
        flash(gettext("Cette liste a changé depuis : vérifiez-la de nouveau, puis importez."), "warning")
        return redirect(url_for(".import_list", reference=reference))
    found = _read(case, given)
    until = now() + LONGEST_REQUEST
    made = _some_at_a_time(reference, found.new, _make, until)
    completed = _some_at_a_time(reference, found.changed, _complete, until)
    rest = len(found.new) + len(found.changed) - made.asked - completed.asked
    _tell(found, made, completed, rest)
    _tell_titles([*made.numbers, *completed.numbers])
    if not found.refusals and not rest:
        with atomic(database()) as session:
            drafts.forget(session, _subject(reference), by=current_officer())
        return redirect(url_for(".items", affaire=reference))
    return redirect(url_for(".import_list", reference=reference))


def _keep_given(case: Case) -> str:
    """Keep the list that was sent; return why it can't be, or nothing."""
    file = next(iter(given_files("liste")), None)
    if file is None:
        return gettext("Choisissez d’abord le fichier de la liste.")
    data = file.read(LIST_BYTES + 1)
    if len(data) > LIST_BYTES:
        return gettext(
            "Ce fichier pèse plus de %(limit)s Mo : partagez la liste en deux.", limit=LIST_BYTES // MEGABYTE
        )
    if refusal := no_list(data):
        return refusal
    try:
        text = tables.decoded(data, name="")
        tables.read(data, name="")
    except FieldInvalid as error:
        return unreadable(error)
    fields = {"nom": [tidy_line(file.filename)[-LONGEST_NAME:]], "texte": [text]}
    with atomic(database()) as session:
        officer, subject = current_officer(), _subject(case.reference)
        drafts.keep(session, resources(), subject, fields, by=officer)
    return ""


def _given(case: Case) -> GivenList | None:
    draft = drafts.find(database(), _subject(case.reference), sealer=resources().sealer, by=current_officer())
    return GivenList(draft.fields["nom"][0], draft.fields["texte"][0], draft.saved_at) if draft else None


def _looked_at(case: Case) -> LookedAt | None:
    given = _given(case)
    if given is None:
        return None
    try:
        found = _read(case, given)
    except FieldInvalid as error:
        return LookedAt(given, None, unreadable(error), ())
    return LookedAt(given, found, "", [shown(each) for each in found.refusals[:MAX_SHOWN]])


def _read(case: Case, given: GivenList) -> CaseList:
    sealer = resources().sealer
    return case_list.read(database(), case, given.text, colours=in_french(labels.COLOURS), sealer=sealer)


def _some_at_a_time(
    reference: str,
    rows: Sequence[Row],
    act: Callable[[str, Sequence[Row]], list[str]],
    until: datetime,
) -> TakenRows:
    """What stops half-way leaves whole objects; given again, the list goes on with the rest."""
    asked, numbers = 0, list[str]()
    while asked < len(rows) and (not asked or now() < until):
        some = rows[asked : asked + taking.AT_ONCE]
        numbers += act(reference, some)
        asked += len(some)
    return TakenRows(asked, numbers)


def _make(reference: str, rows: Sequence[NewItem]) -> list[str]:
    officer = current_officer()
    case = cases.get(database(), reference, by=officer)
    files = taking.prepare(database(), resources(), case, rows, by=officer)
    with _taking(reference, files) as act:
        return act.make(rows)


def _complete(reference: str, rows: Sequence[Completed]) -> list[str]:
    with _taking(reference) as act:
        return act.complete(rows)


@contextmanager
def _taking(reference: str, files: ReadyFiles = making.AS_THEY_ARE) -> Iterator[Taking]:
    officer = current_officer()
    with atomic(database()) as session:
        yield Taking(session, resources(), cases.lock(session, reference, by=officer), officer, files)


def _tell(found: CaseList, made: TakenRows, completed: TakenRows, rest: int) -> None:
    if made.done:
        flash(ngettext("Un brouillon est créé.", "%(num)d brouillons sont créés.", made.done), "success")
    if completed.done:
        flash(ngettext("Un brouillon est complété.", "%(num)d brouillons sont complétés.", completed.done), "success")
    if rest:
        flash(
            ngettext(
                "Encore une ligne : appuyez de nouveau sur « Importer ».",
                "Encore %(num)d lignes : appuyez de nouveau sur « Importer ».",
                rest,
            ),
            "warning",
        )
    left = made.asked + completed.asked - made.done - completed.done
    if left:
        flash(
            ngettext(
                "Une ligne n’a pas été prise : un collègue vient de changer son objet ou ses photos. Vérifiez la liste "
                "de nouveau.",
                "%(num)d lignes n’ont pas été prises : un collègue vient de changer leurs objets ou leurs photos. "
                "Vérifiez la liste de nouveau.",
                left,
            ),
            "warning",
        )
    if found.refusals and not rest:
        flash(
            gettext(
                "Les lignes en erreur sont laissées : corrigez-les dans votre tableur, puis donnez la liste entière."
            ),
            "warning",
        )


def _tell_titles(numbers: Sequence[str]) -> None:
    """Say which titles still tell what is kept from the public."""
    telling = withholding.telling_titles(database(), numbers, sealer=resources().sealer)
    if telling:
        flash(
            gettext(
                "Le titre de ces objets dit encore ce qui est caché du public, changez-le si cela doit rester caché : "
                "%(numbers)s.",
                numbers=", ".join(telling[:MAX_NAMED]) + (", …" if len(telling) > MAX_NAMED else ""),
            ),
            "warning",
        )


def _subject(reference: str) -> str:
    return f"list:{reference}"
