"""Large pictures in less memory than their readers would take: read without a second copy, shrunk band by band."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image

from gallery.errors import PhotoUnreadable
from gallery.imaging.picture import WORKING_SIDE

# Of the reduced picture, each made of a few rows.
_BAND_ROWS = 64
_HEIF_MODES = ("RGB", "RGBA", "L")


def webp(data: bytes) -> Image.Image:
    """Decode a WebP in a third of the memory that Pillow's decoder of animations takes (16 bytes a pixel)."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.ndim != 3:
        raise PhotoUnreadable
    return _of_rows(np.asarray(decoded, np.uint8), order=[2, 1, 0, 3][: decoded.shape[2]])


def avif(image: Image.Image) -> Image.Image:
    """Decode the first picture of an opened AVIF, RGB or RGBA, into the reduced picture at once."""
    decoder = vars(image)["_decoder"]
    pixels = np.frombuffer(decoder.get_frame(0)[0], np.uint8)
    return _of_rows(pixels.reshape(image.height, image.width, len(image.mode)))


def heif(data: bytes) -> Image.Image | None:
    """Decode a HEIC into the reduced picture at once; None when its pixels are of another kind than photos have."""
    photo = pillow_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=True, remove_stride=False)
    if photo.mode not in _HEIF_MODES:
        return None
    channels = len(photo.mode)
    width, height = photo.size
    pixels = np.frombuffer(photo.data, np.uint8)[: height * photo.stride].reshape(height, photo.stride)
    rows = pixels[:, : width * channels]
    return _of_rows(rows.reshape(height, width, channels) if channels > 1 else rows)


def reduced(image: Image.Image) -> Image.Image:
    """Shrink by a whole factor before colours are converted, which would need memory for the full size.

    Band by band: a transparent picture is copied to be averaged.
    """
    return _shrunk(image.size, image.mode, lambda top, bottom: image.crop((0, top, image.width, bottom))) or image


def _of_rows(rows: npt.NDArray[np.uint8], *, order: list[int] | None = None) -> Image.Image:
    """The picture of these pixels, (height, width[, channels]) uint8, reduced where it is large.

    order: of the channels, where it is another than red, green and blue.
    """
    mode = {2: "L", 3: "RGB", 4: "RGBA"}[rows.ndim if rows.ndim == 2 else rows.shape[2]]

    def band(top: int, bottom: int) -> Image.Image:
        part = rows[top:bottom]
        return Image.fromarray(part if order is None else part[..., order])

    size = (rows.shape[1], rows.shape[0])
    return _shrunk(size, mode, band) or band(0, size[1])


def _shrunk(size: tuple[int, int], mode: str, band: Callable[[int, int], Image.Image]) -> Image.Image | None:
    """The picture made of bands that were shrunk one by one; None when it is small enough as it is."""
    width, height = size
    factor = max(size) // WORKING_SIDE
    if factor < 2 or min(size) < factor:
        return None
    made = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, made.height, _BAND_ROWS):
        made.paste(band(top * factor, min(height, (top + _BAND_ROWS) * factor)).reduce(factor), (0, top))
    return made
