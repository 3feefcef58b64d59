"""The form of a case: theft window, and what is never public."""

from dataclasses import asdict
from datetime import date
from typing import Any, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField, ValidationError
from wtforms.widgets import HiddenInput

from gallery.models import Case
from gallery.services.cases import CaseSecrets, TheftWindow
from gallery.web.backoffice.fields import DayField, line, text

DAYS = ("discovered_on", "authorised_on")


class CaseForm(FlaskForm):
    """What officers write about a case."""

    version = IntegerField(widget=HiddenInput())
    case_number = line(
        lazy_gettext("Numéro de procédure"),
        longest=60,
        hint=lazy_gettext("Celui du procès-verbal : 01234/00567/2026."),
        required=lazy_gettext("Donnez le numéro de procédure."),
        autocomplete="off",
    )
    theft_from = DayField(lazy_gettext("Vols commis au plus tôt le"))
    theft_until = DayField(lazy_gettext("Vols commis au plus tard le"))
    discovered_on = DayField(lazy_gettext("Objets découverts le"))
    discovery_place = line(lazy_gettext("Lieu de la découverte"), longest=240)
    authorised_by = line(
        lazy_gettext("Publication autorisée par"),
        longest=160,
        hint=lazy_gettext("Nom et qualité du magistrat."),
    )
    authorised_on = DayField(lazy_gettext("Publication autorisée le"))
    authorised_scope = line(
        lazy_gettext("Ce que couvre l’autorisation"),
        longest=240,
        hint=lazy_gettext("Tous les objets ou certains, ce site ou aussi les réseaux sociaux."),
    )
    notes = text(lazy_gettext("Notes de l’unité"), rows=4)

    @classmethod
    def blank(cls, *, sent: MultiDict[str, str] | None) -> Self:
        """The form of a new case, with what the officer wrote over it."""
        return cls(sent, data={"authorised_scope": _usual_scope()})

    @classmethod
    def of(cls, case: Case, secret: CaseSecrets, *, sent: MultiDict[str, str] | None) -> Self:
        """The form of a case as it is kept, with what the officer wrote over it."""
        values = asdict(secret) | {name: _day(getattr(secret, name)) for name in DAYS}
        if not secret.authorised_by:
            values["authorised_scope"] = _usual_scope()
        values |= {"version": case.version, "theft_from": case.theft_from, "theft_until": case.theft_until}
        return cls(sent, data=values)

    def validate_theft_until(self, field: DayField) -> None:
        """Refuse a window that ends before it begins."""
        if field.data and self.theft_from.data and field.data < self.theft_from.data:
            raise ValidationError(gettext("Cette date précède le début de la période des vols."))

    def validate_authorised_by(self, field: StringField) -> None:
        """Refuse a day without a name."""
        if self.authorised_on.data and not field.data:
            raise ValidationError(gettext("Dites aussi qui a autorisé la publication."))

    def validate_authorised_scope(self, field: StringField) -> None:
        """Refuse an authorisation that does not say what it covers."""
        if self.authorised_by.data and not field.data:
            raise ValidationError(gettext("Dites ce que couvre l’autorisation."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then that a name comes with its day, which an optional field can't check by itself."""
        is_valid = super().validate(extra_validators)
        if self.authorised_by.data and not self.authorised_on.data and not self.authorised_on.errors:
            self.authorised_on.errors = [gettext("Donnez aussi la date de l’autorisation.")]
            return False
        return bool(is_valid)

    def window(self) -> TheftWindow:
        """The period of the thefts, as written."""
        return TheftWindow(self.theft_from.data, self.theft_until.data)

    def secrets(self) -> CaseSecrets:
        """What is never public, as written."""
        values = {name: self[name].data for name in CaseSecrets.__dataclass_fields__}
        if not values["authorised_by"]:
            # The form offers a scope from the start; without a magistrate it says nothing.
            values["authorised_scope"] = ""
        return CaseSecrets(**values | {name: _iso(values[name]) for name in DAYS})


def _usual_scope() -> str:
    return gettext("Tous les objets de l’affaire")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
