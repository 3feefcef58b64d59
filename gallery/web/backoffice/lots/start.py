"""Where photographing begins: the unit's cases, with what waits in each to be sorted."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gallery.services import cases
from gallery.services.lots import lots
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.requests import page_number
from gallery.web.resources import database, resources


def show() -> ResponseReturnValue:
    """The cases in which photos may be left, those where some wait first."""
    unit, page = current_officer().unit, page_number()
    waiting = lots.waiting_by_case(database(), unit)
    part = cases.page_of(database(), unit, page, first=waiting, sealer=resources().sealer)
    return render_template(
        "backoffice/lot_start.html",
        cases=part.records,
        waiting=waiting,
        page=page,
        has_more=part.has_more,
    )
