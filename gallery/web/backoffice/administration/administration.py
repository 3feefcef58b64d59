"""Units and categories, changed by administrators."""

import re
from functools import partial
from typing import Any, Self

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, IntegerField, SelectChoice, SelectField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from gallery.errors import AlreadyTaken, CategoryInUse, ChangedMeanwhile, FieldInvalid, UnitUnreachable
from gallery.models import Category, OfficerRole, Unit, UnitKind
from gallery.services import audit
from gallery.services.items import categories
from gallery.services.people import officers, telephones, units
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice import wording
from gallery.web.backoffice.account.confirmation import password_given_lately
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import Conflict, status_of
from gallery.web.backoffice.fields import is_email, line
from gallery.web.backoffice.sent_once import make_once
from gallery.web.departements import DEPARTEMENTS
from gallery.web.errors import sentence_for
from gallery.web.resources import database, now

CATEGORY_CODE = re.compile(r"[a-z][a-z0-9_]{1,31}")


class UnitForm(FlaskForm):
    """What the public reads of a unit."""

    version = IntegerField(widget=HiddenInput())
    name = line(lazy_gettext("Nom"), longest=units.LONGEST_NAME, required=lazy_gettext("Donnez le nom de l’unité."))
    kind = SelectField(
        lazy_gettext("Force"), choices=[SelectChoice(kind.value, word) for kind, word in labels.UNIT_KINDS.items()]
    )
    public_phone = line(lazy_gettext("Téléphone public"), longest=32, inputmode="tel")
    public_email = line(lazy_gettext("Adresse électronique publique"), longest=254, inputmode="email")

    def validate_public_phone(self, field: Field) -> None:
        """Refuse what a telephone would not dial, and write the rest as people read it."""
        try:
            field.data = telephones.tidied(field.data or "")
        except FieldInvalid as refusal:
            raise ValidationError(
                gettext("Ce numéro ne peut pas être composé. Exemple : 02 61 91 35 01, ou 02 61 91 35 01 poste 12.")
            ) from refusal

    def validate_public_email(self, field: Field) -> None:
        """Refuse what is no address."""
        if field.data and not is_email(field.data):
            raise ValidationError(gettext("Cette adresse électronique n’est pas complète."))

    @classmethod
    def of(cls, unit: Unit, *, sent: MultiDict[str, str] | None) -> Self:
        """The form of a unit as it is kept, with what the administrator wrote over it."""
        return cls(sent, obj=unit, data={"kind": unit.kind.value})

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {
            "name": self.name.data,
            "kind": UnitKind(self.kind.data),
            "public_phone": self.public_phone.data,
            "public_email": self.public_email.data,
        }


class NewUnitForm(UnitForm):
    """The form of a new unit, with what can't be changed later."""

    code = line(
        lazy_gettext("Code"),
        longest=32,
        hint=lazy_gettext("Court, en capitales : GGD35. Il ne changera plus."),
        required=lazy_gettext("Donnez un code à l’unité."),
    )
    departement = SelectField(
        lazy_gettext("Département"),
        choices=[
            SelectChoice("", lazy_gettext("Choisissez…")),
            *(SelectChoice(number, f"{name} ({number})") for number, name in DEPARTEMENTS.items()),
        ],
        validators=[DataRequired(lazy_gettext("Choisissez le département."))],
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what would not do in an address."""
        if field.data and not units.UNIT_CODE.fullmatch(field.data):
            raise ValidationError(gettext("Capitales, chiffres et tirets seulement."))


class CategoryForm(FlaskForm):
    """What a category is called, and whether its items may be public."""

    version = IntegerField(widget=HiddenInput())
    name_fr = line(lazy_gettext("Nom en français"), longest=80, required=lazy_gettext("Donnez le nom en français."))
    name_en = line(lazy_gettext("Nom en anglais"), longest=80, required=lazy_gettext("Donnez le nom en anglais."))
    never_public = BooleanField(lazy_gettext("Jamais public : ses objets ne peuvent pas être publiés"))
    withholds = BooleanField(
        lazy_gettext("Inscriptions et signes particuliers cachés du public, sauf si l’agent choisit de les montrer")
    )

    @classmethod
    def of(cls, category: Category, *, sent: MultiDict[str, str] | None) -> Self:
        """The form of a category as it is kept, with what the administrator wrote over it."""
        return cls(sent, obj=category)

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {name: self[name].data for name in ("name_fr", "name_en", "never_public", "withholds")}


class NewCategoryForm(CategoryForm):
    """The form of a new category, with its code."""

    code = line(
        lazy_gettext("Code"),
        longest=32,
        hint=lazy_gettext("En anglais et en minuscules : garden_tools. Il ne changera plus."),
        required=lazy_gettext("Donnez un code à la catégorie."),
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what would not do in an address."""
        if field.data and not CATEGORY_CODE.fullmatch(field.data):
            raise ValidationError(gettext("Minuscules, chiffres et tirets bas seulement."))


def list_units() -> ResponseReturnValue:
    """Every unit."""
    _administrators_only()
    return render_template("backoffice/units.html", units=units.all_units(database()))


@password_given_lately
def new_unit() -> ResponseReturnValue:
    """Add a unit."""
    _administrators_only()
    form = NewUnitForm()
    if form.validate_on_submit():
        try:
            make_once(partial(_make_unit, form))
        except AlreadyTaken:
            form.code.errors = [gettext("Ce code est déjà pris.")]
        else:
            flash(gettext("L’unité est enregistrée."), "success")
            return redirect(url_for(".units"))
    return render_template("backoffice/unit_form.html", form=form, unit=None), status_of(form)


def _make_unit(form: NewUnitForm, session: Session) -> str:
    new = units.NewUnit(form.code.data, form.departement.data, units.WrittenUnit(**form.values()))
    return units.create_unit(session, new, by=current_officer(), now=now()).code


@password_given_lately
def edit_unit(code: str) -> ResponseReturnValue:
    """Change what the public reads of a unit; what a colleague wrote meanwhile is shown, and nothing is overwritten."""
    _administrators_only()
    unit, conflict = units.get_by_code(database(), code), None
    form = UnitForm.of(unit, sent=_sent())
    if form.validate_on_submit():
        try:
            _save_unit(code, form)
        except ChangedMeanwhile:
            conflict = Conflict.between(form, UnitForm.of(units.get_by_code(database(), code), sent=None))
        except UnitUnreachable as refusal:
            form.public_phone.errors = [sentence_for(refusal)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".units"))
    history = wording.journal(audit.history(database(), unit))
    page = render_template("backoffice/unit_form.html", form=form, unit=unit, conflict=conflict, history=history)
    return page, status_of(form, conflict)


