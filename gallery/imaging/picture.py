"""What the rest of the program calls a picture: upright, sRGB, with none of its file's metadata in it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from gallery.imaging.capture import NOTHING_SAID, Capture

# Long side, in pixels, of the pictures that we work with: the largest rendition, for sharing.
WORKING_SIDE = 2048

_CLOCKWISE = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded photo. image: RGB, its long side at most WORKING_SIDE; a grey one (`decode_grey`) has more pixels.

    media_type: of the file it came from, such as image/heic; width, height: upright pixels of that file;
    capture: when and by which camera it was taken; is_damaged: parts of it are lost or wrong.
    """

    image: Image.Image
    media_type: str
    width: int
    height: int
    capture: Capture = NOTHING_SAID
    is_damaged: bool = False


def turned(picture: Picture, quarter_turns: int) -> Picture:
    """The picture after this many clockwise quarter turns."""
    transpose = _CLOCKWISE.get(quarter_turns % 4)
    if transpose is None:
        return picture
    width, height = picture.width, picture.height
    if quarter_turns % 2:
        width, height = height, width
    return replace(picture, image=picture.image.transpose(transpose), width=width, height=height)


def cropped(picture: Picture, box: tuple[float, float, float, float]) -> Picture:
    """The part of the picture inside a box: left, top, right and bottom as fractions of its sides, a pixel at least."""
    left, top, right, bottom = (round(side * size) for side, size in zip(box, picture.image.size * 2, strict=True))
    image = picture.image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    return replace(picture, image=image, width=image.width, height=image.height)


def as_array(picture: Picture) -> npt.NDArray[np.uint8]:
    """The pixels, (height, width, 3) uint8, red first; (height, width) of a grey picture."""
    return np.asarray(picture.image)
