"""Where photographing begins: the unit's cases, with what waits in each to be sorted."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gallery.services import cases
from gallery.services.lots import lots
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, resources


def show() -> ResponseReturnValue:
    """The cases in which photos may be left, those where some wait first."""
    unit = current_officer().unit
    waiting = lots.waiting_by_case(database(), unit)
    kept = cases.kept_by(database(), unit, sealer=resources().sealer)
    return render_template(
        "backoffice/lot_start.html",
        cases=sorted(kept, key=lambda record: record.case.id not in waiting),
        waiting=waiting,
    )
