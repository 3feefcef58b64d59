"""The form of a declaration: read, checked field by field, and sent back filled where something is wrong.

Nothing is kept between two sendings: photos that could be read travel in the page, made small, and come back with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import request
from flask_babel import gettext

from gallery.models import Colour
from gallery.services.declarations import shapes
from gallery.services.declarations.statement import (
    LENGTHS,
    MAX_DAYS,
    MAX_PHOTOS,
    USUAL_DAYS,
    Contact,
    StatedObject,
    Statement,
    Theft,
)
from gallery.web.departements import DEPARTEMENTS
from gallery.web.languages import of_address
from gallery.web.requests import given_files, sent_line, sent_text
from gallery.web.resources import resources
from gallery.web.stating import carried, theft_days
from gallery.web.stating.contact_fields import contact_in

DURATIONS = {"6": 183, "12": USUAL_DAYS, "24": MAX_DAYS - 1}
USUAL_DURATION = "12"
MAX_COUNTED = 999


@dataclass
class ObjectForm:
    """One object as it was filled in. photos: JPEG files, small, without metadata."""

    number: int
    category: str = ""
    words: str = ""
    brand: str = ""
    serial_number: str = ""
    colours: tuple[str, ...] = ()
    shape: str = ""
    photos: list[bytes] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said in it."""
        return not (self.colours or self.says_what_it_is)

    @property
    def says_what_it_is(self) -> bool:
        """Whether it can be looked for: a colour alone is nothing."""
        return bool(
            self.category or self.words or self.brand or self.serial_number or self.shape or self.photos
        )  # fmt: skip

    def shown_photos(self) -> list[str]:
        """The photos as the page carries them."""
        return carried.as_carried(self.photos)


@dataclass
class StatementForm:
    """The whole form as it was filled in. texts: the plain fields; errors: sentences by field.

    left_out: how many lines of an inventory are in none of the objects.
    """

    texts: dict[str, str]
    objects: list[ObjectForm]
    errors: dict[str, str] = field(default_factory=dict)
    agrees: bool = False
    left_out: int = 0


# Fields of the form -> how long they may be.
TEXTS: Mapping[str, int] = {
    "vol-du": 40, "vol-au": 40, "departement": LENGTHS["departement"], "commune": LENGTHS["commune"],
    "plainte": LENGTHS["complaint_number"], "nom": LENGTHS["name"], "courriel": LENGTHS["email"],
    "telephone": LENGTHS["telephone"], "aidant-nom": LENGTHS["name"], "aidant-courriel": LENGTHS["email"],
    "aidant-telephone": LENGTHS["telephone"], "phrase": LENGTHS["phrase"], "duree": 2,
}  # fmt: skip
# Fields of a search by photo that become a declaration's first object.
SEARCHED: Mapping[str, int] = {"categorie": LENGTHS["category_code"], "mots": LENGTHS["words"], "couleur": 16}


def blank() -> StatementForm:
    """The form that nobody has filled in."""
    objects = [ObjectForm(number) for number in range(1, resources().settings.max_declared_objects + 1)]
    return StatementForm(dict.fromkeys(TEXTS, "") | {"duree": USUAL_DURATION}, objects)


def read() -> StatementForm:
    """What was sent, with its photos decoded; slow."""
    said = request.form
    texts = {name: sent_line(name, most) for name, most in TEXTS.items()}
    form = StatementForm(texts, [], agrees=bool(said.get("accord")))
    for number in range(1, resources().settings.max_declared_objects + 1):
        form.objects.append(_object(number, form.errors))
    if sum(len(each.photos) for each in form.objects) > resources().settings.max_declared_photos:
        most = resources().settings.max_declared_photos
        form.errors["objets"] = gettext("Il y a trop de photos : %(most)s au plus en tout. Retirez-en.", most=most)
    return form


def read_begun() -> StatementForm:
    """What a search by photo or an inventory brings along, to be completed; slow. Nothing of it is kept."""
    form = read()
    form.texts["vol-du"] = form.texts["vol-du"] or sent_line("vol", TEXTS["vol-du"])
    form.texts["duree"] = form.texts["duree"] or USUAL_DURATION
    form.left_out = min(max(request.form.get("laisses", 0, int), 0), MAX_COUNTED)
    first = form.objects[0] if form.objects else None
    if first is not None and first.is_empty:
        said = {name: sent_text(name, most) for name, most in SEARCHED.items()}
        first.category, first.words = said["categorie"], said["mots"]
        first.colours = _colours([said["couleur"]])
        first.photos = carried.new_photos(given_files("photos"), "objet-1-photos", form.errors)[:MAX_PHOTOS]
    return form


