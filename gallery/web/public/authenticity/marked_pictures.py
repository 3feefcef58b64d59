"""Pictures inside an answer, and what is marked in them: nothing is stored, so they travel in the page itself."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from gallery import imaging
from gallery.matching import Box, Copy, Pixels


@dataclass(frozen=True)
class Mark:
    """A rectangle in a picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class MarkedPicture:
    """A picture as an address that holds its bytes. marks: numbered from 1; outline: points of a polygon, or empty."""

    address: str
    width: int
    height: int
    marks: Sequence[Mark] = ()
    outline: str = ""


def side_by_side(given: imaging.Picture, copy: Copy | None) -> tuple[MarkedPicture, MarkedPicture | None]:
    """The given picture and, where it was altered, the published one that it is a copy of.

    An altered copy is shown as it lies on the published one, so that both can be compared place by place; an unaltered
    one as it was given, with the part that is ours outlined.
    """
    if copy is None:
        return _shown(given), None
    if copy.is_unaltered:
        return _outlined(given, copy), None
    return _cropped(copy.given, copy), _cropped(copy.published, copy)


def _shown(picture: imaging.Picture) -> MarkedPicture:
    preview = imaging.preview(picture)
    data = base64.b64encode(preview.data).decode()
    return MarkedPicture(f"data:{preview.media_type};base64,{data}", preview.width, preview.height)


def _outlined(given: imaging.Picture, copy: Copy) -> MarkedPicture:
    shown = _shown(given)
    points = [(min(max(x, 0.0), 1.0) * shown.width, min(max(y, 0.0), 1.0) * shown.height) for x, y in copy.outline]
    return MarkedPicture(
        shown.address, shown.width, shown.height, outline=" ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    )


def _cropped(pixels: Pixels, copy: Copy) -> MarkedPicture:
    """The shown part of a picture that lies on the published one, with the marks of its changes."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = _in_pixels(copy.shown, width, height)
    image = Image.fromarray(pixels[top:bottom, left:right])
    shown = _shown(imaging.Picture(image, "image/jpeg", *image.size))
    marks = []
    for changed in copy.changed:
        x, y, end, foot = _in_pixels(changed, width, height)
        marks.append(Mark(x - left, y - top, end - x, foot - y))
    return MarkedPicture(shown.address, shown.width, shown.height, marks)


def _in_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return round(left * width), round(top * height), round(right * width), round(bottom * height)
