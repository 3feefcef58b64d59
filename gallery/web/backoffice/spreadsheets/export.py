"""The unit's items as a table for a spreadsheet: the list as it is narrowed down, or a case."""

from flask import Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from gallery.services import audit
from gallery.services.imports import columns
from gallery.services.items import lists
from gallery.services.spreadsheets import item_table
from gallery.services.spreadsheets.item_table import TableWords
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items.item_list import asked_filters
from gallery.web.languages import in_french
from gallery.web.resources import database, now, resources

# The name tells neither the case nor the unit.
HEADERS = {"Content-Disposition": 'attachment; filename="objets.csv"'}


def export_list() -> ResponseReturnValue:
    """All items that the filters of the form show, written in the journal before the first row leaves."""
    filters, officer, sealer = asked_filters(request.form), current_officer(), resources().sealer
    narrowed = lists.narrow(database(), officer.unit, filters.wanted, sealer=sealer)
    ids = lists.ids_of(database(), narrowed)
    words = TableWords(in_french(labels.COLOURS), is_confidential=request.form.get("reserve") == "oui")
    with atomic(database()) as session:
        subject = filters.case or officer.unit
        audit.record(session, officer, words.act, subject, now=now(), items=len(ids))
    rows = item_table.written(database(), ids, words, sealer=sealer)
    return Response(stream_with_context(rows), mimetype="text/csv", headers=HEADERS)


def empty() -> ResponseReturnValue:
    """The columns that a case's list may have, to be filled in."""
    names = [each for each in columns.ALL if each != columns.CASE]
    return Response(item_table.header(names), mimetype="text/csv", headers=HEADERS)
