"""What the API can be asked: the gallery's own arguments, held to what they may be."""

import re
from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.validate import Length, OneOf, Range, Regexp

from gallery.models import Colour
from gallery.services.days import day_in_paris
from gallery.services.items.numbering.numbers import ALPHABET, DEPARTEMENT, RANDOM_LENGTH
from gallery.web.departements import DEPARTEMENTS
from gallery.web.public import filters
from gallery.web.public.search import MAX_WORDS
from gallery.web.resources import now
from gallery.web.typed_days import EARLIEST_YEAR

MAX_ITEMS = 100
# What no field takes: control characters and halves of characters.
PLAIN = Regexp(r"^[^\x00-\x1f\x7f]*$", error="no control characters")
NUMBER = Regexp(rf"^({DEPARTEMENT.pattern})-[{ALPHABET}]{{{RANDOM_LENGTH}}}-[{ALPHABET}]$")
FRACTION = r"(0|1|[01]?\.\d{1,8})"
BOX = re.compile(rf"^({FRACTION}(,{FRACTION}){{3}})?$")


def _several(*checks: validate.Validator, text: str) -> "ma.fields.List[Any]":
    one = ma.fields.String(validate=[Length(1, filters.MAX_VALUE), PLAIN, *checks])
    return ma.fields.List(one, validate=Length(max=filters.MAX_VALUES), metadata={"description": text})


def _is_past(day: date) -> None:
    """Raise ValidationError for a day on which no theft can have been, as the page's form has it."""
    if day.year < EARLIEST_YEAR or day > day_in_paris(now()):
        raise ma.ValidationError(f"a day from {EARLIEST_YEAR} to today in Paris")


def _day(text: str) -> ma.fields.Date:
    whole = f"{text}, from {EARLIEST_YEAR} to today in Paris"
    return ma.fields.Date(validate=_is_past, metadata={"description": whole})


class ItemQuery(ma.Schema):
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


class SearchHints(ma.Schema):
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
