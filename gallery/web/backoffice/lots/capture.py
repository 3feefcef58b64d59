"""Photographing objects with a telephone: a page that works without a network, and a plain form for one number."""

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from gallery.services import cases
from gallery.services.items.numbering import card_numbers
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.transaction import atomic
from gallery.web import installed
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.resources import database, now, resources

# What a telephone may hold in reserve: a long day in a cellar.
MAX_RESERVED = 120
PATIENCE_MILLISECONDS = 4000


def shell() -> str:
    """The page with nothing personal in it: its script adds what the telephone itself knows. Browsers keep it."""
    return render_template("backoffice/capture.html", settings=resources().settings, most=MAX_RESERVED)


KEPT = installed.OfflinePage(
    "backoffice.capture",
    shell,
    styles=("theme.css", "backoffice.css", "backoffice/capture.css"),
    scripts=("backoffice/capture/page.js", "install.js"),
    patience=PATIENCE_MILLISECONDS,
)


def manifest() -> Response:
    """What a telephone that installs the back office asks for."""
    return installed.manifest(
        {
            "name": gettext("%(site)s – Agents", site=resources().settings.site_name),
            "short_name": gettext("Agents"),
            "description": gettext("Photographier les objets d’une affaire, même sans réseau."),
            "start_url": url_for("backoffice.capture"),
        }
    )


def service_worker() -> Response:
    """What answers in the telephone when there is no network."""
    return installed.service_worker(KEPT)


def reserve(reference: str) -> ResponseReturnValue:
    """Numbers for objects of a case that nobody else is given, and how to call the case where all may read it."""
    officer = current_officer()
    case = cases.get(database(), reference, by=officer)
    count = min(request.form.get("combien", default=0, type=int), MAX_RESERVED)
    called = gettext("Affaire ouverte le %(day)s", day=wording.instant(case.created_at))
    return jsonify(numbers=_reserved(count) if count > 0 else [], unit=officer.unit.code, called=called)


def plain(reference: str) -> str:
    """Without a script: several photos for one number, which is asked for first."""
    case = cases.get(database(), reference, by=current_officer())
    number = read_public_number(request.args.get("numero", ""))
    return render_template("backoffice/capture_plain.html", case=case, number=number, settings=resources().settings)


def next_number(reference: str) -> ResponseReturnValue:
    """Reserve one number, and ask for its photos."""
    cases.get(database(), reference, by=current_officer())
    (number,) = _reserved(1)
    return redirect(url_for(".capture_plainly", reference=reference, numero=number))


def _reserved(count: int) -> list[str]:
    officer = current_officer()
    with atomic(database()) as session:
        return card_numbers.reserve(session, officer.unit, count, by=officer, now=now())
