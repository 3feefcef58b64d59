"""Two officers on one sheet: the second is shown what differs and keeps what they wrote; nothing is overwritten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField
from wtforms.widgets import HiddenInput

from gallery.web import labels

UNPROCESSABLE, CONFLICT = 422, 409


@dataclass(frozen=True)
class Difference:
    """A field that the officer filled in differently from what is kept now. kept: as people read it, may be empty."""

    field_id: str
    label: str
    kept: str


@dataclass(frozen=True)
class Conflict:
    """What differs between an officer's form and the row that a colleague has changed since."""

    differences: tuple[Difference, ...]

    @classmethod
    def between(cls, mine: FlaskForm, kept: FlaskForm) -> Self:
        """Compare; from then on the officer's form replaces what is kept now, knowingly, if it is sent again."""
        mine.version.raw_data, mine.version.data = None, kept.version.data
        return cls(tuple(_differences(mine, kept)))


def status_of(form: FlaskForm, conflict: Conflict | None = None) -> int:
    """HTTP status of a page that shows this form."""
    if conflict:
        return CONFLICT
    return UNPROCESSABLE if form.errors else 200


def _differences(mine: FlaskForm, kept: FlaskForm) -> Iterator[Difference]:
    for field in kept:
        is_hidden = isinstance(field, HiddenField) or isinstance(field.widget, HiddenInput)
        if not is_hidden and _comparable(field) != _comparable(mine[field.name]):
            yield Difference(field_id=field.id, label=str(field.label.text), kept=_shown(field))


def _comparable(field: Field) -> object:
    """The value, without the order of what was ticked, and nothing written the same as nothing known."""
    return (sorted(field.data) if isinstance(field.data, list) else field.data) or None


def _shown(field: Field) -> str:
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice.label) for choice in field.choices if choice.value in chosen)
    if isinstance(field, BooleanField):
        return gettext("oui") if field.data else gettext("non")
    return labels.day(field.data) if isinstance(field.data, date) else str(field.data or "")
