"""Search by photo for officers. What they give is decoded in memory, shown in the answer and forgotten with it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gallery import imaging
from gallery.errors import TooManyPhotos
from gallery.services.search import desk_search
from gallery.services.search.desk_search import FoundPhoto
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.items.drawing import MatchDrawing, draw
from gallery.web.catalogues import catalogues
from gallery.web.errors import sentence_for
from gallery.web.given_photos import GivenPhotos, read_photos, without_screens
from gallery.web.intake.turns import expect_a_place, place_to_search
from gallery.web.requests import given_files
from gallery.web.resources import database, resources

PREVIEWS = ("800.jpg", "560.jpg", "320.jpg")


@dataclass(frozen=True)
class GivenPicture:
    """A given photo inside the answer: its bytes as an address, and its pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Result:
    """A found photo, and the drawing of what was compared, if it was. preview: the rendition to be drawn over."""

    found: FoundPhoto
    preview: str
    drawing: MatchDrawing | None


def search() -> ResponseReturnValue:
    """The form, and the objects that resemble the given photos with the details that prove it."""
    if request.method == "GET":
        return _page()
    files = given_files("photos")
    limit = resources().settings.max_search_photos
    if len(files) > limit:
        return _page(given=GivenPhotos(), too_many=sentence_for(TooManyPhotos(limit=limit))), 413
    expect_a_place()
    given = without_screens(read_photos(files))
    if not given.pictures:
        return _page(given=given), 400
    with place_to_search():
        found = desk_search.by_photos(database(), given.pictures, catalogue=catalogues().photos, by=current_officer())
    return _page(given=given, shown=[_shown(picture) for picture in given.pictures], found=found)


def _page(
    *,
    given: GivenPhotos | None = None,
    shown: Sequence[GivenPicture] = (),
    found: Sequence[FoundPhoto] | None = None,
    too_many: str = "",
) -> str:
    return render_template(
        "backoffice/photo_search.html",
        given=given,
        shown=shown,
        groups=None if found is None else _grouped(found, shown),
        too_many=too_many,
        max_photos=resources().settings.max_search_photos,
        public_address=resources().settings.public_address,
    )


def _shown(picture: imaging.Picture) -> GivenPicture:
    preview = imaging.preview(picture)
    data = base64.b64encode(preview.data).decode()
    return GivenPicture(f"data:{preview.media_type};base64,{data}", preview.width, preview.height)


def _grouped(found: Sequence[FoundPhoto], shown: Sequence[GivenPicture]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for each in found:
        groups.setdefault(each.likelihood.value, []).append(_result(each, shown[each.picture]))
    return groups


def _result(found: FoundPhoto, given: GivenPicture) -> Result:
    sizes = {size.name: (size.width, size.height) for size in found.photo.renditions}
    preview = next(name for name in PREVIEWS if name in sizes)
    if found.object_boxes is None:
        return Result(found, preview, None)
    drawing = draw(found.points, found.object_boxes, given=(given.width, given.height), candidate=sizes[preview])
    return Result(found, preview, drawing)
