"""Form fields of the back office: text made tidy at the edge, days with sentences in French."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, Field, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from gallery.services.days import day_in_paris
from gallery.services.words.tidying import tidy_line, tidy_text
from gallery.web import typed_days
from gallery.web.resources import now

LONG_TEXT = 5000


def is_email(text: str | None) -> bool:
    """Say whether a text has the shape of an address; whether someone reads it is another matter.

    >>> is_email("camille@rennes.example"), is_email("camille@rennes"), is_email("a b@c.example")
    (True, False, False)
    """
    return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text or "") is not None


def line(label: str, *, longest: int, hint: str = "", required: str = "", **attributes: Any) -> StringField:
    """A text of one line. required: the sentence for an empty field; without it the field may stay empty."""
    return StringField(
        label,
        description=hint,
        filters=[tidy_line],
        validators=[_filled(required), _length(longest)] if required else [_length(longest)],
        render_kw={"maxlength": longest, **attributes},
    )


def text(label: str, *, hint: str = "", rows: int = 3, longest: int = LONG_TEXT) -> TextAreaField:
    """A text of several lines."""
    return TextAreaField(
        label,
        description=hint,
        filters=[tidy_text],
        validators=[_length(longest)],
        render_kw={"maxlength": longest, "rows": rows},
    )


class DayField(DateField):
    """A day that may be unknown and can't be in the future."""

    def __init__(self, label: str, *, hint: str = "", **arguments: Any) -> None:
        super().__init__(label, description=hint, validators=[Optional(), not_in_the_future], **arguments)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say in French that it is none."""
        typed = " ".join(valuelist).strip()
        self.data = typed_days.read(typed)
        if typed and self.data is None:
            raise ValueError(gettext("Cette date n’existe pas. Écrivez-la ainsi : 29/11/2026."))


def not_in_the_future(_form: Form, field: Field) -> None:
    """Refuse a day after today in Paris, or one so old that it is a slip of the keyboard."""
    day: date | None = field.data
    if day is None:
        return
    if day > day_in_paris(now()):
        raise ValidationError(gettext("Cette date est dans l’avenir."))
    if day.year < typed_days.EARLIEST_YEAR:
        raise ValidationError(
            gettext("Vérifiez l’année : elle est antérieure à %(year)s.", year=typed_days.EARLIEST_YEAR)
        )


def _filled(sentence: str) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(str(sentence))

    return check


def _length(longest: int) -> Length:
    return Length(max=longest, message=lazy_gettext("Ce texte est trop long : %(max)d caractères au plus."))