def list_categories() -> ResponseReturnValue:
    """Every category, in the order in which officers and the public are offered them."""
    _administrators_only()
    return render_template("backoffice/categories.html", categories=categories.all_in_order(database()))


def new_category() -> ResponseReturnValue:
    """Add a category."""
    _administrators_only()
    form = NewCategoryForm()
    if form.validate_on_submit():
        try:
            make_once(partial(_make_category, form))
        except AlreadyTaken:
            form.code.errors = [gettext("Ce code est déjà pris.")]
        else:
            flash(gettext("La catégorie est enregistrée."), "success")
            return redirect(url_for(".categories"))
    return render_template("backoffice/category_form.html", form=form, category=None), status_of(form)


def _make_category(form: NewCategoryForm, session: Session) -> str:
    categories.create(
        session, categories.WrittenCategory(**form.values()), code=form.code.data, by=current_officer(), now=now()
    )
    return str(form.code.data)


def edit_category(code: str) -> ResponseReturnValue:
    """Rename a category, or say that its items are never public; nothing that a colleague wrote is overwritten."""
    _administrators_only()
    category, conflict = categories.get_by_code(database(), code), None
    form = CategoryForm.of(category, sent=_sent())
    if form.validate_on_submit():
        try:
            _save_category(code, form)
        except ChangedMeanwhile:
            conflict = Conflict.between(form, CategoryForm.of(categories.get_by_code(database(), code), sent=None))
        except CategoryInUse as error:
            form.never_public.errors = [sentence_for(error)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".categories"))
    history = wording.journal(audit.history(database(), category))
    page = render_template(
        "backoffice/category_form.html", form=form, category=category, conflict=conflict, history=history
    )
    return page, status_of(form, conflict)


def move_category(code: str) -> ResponseReturnValue:
    """Offer a category one place earlier or later."""
    _administrators_only()
    places = -1 if request.form.get("sens") == "haut" else 1
    with atomic(database()) as session:
        category = categories.get_by_code(session, code)
        categories.move(session, category, places=places, by=current_officer(), now=now())
    return redirect(url_for(".categories", _anchor=f"category-{code}"))


def _sent() -> MultiDict[str, str] | None:
    return request.form if request.method == "POST" else None


def _save_unit(code: str, form: UnitForm) -> None:
    with atomic(database()) as session:
        units.edit_unit(
            session,
            units.lock_by_code(session, code),
            units.WrittenUnit(version=form.version.data, **form.values()),
            by=current_officer(),
            now=now(),
        )


def _save_category(code: str, form: CategoryForm) -> None:
    with atomic(database()) as session:
        categories.edit(
            session,
            categories.lock_by_code(session, code),
            categories.WrittenCategory(version=form.version.data, **form.values()),
            by=current_officer(),
            now=now(),
        )


def _administrators_only() -> None:
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