def statement_of(form: StatementForm, *, now: datetime, today: date) -> Statement | None:
    """The statement that the form makes; None with sentences in `errors` where something is wrong or missing."""
    contact = contact_in(form.texts, form.errors, needed=True)
    helper = contact_in(form.texts, form.errors, "aidant-", needed=False)
    if helper.can_be_reached and not helper.name:
        form.errors["aidant-nom"] = gettext("Écrivez aussi le nom de la personne qui aide la victime.")
    theft = _theft(form)
    filled = [each for each in form.objects if not each.is_empty]
    if not filled:
        form.errors["objets"] = gettext("Décrivez au moins un objet : une photo ou quelques mots suffisent.")
    for each in filled:
        if not each.says_what_it_is:
            form.errors[f"objet-{each.number}-mots"] = gettext("Dites aussi ce que c’est, en quelques mots.")
    if not form.agrees:
        form.errors["accord"] = gettext("Cochez la case pour que nous puissions garder votre déclaration.")
    if form.errors:
        return None
    days = DURATIONS.get(form.texts["duree"], USUAL_DAYS)
    return Statement(
        theft=theft,
        objects=tuple(_stated(each) for each in filled),
        contact=contact,
        helper=helper if helper != Contact() else None,
        phrase=form.texts["phrase"],
        ends_on=today + timedelta(days=days),
        consented_at=now,
        language=of_address(),
    )


def read_added() -> StatementForm:
    """What was sent to be added, with its photos decoded; slow."""
    form = StatementForm({}, [])
    form.objects.append(_object(1, form.errors))
    return form


def added(form: StatementForm, *, is_new: bool) -> StatedObject | None:
    """The object, or the photos of one that is known; None with a sentence in `errors` where something is missing."""
    each = form.objects[0]
    if not is_new and not each.photos:
        form.errors.setdefault("objet-1-photos", gettext("Choisissez au moins une photo à ajouter à cet objet."))
    elif not each.says_what_it_is:
        form.errors.setdefault("objet-1-mots", gettext("Décrivez l’objet : une photo ou quelques mots suffisent."))
    if form.errors:
        return None
    return _stated(each) if is_new else StatedObject(photos=tuple(each.photos))


def _object(number: int, errors: dict[str, str]) -> ObjectForm:
    said = request.form

    def text(name: str, most: int) -> str:
        return sent_text(f"objet-{number}-{name}", most)

    made = ObjectForm(
        number,
        category=text("categorie", LENGTHS["category_code"]),
        words=text("mots", LENGTHS["words"]),
        brand=text("marque", LENGTHS["brand"]),
        serial_number=text("serie", LENGTHS["serial_number"]),
        colours=_colours(said.getlist(f"objet-{number}-couleurs")),
    )
    _take_shape(made, text("dessin", LENGTHS["shape"]))
    made.photos = _photos(number, errors)
    return made


def _take_shape(made: ObjectForm, shape: str) -> None:
    """Keep a drawing of the chosen category; without a category, the drawing says which it is."""
    category = shapes.category_of(shape)
    made.category = made.category or category
    made.shape = shape if category and category == made.category else ""


def _photos(number: int, errors: dict[str, str]) -> list[bytes]:
    """The photos that came back with the page, and those that are new, all made small; one chosen again is one."""
    name = f"objet-{number}-photos"
    photos = carried.came_back(f"objet-{number}-gardees", carried.is_photo, most=MAX_PHOTOS)
    photos = list(dict.fromkeys(photos + carried.new_photos(given_files(name), name, errors)))
    if len(photos) > MAX_PHOTOS:
        errors[name] = gettext("Huit photos au plus par objet : les suivantes n’ont pas été gardées.")
    return photos[:MAX_PHOTOS]


def _stated(each: ObjectForm) -> StatedObject:
    return StatedObject(
        each.category, each.words, each.brand, each.serial_number, each.colours, tuple(each.photos), each.shape
    )  # fmt: skip


def _colours(given: Sequence[str]) -> tuple[str, ...]:
    """Those of ours that were chosen, each once."""
    return tuple(each.value for each in Colour if each.value in given)


def _theft(form: StatementForm) -> Theft:
    days = {name: theft_days.read(form.texts[name]) for name in ("vol-du", "vol-au")}
    for name, read_day in days.items():
        if read_day.error:
            form.errors[name] = read_day.error
        elif read_day.day:
            # Whichever way it was written: the field of a browser with a calendar takes no other.
            form.texts[name] = read_day.day.isoformat()
    first, last = days["vol-du"].day, days["vol-au"].day or days["vol-du"].day
    if first and last and last < first:
        form.errors["vol-au"] = gettext("La seconde date vient avant la première : échangez-les.")
    departement = form.texts["departement"]
    return Theft(
        first_day=first,
        last_day=last,
        departement=departement if departement in DEPARTEMENTS else "",
        commune=form.texts["commune"],
        complaint_number=form.texts["plainte"],
    )
