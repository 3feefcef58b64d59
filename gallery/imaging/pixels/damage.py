"""What a damaged JPEG still shows. libjpeg decodes past damage without an error; its warnings tell of it."""

import numpy as np
import simplejpeg
from PIL import Image

from gallery.errors import PhotoUnreadable

END_OF_JPEG = b"\xff\xd9"
# Of the rows; the rest may be grey.
MIN_SHOWN = 0.5
# What libjpeg says of pixels. Stray bytes before a header are no damage: some programs pad with them.
_DAMAGE = (
    "Premature end of JPEG file",
    "Corrupt JPEG data: premature end",
    "Corrupt JPEG data: bad Huffman code",
    "Corrupt JPEG data: bad arithmetic code",
    "Corrupt JPEG data: found marker",
    "Inconsistent progression sequence",
    "Unsupported marker type",
)
_STRAY = "extraneous bytes before marker"
_AFTER_PIXELS = ("0xc4", "0xd9", "0xda")
_GREY = 128


def is_damaged(data: bytes, mode: str) -> bool:
    """Whether pixels of a JPEG are lost or wrong. mode: as Pillow names its colours.

    It is decoded again, at an eighth of its size. A JPEG of a kind that this decoder doesn't know passes as whole.
    """
    try:
        simplejpeg.decode_jpeg(
            data,
            colorspace="CMYK" if mode == "CMYK" else "GRAY",
            min_height=1,
            min_width=1,
            min_factor=8,
            strict=True,
        )
    except ValueError as error:
        return _tells_damage(str(error))
    return False


def ended(data: bytes) -> bytes:
    """The file with an end, so that a decoder shows what there is instead of waiting for the rest."""
    return data + END_OF_JPEG


def check_shown(image: Image.Image) -> None:
    """Raise PhotoUnreadable when more than half of a damaged picture is the grey of what is not there."""
    pixels = np.asarray(image).reshape(image.height, -1)
    rows = 0
    for row in pixels[::-1]:
        if int(row.min()) < _GREY - 1 or int(row.max()) > _GREY:
            break
        rows += 1
    if rows > image.height * (1 - MIN_SHOWN):
        raise PhotoUnreadable


def _tells_damage(said: str) -> bool:
    return said.startswith(_DAMAGE) or (_STRAY in said and said.rstrip().endswith(_AFTER_PIXELS))
