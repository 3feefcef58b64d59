"""Search by photo: what is sent is decoded in memory and forgotten with the answer, as on the page."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields
from marshmallow.validate import Length

from gallery.errors import NoPhotoGiven
from gallery.services.search.search import FoundItem, FoundObject
from gallery.web.given_photos import GivenPhotos
from gallery.web.public import search
from gallery.web.public.api import arguments, records, schemas
from gallery.web.public.api.description import answers, blueprint, refuses
from gallery.web.public.api.records import Record
from gallery.web.requests import given_files


class SearchForm(arguments.SearchHints):
    """The photos, and what may be said besides; how many and how large they may be, the settings of the site say."""

    photos = fields.List(Upload(), required=True, validate=Length(min=1))


@blueprint.post("/search")
@blueprint.arguments(SearchForm, location="files")
@answers(schemas.FoundSchema())
@refuses(400, "no photo was sent")
@refuses(413, "too many photos, or too large ones")
@refuses(429, "too many searches: see Retry-After")
@refuses(503, "many search at this moment: see Retry-After")
def by_photos(said: dict[str, Any]) -> Record:
    """Find published items that resemble the objects in some photos

    Nothing that is sent is kept. A photo that can't be read is named, and the others are looked for. Of a
    screenshot only the photo that it shows is compared.
    """
    search.refuse_other_sites()
    files = given_files("photos")
    if not files:
        raise NoPhotoGiven
    given = search.read_given(files)
    found = search.look_for(given, search.hints_of(said.get("vol"))) if given.pictures else []
    return {
        "objects": [_object(each) for each in found if each.items],
        "refused": _refused(given),
        "screenshots": [each.number for each in given.screenshots],
    }


def _object(found: FoundObject) -> Record:
    return {"pictures": found.pictures, "items": [_item(each) for each in found.items]}


def _item(found: FoundItem) -> Record:
    return {
        "likelihood": found.likelihood.value if found.evidence else schemas.NEAREST,
        "evidence": [each.value for each in found.evidence],
        "picture": found.picture,
        "item": records.item(found.item),
    }


def _refused(given: GivenPhotos) -> list[Record]:
    return [{"number": each.number, "sentence": each.sentence} for each in given.refused]
