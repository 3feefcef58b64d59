"""Words for enumerations and values: the only place that turns them into what people read."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask, request
from flask_babel import (
    force_locale,
    format_date,
    format_decimal,
    get_locale,
    gettext,
    lazy_gettext,
    ngettext,
    to_user_timezone,
)
from markupsafe import Markup

from gallery.config import Site
from gallery.matching import Evidence, Likelihood
from gallery.models import Colour, ItemStatus, UnitKind
from gallery.services.people import telephones
from gallery.web.departements import DEPARTEMENTS, departement_name
from gallery.web.resources import resources, resources_of

COLOURS = {
    Colour.BLACK: lazy_gettext("noir"),
    Colour.WHITE: lazy_gettext("blanc"),
    Colour.GREY: lazy_gettext("gris"),
    Colour.SILVER: lazy_gettext("argenté"),
    Colour.GOLD: lazy_gettext("doré"),
    Colour.BROWN: lazy_gettext("marron"),
    Colour.BEIGE: lazy_gettext("beige"),
    Colour.RED: lazy_gettext("rouge"),
    Colour.ORANGE: lazy_gettext("orange"),
    Colour.YELLOW: lazy_gettext("jaune"),
    Colour.GREEN: lazy_gettext("vert"),
    Colour.BLUE: lazy_gettext("bleu"),
    Colour.PURPLE: lazy_gettext("violet"),
    Colour.PINK: lazy_gettext("rose"),
    Colour.MULTICOLOURED: lazy_gettext("multicolore"),
}
STATUSES = {
    ItemStatus.DRAFT: lazy_gettext("brouillon"),
    ItemStatus.PUBLISHED: lazy_gettext("publié"),
    ItemStatus.RETURNED: lazy_gettext("restitué"),
    ItemStatus.WITHDRAWN: lazy_gettext("retiré"),
}
LIKELIHOODS = {
    Likelihood.STRONG: lazy_gettext("Ressemblance forte"),
    Likelihood.MEDIUM: lazy_gettext("Ressemblance moyenne"),
    Likelihood.WEAK: lazy_gettext("Ressemblance faible"),
}
EVIDENCES = {
    Evidence.SAME_PHOTO: lazy_gettext("même photo"),
    Evidence.MANY_DETAILS: lazy_gettext("beaucoup de détails en commun"),
    Evidence.SOME_DETAILS: lazy_gettext("quelques détails en commun"),
    Evidence.SAME_APPEARANCE: lazy_gettext("même allure, quel que soit le décor"),
    Evidence.SAME_MODEL: lazy_gettext("même modèle, peut-être un autre exemplaire"),
    Evidence.SAME_LOOK: lazy_gettext("motifs semblables"),
    Evidence.SAME_COLOURS: lazy_gettext("mêmes couleurs"),
}
ERROR_TITLES = {
    400: lazy_gettext("Demande incomprise"),
    403: lazy_gettext("Accès refusé"),
    404: lazy_gettext("Introuvable"),
    405: lazy_gettext("Demande impossible"),
    409: lazy_gettext("Modification impossible"),
    410: lazy_gettext("Plus en ligne"),
    413: lazy_gettext("Envoi trop volumineux"),
    429: lazy_gettext("Trop de demandes"),
    500: lazy_gettext("Une erreur est survenue"),
    503: lazy_gettext("Service très demandé"),
}
ACCESSIBILITY = {
    # Without an audit the law knows no other word (RGAA 4.1, declaration).
    "": lazy_gettext("Accessibilité : non conforme"),
    "none": lazy_gettext("Accessibilité : non conforme"),
    "partial": lazy_gettext("Accessibilité : partiellement conforme"),
    "full": lazy_gettext("Accessibilité : totalement conforme"),
}
# As the decree of 2019-07-24 words it.
CONFORMITY = {
    "": lazy_gettext("Ce site n’a pas encore été évalué selon le RGAA, version 4.1 : il est non conforme jusque-là."),
    "none": lazy_gettext("Ce site n’est pas conforme au RGAA, version 4.1."),
    "partial": lazy_gettext(
        "Ce site est partiellement conforme au RGAA, version 4.1, en raison des non-conformités et des dérogations"
        " énumérées ci-dessous."
    ),
    "full": lazy_gettext("Ce site est totalement conforme au RGAA, version 4.1."),
}
UNIT_KINDS = {UnitKind.GENDARMERIE: lazy_gettext("gendarmerie"), UnitKind.POLICE: lazy_gettext("police")}


def colour(code: str) -> str:
    """A colour in words."""
    return str(COLOURS[Colour(code)])


def all_colours() -> list[tuple[str, str]]:
    """Every colour with its name, in the order in which they are offered."""
    return [(code.value, str(name)) for code, name in COLOURS.items()]


def status(value: ItemStatus) -> str:
    """Where an item stands, in words."""
    return str(STATUSES[value])


def unit_kind(value: UnitKind) -> str:
    """The force that a unit belongs to."""
    return str(UNIT_KINDS[value])


def degree(code: str) -> str:
    """How alike the objects of a group are, by the code of a likelihood."""
    return str(LIKELIHOODS[Likelihood(code)])


def of_photos(pictures: Sequence[int], places: Sequence[int]) -> str:
    """The heading of what was found for some of several photos. places: of each picture among the photos sent."""
    numbers = ", ".join(str(places[picture] + 1) for picture in pictures)
    return ngettext("Pour votre photo %(numbers)s", "Pour vos photos %(numbers)s", len(pictures), numbers=numbers)


def evidence(value: Evidence) -> str:
    """One reason of a resemblance, in words."""
    return str(EVIDENCES[value])


def is_same_photo(reasons: Collection[Evidence]) -> bool:
    """Say whether a candidate was found on the very same picture, which no filter hides."""
    return Evidence.SAME_PHOTO in reasons


def error_title(http_status: int) -> str:
    """The heading of an error's page."""
    return str(ERROR_TITLES.get(http_status, gettext("Une erreur est survenue")))


