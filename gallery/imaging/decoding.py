"""Bytes from anywhere: told by content, bounded before they are decoded, refused by cause."""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import pi_heif
from PIL import Image

from gallery.errors import PhotoTooLarge, PhotoTooSmall, PhotoUnreadable
from gallery.imaging.jpeg import coefficient_bytes
from gallery.imaging.picture import WORKING_SIDE, Picture
from gallery.imaging.srgb import eight_bits, flattened, profile_of, to_srgb, upright

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
# Our own limits are asked before anything is decoded; Pillow's would warn below ours and its error is no refusal.
Image.MAX_IMAGE_PIXELS = None
Image.init()
# Pillow warns about odd metadata, which we throw away.
warnings.filterwarnings("ignore", module=r"PIL\.")

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
}
# An MPO (a phone's JPEG with a second picture behind it) is opened by the JPEG reader.
OPENED_FORMATS = tuple(MEDIA_TYPES.keys() - {"MPO"})
# What decoders raise on hostile bytes, found by mutating files of every format (tests/unit/imaging).
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LookupError,
    EOFError,
    RuntimeError,
    MemoryError,
    AssertionError,
    struct.error,
    zlib.error,
)
# A JPEG sent in several scans keeps all of its coefficients in memory, whatever the scale it is decoded at.
MAX_COEFFICIENT_BYTES = 360_000_000


LARGE_WEBP_PIXELS = 16_000_000


@dataclass(frozen=True)
class Limits:
    """What a file may be. max_jpeg_pixels is more because a JPEG is decoded at reduced scale."""

    max_bytes: int = 25 * 1024 * 1024
    max_jpeg_pixels: int = 100_000_000
    max_other_pixels: int = 40_000_000
    min_side: int = 16


def decode(data: bytes, limits: Limits) -> Picture:
    """Decode untrusted bytes into an upright sRGB picture, in at most 600 MB of memory.

    Raises PhotoUnreadable (PhotoTooSmall among it) or PhotoTooLarge, and nothing else, whatever the bytes. Of an
    animation it takes the first frame; transparent parts become white.
    """
    if len(data) > limits.max_bytes:
        raise PhotoTooLarge(limit_megabytes=limits.max_bytes // 2**20)
    try:
        with Image.open(BytesIO(data), formats=OPENED_FORMATS) as image:
            _check(image, data, limits)
            return _decoded(image, data)
    except DAMAGE as error:
        raise PhotoUnreadable from error


def _check(image: Image.Image, data: bytes, limits: Limits) -> None:
    is_jpeg = image.format in ("JPEG", "MPO")
    allowed = limits.max_jpeg_pixels if is_jpeg else limits.max_other_pixels
    pixels = image.width * image.height
    if is_jpeg:
        needed = coefficient_bytes(data)
        if needed > MAX_COEFFICIENT_BYTES:
            allowed = min(allowed, MAX_COEFFICIENT_BYTES * pixels // needed)
    if pixels > allowed:
        raise PhotoTooLarge(limit_megapixels=allowed // 1_000_000)
    if min(image.size) < limits.min_side:
        raise PhotoTooSmall(limit_pixels=limits.min_side)


def _decoded(image: Image.Image, data: bytes) -> Picture:
    assert image.format is not None, "an opened file has a format"
    media_type = MEDIA_TYPES[image.format]
    profile = profile_of(image)
    size = image.size
    loaded = _loaded(image, data)
    orientation = _orientation(image)
    if image.format == "TIFF":
        # Pillow's reader has turned it upright while loading.
        size = image.size
    pixels = to_srgb(eight_bits(_reduced(flattened(loaded))), profile)
    del loaded
    pixels.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    pixels = upright(pixels, orientation)
    width, height = size if orientation < 5 else size[::-1]
    # A copy into a plain image: what the decoder knew of the file stays behind.
    plain = Image.new("RGB", pixels.size)
    plain.paste(pixels)
    return Picture(plain, media_type, width, height)


def _loaded(image: Image.Image, data: bytes) -> Image.Image:
    if image.format == "WEBP" and image.width * image.height > LARGE_WEBP_PIXELS:
        return _loaded_webp(data)
    image.draft(image.mode, _working_size(image.size))
    image.load()
    return image


def _loaded_webp(data: bytes) -> Image.Image:
    """Decode a large WebP in a third of the memory that Pillow's decoder of animations takes (16 bytes a pixel)."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.ndim != 3:
        raise PhotoUnreadable
    order = cv2.COLOR_BGRA2RGBA if decoded.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return Image.fromarray(cv2.cvtColor(decoded, order, dst=decoded))


def _working_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, WORKING_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _reduced(image: Image.Image) -> Image.Image:
    """Shrink by a whole factor before colours are converted, which would need memory for the full size."""
    factor = max(image.size) // WORKING_SIDE
    if factor < 2 or min(image.size) < factor:
        return image
    return image.reduce(factor)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 (upright) to 8; damaged metadata counts as upright."""
    try:
        value = image.getexif().get(0x0112, 1)
    except DAMAGE:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
