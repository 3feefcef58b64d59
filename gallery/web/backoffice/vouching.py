"""What an officer vouches for before a batch is published: nothing private, authorised, FOVeS consulted."""

from datetime import date

from flask import request

from gallery.services.days import day_in_paris
from gallery.services.items.checks import MAX_NAME, Consultation
from gallery.services.words.tidying import tidy_line
from gallery.web import typed_days
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import now


def asked() -> Consultation | None:
    """What the form vouches for; None where it is not ticked, or where who or when is missing or to come."""
    name = tidy_line(request.form.get("foves-par", ""))[:MAX_NAME]
    day = typed_days.read(request.form.get("foves-le", ""))
    is_vouched = request.form.get("verifie") == "oui"
    is_possible = day is not None and day.year >= typed_days.EARLIEST_YEAR and day <= today()
    return Consultation(name, day) if is_vouched and name and day and is_possible else None


def sent_anew() -> dict[str, str]:
    """What the form at hand says of who consulted FOVeS and when, where a fresh page would say something else.

    A page that answers the form shows it; after a redirect it would be lost, and somebody else recorded in its place.
    """
    fresh = {"foves-par": current_officer().name, "foves-le": today().isoformat()}
    sent = {name: request.form[name][:MAX_NAME] for name in fresh if name in request.form}
    return sent if sent != fresh else {}


def today() -> date:
    """The last day on which FOVeS can have been consulted."""
    return day_in_paris(now())