def accessibility() -> str:
    """What the accessibility declaration concludes, as the law wants it on every page."""
    return str(ACCESSIBILITY[resources().settings.accessibility_level])


def conformity() -> str:
    """The conclusion as a sentence of the declaration."""
    return str(CONFORMITY[resources().settings.accessibility_level])


def language() -> str:
    """The language of this page, as HTML names it."""
    return str(get_locale())


def officers_language() -> Markup:
    """The attribute for what officers wrote, which is French, on a page in another language (WCAG 3.1.2)."""
    return Markup("") if language() == "fr" else Markup(' lang="fr"')


def here() -> str:
    """The address of this page within the site, whatever its language; the home page for an answer to a form."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def absolute(path: str) -> str:
    """An address that may leave the site."""
    return (resources().settings.public_address or request.url_root.rstrip("/")) + path


def category(record: object) -> str:
    """The name of a category in the reader's language, from anything with name_fr and name_en."""
    name = "name_en" if str(get_locale()) == "en" else "name_fr"
    return str(getattr(record, name))


def alternative(item: Any, photo: Any, place: int = 1, count: int = 1) -> str:
    """What a photo of an item shows, in French: the officer's words, else its title, category, colours and materials.

    place: of the photo among those of the item, from 1.
    """
    if photo.alt_text:
        return str(photo.alt_text)
    # In one language, that of the title: an attribute has no parts that could be marked.
    with force_locale("fr"):
        details = [category(item.category), *map(colour, item.colours), item.materials]
        title = f"{item.title} ({', '.join(each for each in details if each)})"
        if count == 1:
            return title
        return gettext("%(title)s, photo %(index)s sur %(count)s", title=title, index=place, count=count)


def departement(number: str) -> str:
    """A département by name and number, such as Ille-et-Vilaine (35)."""
    return f"{DEPARTEMENTS[number]} ({number})" if number in DEPARTEMENTS else number


def dialled(phone: str) -> str:
    """The address that dials a telephone number, its extension too; empty for one that can't be dialled."""
    return telephones.dialled(phone)


def day(value: date) -> str:
    """A day in full; in French the first of a month is said as an ordinal, which CLDR's patterns leave out."""
    shown = to_user_timezone(value).date() if isinstance(value, datetime) else value
    text = format_date(shown, "long")
    return text.replace("1 ", "1er ", 1) if shown.day == 1 and language() == "fr" else text


def date_of(instant: datetime) -> str:
    """The day of an instant in Paris, in full."""
    return day(to_user_timezone(instant).date())


def month(value: datetime) -> str:
    """The month of an instant, which is all that pages list about a publication."""
    return format_date(value, "LLLL yyyy")


def number(value: int) -> str:
    """A count as the language groups its digits."""
    return format_decimal(value)


def takes_declarations() -> bool:
    """Whether victims may declare what was stolen."""
    return resources().settings.takes_declarations


def takes_claims() -> bool:
    """Whether published items may be claimed."""
    return resources().settings.takes_claims


def gives_codes() -> bool:
    """Whether visitors have codes by which they follow what they have sent."""
    return resources().settings.gives_codes


def day_of(iso: str) -> str:
    """A day that is kept as text, in full."""
    return day(date.fromisoformat(iso)) if iso else ""


def theft_window(first: date | None, last: date | None) -> str:
    """The period of the thefts in words; empty when neither end is known."""
    if first and first == last:
        return gettext("le %(day)s", day=day(first))
    if first and last:
        return gettext("entre le %(first)s et le %(last)s", first=day(first), last=day(last))
    if first:
        return gettext("après le %(day)s", day=day(first))
    if last:
        return gettext("avant le %(day)s", day=day(last))
    return ""


WORDS = (
    accessibility,
    absolute,
    all_colours,
    alternative,
    category,
    colour,
    conformity,
    date_of,
    day,
    day_of,
    degree,
    departement,
    departement_name,
    dialled,
    error_title,
    evidence,
    gives_codes,
    here,
    is_same_photo,
    language,
    month,
    number,
    of_photos,
    officers_language,
    status,
    takes_claims,
    takes_declarations,
    theft_window,
    unit_kind,
)


def init_app(app: Flask, site: Site) -> None:
    """Give the words to the templates, as `words.colour(...)`."""
    app.jinja_env.globals["words"] = {function.__name__: function for function in WORDS}
    app.jinja_env.filters["colour"] = colour
    app.jinja_env.globals["site"] = site.value
    app.jinja_env.globals["site_name"] = resources_of(app).settings.site_name
    app.jinja_env.globals["installable"] = resources_of(app).settings.installable
