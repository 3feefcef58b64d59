"""The form of an item: Object ID's headings, and what is never public."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from gallery.models import Category, Item
from gallery.services.cases import CaseRecord
from gallery.services.items import items, withholding
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.words.tidying import tidy_line
from gallery.web import labels
from gallery.web.backoffice.fields import line, text
from gallery.web.backoffice.wording import case_name

LONGEST = {column.name: getattr(column.type, "length", None) or 0 for column in Item.__table__.columns}


def _heading(name: str, label: str, **arguments: Any) -> Any:
    """A heading of Object ID, as long as its column allows."""
    return line(label, longest=LONGEST[name], **arguments)


class ItemForm(FlaskForm):
    """What officers write about an item."""

    version = IntegerField(widget=HiddenInput())
    title = _heading(
        "title",
        lazy_gettext("Titre"),
        hint=lazy_gettext("Ce que l’on voit, en quelques mots : « Montre de gousset en argent »."),
        required=lazy_gettext("Donnez un titre à l’objet."),
    )
    category = SelectField(lazy_gettext("Catégorie"), validate_choice=True)
    case = SelectField(lazy_gettext("Affaire"), validate_choice=True)
    object_type = _heading("object_type", lazy_gettext("Type d’objet"), hint=lazy_gettext("Bague, VTT, perceuse…"))
    brand = _heading("brand", lazy_gettext("Marque"))
    model = _heading("model", lazy_gettext("Modèle"))
    colours = SelectMultipleField(
        lazy_gettext("Couleurs"), choices=[SelectChoice(code.value, label) for code, label in labels.COLOURS.items()]
    )
    materials = _heading("materials", lazy_gettext("Matières et techniques"), hint=lazy_gettext("Or, cuir, aquarelle…"))
    measurements = _heading(
        "measurements", lazy_gettext("Dimensions et poids"), hint=lazy_gettext("Avec leur unité : 24 × 18 cm, 350 g.")
    )
    inscriptions = text(
        lazy_gettext("Inscriptions et marques"),
        hint=lazy_gettext("Gravures, signatures, poinçons que le public peut connaître."),
    )
    distinguishing_features = text(
        lazy_gettext("Signes particuliers"),
        hint=lazy_gettext("Rayures, réparations, défauts. Gardez-en un pour les signes réservés."),
    )
    subject = _heading(
        "subject", lazy_gettext("Sujet représenté"), hint=lazy_gettext("Paysage, portrait, motif floral…")
    )
    period = _heading("period", lazy_gettext("Époque"), hint=lazy_gettext("Vers 1900, années 1970…"))
    maker = _heading("maker", lazy_gettext("Auteur ou fabricant"))
    state_as_found = text(lazy_gettext("État lors de la découverte"), rows=2)

    # The category for which the ticks were last set by default.
    ticked_for = HiddenField(filters=[tidy_line])

    serial_number = line(
        lazy_gettext("Numéro de série"),
        longest=items.LONGEST_NUMBER,
        hint=lazy_gettext("Numéro de série, IMEI, marquage de vélo."),
        autocomplete="off",
    )
    exhibit_number = line(lazy_gettext("Numéro de scellé"), longest=items.LONGEST_NUMBER, autocomplete="off")
    withheld_details = text(
        lazy_gettext("Signes réservés"),
        hint=lazy_gettext("Ce que seul le propriétaire peut savoir, et qui prouvera que l’objet est à lui."),
    )

    @classmethod
    def blank(
        cls,
        cases: Sequence[CaseRecord],
        categories: Sequence[Category],
        *,
        case: str,
        like: Mapping[str, Any],
        sent: MultiDict[str, str] | None,
    ) -> Self:
        """The form of a new item, in this case when it is one of the unit's, with what the officer wrote over it.

        like: what `beginning_like` gives of an item to begin with, or nothing.
        """
        return cls(sent, data={"case": case, **like}).offering(cases, categories)

    @classmethod
    def of(
        cls,
        item: Item,
        secret: ItemSecrets,
        cases: Sequence[CaseRecord],
        categories: Sequence[Category],
        *,
        sent: MultiDict[str, str] | None,
    ) -> Self:
        """The form of an item as it is kept, with what the officer wrote over it."""
        values = asdict(items.description_of(item)) | asdict(secret) | dict(secret.withheld)
        # Where nothing is written yet nobody has chosen to show it.
        unwritten = {name for name in withholding.by_custom(item.category) if not values[name]}
        values |= _ticks({*secret.withheld, *unwritten}) | {"ticked_for": item.category.code}
        values |= {"version": item.version, "case": item.case.reference, "category": item.category.code}
        return cls(sent, data=values).offering(cases, categories)

    def offering(self, cases: Sequence[CaseRecord], categories: Sequence[Category]) -> Self:
        """The form with these to choose from."""
        for name in withholding.FIELDS:
            self.tick_of(name).label.text = gettext(
                "Garder caché du public (%(heading)s)", heading=self[name].label.text
            )
        self._withholding = sorted(category.code for category in categories if category.withholds)
        self.withheld_names = ", ".join(labels.category(category) for category in categories if category.withholds)
        choose = SelectChoice("", gettext("Choisissez…"))
        self.case.choices = [SelectChoice(record.case.reference, case_name(record)) for record in cases]
        if len(cases) > 1:
            self.case.choices.insert(0, choose)
        self.category.choices = [choose] + [
            SelectChoice(category.code, _category_name(category)) for category in categories
        ]
        return self

    def validate_category(self, field: SelectField) -> None:
        """Refuse the line that asks to choose."""
        if not field.data:
            raise ValidationError(gettext("Choisissez une catégorie."))

    def validate_case(self, field: SelectField) -> None:
        """Refuse the line that asks to choose."""
        if not field.data:
            raise ValidationError(gettext("Choisissez l’affaire dont vient l’objet."))

    def hide_like(self, kept: Self) -> None:
        """Tick what is hidden by now, too: a colleague may have hidden it since, and showing it is then a new act."""
        for name in withholding.FIELDS:
            self.tick_of(name).data = self.tick_of(name).data or kept.tick_of(name).data

    @property
    def withheld_categories(self) -> list[str]:
        """The categories for which headings are withheld by default."""
        return self._withholding

    @property
    def is_withheld_unasked(self) -> bool:
        """Whether headings are withheld because the category says so, which the form did not when it was drawn."""
        return self.ticked_for.data != self.category.data and self.category.data in self._withholding

    def written(self) -> tuple[ItemDescription, ItemSecrets]:
        """What may be public, and what may not, as written."""
        names = ItemDescription.__dataclass_fields__
        public = ItemDescription(**{name: self[name].data for name in names} | {"colours": tuple(self.colours.data)})
        secret = ItemSecrets(**{name: self[name].data for name in items.SECRET_TEXTS})
        ticked = {name for name in withholding.FIELDS if self[f"withhold_{name}"].data}
        unasked = withholding.BY_DEFAULT if self.is_withheld_unasked else ()
        return withholding.withhold(public, secret, tuple({*ticked, *unasked}))

    def tick_of(self, name: str) -> BooleanField:
        """The tick that keeps a heading from the public."""
        return self[f"withhold_{name}"]


for _each in withholding.FIELDS:
    setattr(ItemForm, f"withhold_{_each}", BooleanField())


def beginning_like(item: Item, withheld: Collection[str]) -> dict[str, Any]:
    """What the form of another item like this begins with: what is public of it, and which headings are not.

    withheld: their names; what is written there is each object's own.
    """
    values = asdict(items.description_of(item)) | {"case": item.case.reference, "category": item.category.code}
    ticked = {*withheld, *withholding.by_custom(item.category)}
    return values | _ticks(ticked) | {"ticked_for": item.category.code}


def _ticks(withheld: set[str]) -> dict[str, bool]:
    return {f"withhold_{name}": name in withheld for name in withholding.FIELDS}


def _category_name(category: Category) -> str:
    name = labels.category(category)
    return gettext("%(name)s (jamais public)", name=name) if category.never_public else name
