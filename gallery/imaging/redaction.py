"""What must not be shown: its pixels are replaced before any rendition is made, so that no file has them."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor

from PIL import ImageDraw

from gallery.imaging.picture import Picture

COVER = (128, 128, 128)

Place = tuple[float, float, float, float]


def covered(picture: Picture, places: Sequence[Place]) -> Picture:
    """The picture with these places in one flat grey, whole pixels outwards; the given one is left as it is.

    places: left, top, right and bottom of each, as shares of the sides of the upright picture.
    """
    if not places:
        return picture
    image = picture.image.copy()
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom in places:
        corners = (
            (floor(left * image.width), floor(top * image.height)),
            (
                ceil(right * image.width),
                ceil(bottom * image.height),
            ),
        )
        draw.rectangle(corners, fill=COVER)
    return replace(picture, image=image)
