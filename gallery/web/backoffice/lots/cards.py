"""Sheets of cards to print, cut and lay beside objects."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from gallery.services.items.numbering import card_numbers
from gallery.services.transaction import atomic
from gallery.sharing import cards
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now


def offer() -> ResponseReturnValue:
    """Ask how many, and say how many the unit may still have."""
    per_sheet, left = cards.CARDS_PER_SHEET, card_numbers.left(database(), current_officer().unit, now=now())
    most = min(card_numbers.MAX_AT_ONCE, left) // per_sheet
    return render_template("backoffice/cards.html", per_sheet=per_sheet, most=most, left=left)


def print_sheets() -> ResponseReturnValue:
    """The sheets as a PDF, under numbers that nobody else is given; raise TooManyCards."""
    officer = current_officer()
    asked = request.form.get("feuilles", default=1, type=int)
    with atomic(database()) as session:
        count = asked * cards.CARDS_PER_SHEET
        numbers = card_numbers.print_cards(session, officer.unit, count, by=officer, now=now())
    response = Response(cards.sheets(numbers), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="etiquettes.pdf"'
    return response
