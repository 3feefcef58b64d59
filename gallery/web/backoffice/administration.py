"""Units and categories, changed by administrators."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectChoice, SelectField, ValidationError

from gallery.errors import CategoryInUse, FieldInvalid
from gallery.models import OfficerRole, UnitKind
from gallery.services import categories, officers, units
from gallery.services.transaction import atomic
from gallery.web import labels
from gallery.web.backoffice.accounts import current_officer
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.fields import is_email, line
from gallery.web.departements import DEPARTEMENTS
from gallery.web.errors import sentence_for
from gallery.web.workplace import database, now

UNIT_CODE, CATEGORY_CODE = re.compile(r"[A-Z0-9_-]{2,32}"), re.compile(r"[a-z][a-z0-9_]{1,31}")


class UnitForm(FlaskForm):
    """What the public reads of a unit."""

    name = line(lazy_gettext("Nom"), longest=120, required=lazy_gettext("Donnez le nom de l’unité."))
    kind = SelectField(
        lazy_gettext("Force"), choices=[SelectChoice(kind.value, word) for kind, word in labels.UNIT_KINDS.items()]
    )
    public_phone = line(lazy_gettext("Téléphone public"), longest=32, inputmode="tel")
    public_email = line(lazy_gettext("Adresse électronique publique"), longest=254, inputmode="email")

    def validate_public_email(self, field: Field) -> None:
        """Refuse what is no address."""
        if field.data and not is_email(field.data):
            raise ValidationError(gettext("Cette adresse électronique n’est pas complète."))

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {
            "name": self.name.data,
            "kind": UnitKind(self.kind.data),
            "public_phone": self.public_phone.data,
            "public_email": self.public_email.data,
        }


class NewUnitForm(UnitForm):
    """The same, with what can't be changed later."""

    code = line(
        lazy_gettext("Code"),
        longest=32,
        hint=lazy_gettext("Court, en capitales : GGD35. Il ne changera plus."),
        required=lazy_gettext("Donnez un code à l’unité."),
    )
    departement = SelectField(
        lazy_gettext("Département"),
        choices=[SelectChoice(number, f"{name} ({number})") for number, name in DEPARTEMENTS.items()],
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what would not do in an address."""
        if field.data and not UNIT_CODE.fullmatch(field.data):
            raise ValidationError(gettext("Capitales, chiffres et tirets seulement."))


class CategoryForm(FlaskForm):
    """What a category is called, and whether its items may be public."""

    name_fr = line(lazy_gettext("Nom en français"), longest=80, required=lazy_gettext("Donnez le nom en français."))
    name_en = line(lazy_gettext("Nom en anglais"), longest=80, required=lazy_gettext("Donnez le nom en anglais."))
    never_public = BooleanField(lazy_gettext("Jamais public : ses objets ne peuvent pas être publiés"))

    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {"name_fr": self.name_fr.data, "name_en": self.name_en.data, "never_public": self.never_public.data}


class NewCategoryForm(CategoryForm):
    """The same, with its code."""

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


def new_unit() -> ResponseReturnValue:
    """Add a unit."""
    _administrators_only()
    form = NewUnitForm()
    if form.validate_on_submit():
        try:
            with atomic(database()) as session:
                units.create_unit(session, code=form.code.data, departement=form.departement.data, **form.values())
        except FieldInvalid:
            form.code.errors = [gettext("Ce code est déjà pris.")]
        else:
            flash(gettext("L’unité est enregistrée."), "success")
            return redirect(url_for(".units"))
    return render_template("backoffice/unit_form.html", form=form, unit=None), status_of(form)


def edit_unit(code: str) -> ResponseReturnValue:
    """Change what the public reads of a unit."""
    _administrators_only()
    unit = units.get_by_code(database(), code)
    form = UnitForm(obj=unit, data={"kind": unit.kind.value})
    if form.validate_on_submit():
        with atomic(database()) as session:
            unit = units.get_by_code(session, code)
            units.edit_unit(session, unit, **form.values(), by=current_officer(), now=now())
        flash(gettext("Les modifications sont enregistrées."), "success")
        return redirect(url_for(".units"))
    return render_template("backoffice/unit_form.html", form=form, unit=unit), status_of(form)


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
            with atomic(database()) as session:
                categories.create(session, code=form.code.data, **form.values(), by=current_officer(), now=now())
        except FieldInvalid:
            form.code.errors = [gettext("Ce code est déjà pris.")]
        else:
            flash(gettext("La catégorie est enregistrée."), "success")
            return redirect(url_for(".categories"))
    return render_template("backoffice/category_form.html", form=form, category=None), status_of(form)


def edit_category(code: str) -> ResponseReturnValue:
    """Rename a category, or say that its items are never public."""
    _administrators_only()
    category = categories.get_by_code(database(), code)
    form = CategoryForm(obj=category)
    if form.validate_on_submit():
        try:
            with atomic(database()) as session:
                category = categories.get_by_code(session, code)
                categories.edit(session, category, **form.values(), by=current_officer(), now=now())
        except CategoryInUse as error:
            form.never_public.errors = [sentence_for(error)]
        else:
            flash(gettext("Les modifications sont enregistrées."), "success")
            return redirect(url_for(".categories"))
    return render_template("backoffice/category_form.html", form=form, category=category), status_of(form)


def move_category(code: str) -> ResponseReturnValue:
    """Offer a category one place earlier or later."""
    _administrators_only()
    places = -1 if request.form.get("sens") == "haut" else 1
    with atomic(database()) as session:
        categories.move(session, categories.get_by_code(session, code), places=places)
    return redirect(url_for(".categories", _anchor=f"category-{code}"))


def _administrators_only() -> None:
    officers.require(current_officer(), OfficerRole.ADMINISTRATOR)
