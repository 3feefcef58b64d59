"""What the API answers: one schema a record, with no field that a page does not show."""

import marshmallow as ma
from marshmallow import validate

from gallery.matching import Evidence, Likelihood
from gallery.models import Colour, UnitKind

NEAREST = "nearest"

LANGUAGE = "in English where Accept-Language prefers it, else in French"
TEXT = {"description": "as the officer wrote it, in French; empty when unknown"}


class ProblemSchema(ma.Schema):
    """What went wrong, as problem details (RFC 9457)."""

    type = ma.fields.String(required=True, metadata={"description": "always about:blank: the status says the kind"})
    title = ma.fields.String(required=True, metadata={"description": "the status in words"})
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(
        required=True,
        metadata={"description": "what to do, in French or, where Accept-Language prefers it, in English"},
    )
    errors = ma.fields.Dict(metadata={"description": "what is wrong, by place and name of the argument"})


class CategorySchema(ma.Schema):
    """The kind of an item."""

    code = ma.fields.String(required=True)
    name_fr = ma.fields.String(required=True)
    name_en = ma.fields.String(required=True)


class CountedCategorySchema(CategorySchema):
    """A category, and how many items are published in it."""

    items = ma.fields.Integer(required=True)


class UnitSchema(ma.Schema):
    """A unit that keeps items, and how to reach it."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(UnitKind)))
    departement = ma.fields.String(required=True, metadata={"description": "number, such as 35 or 2A"})
    phone = ma.fields.String(required=True)
    email = ma.fields.String(required=True)


class CountedUnitSchema(UnitSchema):
    """A unit, and how many items it has published."""

    items = ma.fields.Integer(required=True)


class PhotoFileSchema(ma.Schema):
    """One size of a photo."""

    url = ma.fields.Url(required=True)
    media_type = ma.fields.String(required=True)
    width = ma.fields.Integer(required=True, metadata={"description": "pixels"})
    height = ma.fields.Integer(required=True, metadata={"description": "pixels"})


class PhotoSchema(ma.Schema):
    """A public photo, in sizes from small to large; the last one is made for sharing."""

    alt_text = ma.fields.String(required=True, metadata=TEXT)
    files = ma.fields.List(ma.fields.Nested(PhotoFileSchema), required=True)


class ItemSchema(ma.Schema):
    """A published item: what its page shows."""

    number = ma.fields.String(required=True, metadata={"description": "to be quoted to the unit"})
    url = ma.fields.Url(required=True, metadata={"description": "its page"})
    title = ma.fields.String(required=True, metadata=TEXT)
    category = ma.fields.Nested(CategorySchema, required=True)
    object_type = ma.fields.String(required=True, metadata=TEXT)
    brand = ma.fields.String(required=True, metadata=TEXT)
    model = ma.fields.String(required=True, metadata=TEXT)
    maker = ma.fields.String(required=True, metadata=TEXT)
    materials = ma.fields.String(required=True, metadata=TEXT)
    measurements = ma.fields.String(required=True, metadata=TEXT)
    colours = ma.fields.List(ma.fields.String(validate=validate.OneOf(list(Colour))), required=True)
    inscriptions = ma.fields.String(required=True, metadata=TEXT)
    distinguishing_features = ma.fields.String(required=True, metadata=TEXT)
    subject = ma.fields.String(required=True, metadata=TEXT)
    period = ma.fields.String(required=True, metadata=TEXT)
    state_as_found = ma.fields.String(required=True, metadata=TEXT)
    published_in = ma.fields.String(required=True, metadata={"description": "month, such as 2026-11"})
    theft_from = ma.fields.Date(required=True, allow_none=True)
    theft_until = ma.fields.Date(required=True, allow_none=True)
    unit = ma.fields.Nested(UnitSchema, required=True)
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema), required=True)


class ItemPageSchema(ma.Schema):
    """Some of the items that were asked for, and where to go on."""

    total = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(ItemSchema), required=True)
    next = ma.fields.Url(required=True, allow_none=True)
    previous = ma.fields.Url(required=True, allow_none=True)


class AlbumSchema(ma.Schema):
    """What is still published of an album that a unit has put on a network."""

    code = ma.fields.String(required=True)
    url = ma.fields.Url(required=True)
    unit = ma.fields.Nested(UnitSchema, required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    pages = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(ItemSchema), required=True)


class AccountSchema(ma.Schema):
    """An official account of a unit on a social network."""

    unit = ma.fields.String(required=True)
    unit_code = ma.fields.String(required=True)
    departement = ma.fields.String(required=True)
    network = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    checked_by = ma.fields.String(required=True)
    checked_on = ma.fields.String(required=True, metadata={"format": "date"})


class AccountlessSchema(ma.Schema):
    """A département of which somebody has made sure that it has no official account."""

    departement = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    checked_by = ma.fields.String(required=True)
    checked_on = ma.fields.String(required=True, metadata={"format": "date"})


class AccountListSchema(ma.Schema):
    """Which accounts are genuine, and where there is none."""

    site = ma.fields.String(required=True)
    accounts = ma.fields.List(ma.fields.Nested(AccountSchema), required=True)
    departements_without_account = ma.fields.List(ma.fields.Nested(AccountlessSchema), required=True)


class FoundItemSchema(ma.Schema):
    """A published item beside what was looked for, the most alike first."""

    likelihood = ma.fields.String(
        required=True,
        validate=validate.OneOf([*(each.value for each in Likelihood), NEAREST]),
        metadata={"description": "nearest: without any evidence, only less far than others"},
    )
    evidence = ma.fields.List(
        ma.fields.String(validate=validate.OneOf([each.value for each in Evidence])), required=True
    )
    picture = ma.fields.Integer(required=True, metadata={"description": "the given photo it resembles most, from 0"})
    item = ma.fields.Nested(ItemSchema, required=True)


class FoundObjectSchema(ma.Schema):
    """What was found for one of the objects that the photos show."""

    pictures = ma.fields.List(
        ma.fields.Integer(), required=True, metadata={"description": "given photos that show it, from 0"}
    )
    items = ma.fields.List(ma.fields.Nested(FoundItemSchema), required=True)


class RefusedPhotoSchema(ma.Schema):
    """A photo that could not be read, and what to do."""

    number = ma.fields.Integer(required=True, metadata={"description": "its place among those sent, from 1"})
    sentence = ma.fields.String(required=True, metadata={"description": f"what to do, {LANGUAGE}"})


class FoundSchema(ma.Schema):
    """The answer to a search by photo."""

    objects = ma.fields.List(ma.fields.Nested(FoundObjectSchema), required=True)
    refused = ma.fields.List(ma.fields.Nested(RefusedPhotoSchema), required=True)
    screenshots = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={
            "description": "photos that look like screenshots, by their place among those sent, from 1: only the photo"
            " that each shows was compared. Send the original photo where a part of the object is left out"
        },
    )
