"""What the API can be asked: the gallery's own arguments, held to what they may be."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.validate import Length, OneOf, Range, Regexp

from gallery.models import Colour
from gallery.services.days import day_in_paris
from gallery.services.items.numbering.numbers import ALPHABET, DEPARTEMENT, RANDOM_LENGTH
from gallery.web import typed_days
from gallery.web.departements import DEPARTEMENTS
from gallery.web.public import filters
from gallery.web.public.search import MAX_WORDS
from gallery.web.resources import now

MAX_ITEMS = 100
# What no field takes: control characters and halves of characters.
PLAIN = Regexp(r"^[^\x00-\x1f\x7f]*$", error="no control characters")
NUMBER = Regexp(rf"^({DEPARTEMENT.pattern})-[{ALPHABET}]{{{RANDOM_LENGTH}}}-[{ALPHABET}]$")
FRACTION = r"(0|1|[01]?\.\d{1,8})"
BOX = re.compile(rf"^({FRACTION}(,{FRACTION}){{3}})?$")


class _Several(ma.fields.List[Any]):
    """Values of one name; what is empty says nothing."""

    def _deserialize(self, value: Any, *given: Any, **named: Any) -> list[Any]:
        return super()._deserialize([each for each in value if each], *given, **named)


class _Day(ma.fields.Date):
    """A day, as the pages read it: in a program's order or in the French one."""

    def _deserialize(self, value: Any, *_given: Any, **_named: Any) -> date:
        day = typed_days.read(value)
        if day is None:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return day


class _Said(ma.Schema):
    """What a form of the pages sends, also of its fields that were left empty: they say nothing."""

    @ma.pre_load
    def leave_out_empty(self, given: Mapping[str, Any], **_named: Any) -> dict[str, Any]:
        """The fields that say something."""
        return {name: value for name, value in given.items() if value != ""}


def _several(*checks: validate.Validator, text: str) -> _Several:
    one = ma.fields.String(validate=[Length(1, filters.MAX_VALUE), PLAIN, *checks])
    return _Several(one, validate=Length(max=filters.MAX_VALUES), metadata={"description": text})


def _is_past(day: date) -> None:
    """Raise ValidationError for a day on which no theft can have been, as the page's form has it."""
    if day.year < typed_days.EARLIEST_YEAR or day > day_in_paris(now()):
        raise ma.ValidationError(f"a day from {typed_days.EARLIEST_YEAR} to today in Paris")


def _day(text: str) -> _Day:
    whole = f"{text}, from {typed_days.EARLIEST_YEAR} to today in Paris"
    return _Day(validate=_is_past, metadata={"description": whole})


class ItemQuery(_Said):
    """Filters of the gallery, under the names that its addresses have."""

    mots = ma.fields.String(
        validate=[Length(max=filters.MAX_TEXT), PLAIN], metadata={"description": "words to look for, in French"}
    )
    categorie = _several(text="codes of categories; an item has one of them")
    departement = _several(OneOf(list(DEPARTEMENTS)), text="of the unit")
    couleur = _several(OneOf(list(Colour)), text="one of these colours")
    marque = _several(text="brands, as the gallery's addresses write them")
    matiere = _several(text="materials, as the gallery's addresses write them")
    unite = _several(text="codes of units")
    vol = _day("day of the theft")
    autour = ma.fields.Integer(validate=OneOf(list(filters.MARGINS)), metadata={"description": "days around it"})
    tri = ma.fields.String(validate=OneOf([code for code, _ in filters.SORTS.values()]))
    apres = ma.fields.String(validate=NUMBER, metadata={"description": "go on after this number"})
    avant = ma.fields.String(validate=NUMBER, metadata={"description": "go back before this number"})
    limite = ma.fields.Integer(validate=Range(1, MAX_ITEMS), metadata={"description": "items in one answer"})


class AlbumQuery(ma.Schema):
    """Which part of an album."""

    page = ma.fields.Integer(load_default=1, validate=Range(1, 10_000))


class SearchHints(_Said):
    """What may be said besides the photos, under the names that the page's form has."""

    cadres = ma.fields.List(
        ma.fields.String(validate=Regexp(BOX)),
        metadata={"description": "left,top,right,bottom of the object in each photo, as fractions; empty for none"},
    )
    categorie = ma.fields.String(validate=[Length(max=32), PLAIN])
    vol = _day("day of the theft, a month more or less")
    mots = ma.fields.String(validate=[Length(max=MAX_WORDS), PLAIN])
    couleur = ma.fields.String(validate=OneOf(list(Colour)))
    departement = ma.fields.String(validate=OneOf(list(DEPARTEMENTS)))
