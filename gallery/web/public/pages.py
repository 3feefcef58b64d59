"""Home, help, units, legal pages and language."""

from datetime import date

from flask import redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as WebResponse

from gallery import matching
from gallery.services.gallery import browsing, public_items
from gallery.services.gallery.public_records import UnitCount
from gallery.services.words.folding import fold
from gallery.web import cookies
from gallery.web.catalogues import catalogues
from gallery.web.languages import COOKIE, PREFIXES, without
from gallery.web.public.installing import short_name
from gallery.web.public.kept import kept
from gallery.web.resources import database, resources
from gallery.web.return_address import is_local

OMBUDSMAN = {
    "form": "https://formulaire.defenseurdesdroits.fr/",
    "delegates": "https://www.defenseurdesdroits.fr/saisir/delegues",
}
NEWEST_AT_HOME = 8
UNITS_AT_HOME = 6
A_YEAR = 365 * 24 * 3600


@kept()
def home() -> str:
    """What this is, what to do, the newest objects and the units that keep them."""
    session = database()
    return render_template(
        "public/home.html",
        newest=public_items.newest(session, limit=NEWEST_AT_HOME),
        total=len(catalogues().gallery.current().entries),
        returned=public_items.returned(session),
        units=_units()[:UNITS_AT_HOME],
    )


@kept()
def units() -> str:
    """Every unit that has published items."""
    return render_template("public/units.html", units=_units())


@kept()
def guide() -> str:
    """How to photograph, find and claim an object, step by step."""
    return render_template("public/help.html", called=short_name())


@kept()
def legal() -> str:
    """Who operates and hosts the service, as the settings say."""
    return render_template("public/legal.html", operator=resources().settings)


@kept()
def personal_data() -> str:
    """What is kept of whom, and of whom to ask."""
    offered = matching.browser_model()
    return render_template("public/personal_data.html", operator=resources().settings, browser_model=offered)


@kept()
def accessibility() -> str:
    """The accessibility declaration, as far as the settings complete it."""
    operator = resources().settings
    declared = date.fromisoformat(operator.accessibility_date) if operator.accessibility_date else None
    return render_template("public/accessibility.html", operator=operator, declared=declared, ombudsman=OMBUDSMAN)


def language(code: str) -> WebResponse:
    """Remember the language, and go back to the page that the visitor came from, in that language."""
    if code not in PREFIXES:
        raise NotFound
    back = without(request.args.get("retour", ""))
    answer = redirect(PREFIXES[code] + (back if is_local(back, root=request.script_root) else "/"))
    cookies.keep(answer, COOKIE, code, max_age=A_YEAR)
    return answer


def _units() -> list[UnitCount]:
    """By name, as the language sorts it."""
    return sorted(browsing.units(database(), catalogues().gallery), key=lambda each: fold(each.unit.name))
