"""Bytes from anywhere: told by content, bounded before they are decoded, refused by cause."""

import struct
import warnings
import zlib
from dataclasses import dataclass, replace
from io import BytesIO

import cv2
import pillow_heif
from PIL import AvifImagePlugin, Image, ImageCms

from gallery.errors import (
    PhotoTooDemanding,
    PhotoTooLarge,
    PhotoTooNarrow,
    PhotoTooSmall,
    PhotoUnreadable,
)
from gallery.errors.photos import PhotoNeedsMemory
from gallery.imaging.capture import NOTHING_SAID, Capture, capture_of
from gallery.imaging.files import raw
from gallery.imaging.files.jpeg import check_scans, coefficient_bytes
from gallery.imaging.files.raw import EmbeddedPhoto
from gallery.imaging.files.structure import without_burden
from gallery.imaging.picture import WORKING_SIDE, Picture
from gallery.imaging.pixels import damage, large, nclx
from gallery.imaging.pixels.srgb import eight_bits, flattened, profile_of, to_srgb, upright

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
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
    AssertionError,
    struct.error,
    zlib.error,
)
_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
# A JPEG sent in several scans keeps all of its coefficients in memory, whatever the scale it is decoded at.
MAX_COEFFICIENT_BYTES = 240_000_000
# As large as a working picture in colour: 4,096 by 3,072, which is a photo of 12 megapixels as it is.
MAX_GREY_PIXELS = 3 * WORKING_SIDE * WORKING_SIDE
# At 2048 pixels its short side has 20: less can't be described.
MAX_RATIO = 100
# What decoders hold of each pixel at once, where it is more than others do: planes, what is read of them, the picture.
BYTES_PER_PIXEL: dict[tuple[str | None, str], int] = {
    ("AVIF", "RGBA"): 18,
    ("AVIF", "RGB"): 12,
    ("HEIF", "RGBA"): 8,
    ("HEIF", "RGB"): 6,
    ("WEBP", "RGBA"): 11,
    ("GIF", "P"): 8,
    ("TIFF", "RGBA"): 8,
    ("TIFF", "I"): 9,
    ("TIFF", "F"): 9,
}
MAX_PICTURE_BYTES = 360_000_000
# The same for others, and the share of its memory that a picture may take so that a first try succeeds.
USUAL_BYTES_PER_PIXEL, FIRST_TRY_SHARE = 6, 0.8
JPEGS = ("JPEG", "MPO")
JPEG_START = b"\xff\xd8\xff"
WEBP_NAME = b"WEBP"
LARGE_WEBP_PIXELS = 16_000_000


@dataclass(frozen=True)
class Limits:
    """What a file may be. max_jpeg_pixels is more because a JPEG is decoded at reduced scale.

    max_seconds: of one processor, and on the clock; max_memory_bytes: what decoding may take. is_first_try: whether a
    photo that needs more is asked for again, and so refused with PhotoNeedsMemory. is_grey: the picture is to be grey,
    of as many pixels as there is room for, to read in it what is small; damage is not looked for. page: of a PDF,
    from 1; 0: a photo.
    """

    max_bytes: int = 25 * 1024 * 1024
    max_jpeg_pixels: int = 200_000_000
    max_other_pixels: int = 50_000_000
    min_side: int = 16
    max_seconds: int = 8
    max_memory_bytes: int = 290 * 2**20
    is_first_try: bool = False
    is_grey: bool = False
    page: int = 0

    def tried_first(self) -> "Limits":
        """With half of the memory, which is enough for nearly every photo."""
        return replace(self, max_memory_bytes=self.max_memory_bytes // 2, is_first_try=True)


def decode(data: bytes, limits: Limits) -> Picture:
    """Decode untrusted bytes into an upright sRGB picture, here: gallery.imaging.decode does it in a confined process.

    Raises PhotoRefused and nothing else, whatever the bytes. Of an animation it takes the first frame; transparent
    parts become white.
    """
    check_size(data, limits)
    data = without_burden(data)
    try:
        found = raw.photo_in(data)
        if found.data is data:
            return _read(found, limits)
        return replace(_read(replace(found, data=without_burden(found.data)), limits), media_type=MEDIA_TYPES["TIFF"])
    except MemoryError as error:
        raise (PhotoNeedsMemory if limits.is_first_try else PhotoTooDemanding) from error
    except DAMAGE as error:
        # Its reader wants room for two pictures when it opens the file, and takes a lack of room for damage.
        may_fit = limits.is_first_try and data[8:12] == WEBP_NAME
        raise (PhotoNeedsMemory if may_fit else PhotoUnreadable) from error


def check_size(data: bytes, limits: Limits) -> None:
    """Raise PhotoTooLarge for too many bytes."""
    if len(data) > limits.max_bytes:
        raise PhotoTooLarge(limit_megabytes=limits.max_bytes // 2**20)


def warm_up() -> None:
    """Load what decoders load when they are first used, and let each use one thread, so that its time is bounded."""
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    cv2.setNumThreads(1)
    for file_format in ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"):
        file = BytesIO()
        Image.new("RGB", (32, 32)).save(file, file_format, icc_profile=_PROFILE)
        decode(file.getvalue(), Limits())


def _read(found: EmbeddedPhoto, limits: Limits) -> Picture:
    needed = coefficient_bytes(found.data) if found.data.startswith(JPEG_START) else 0
    with Image.open(BytesIO(found.data), formats=OPENED_FORMATS) as image:
        _check(image, limits, needed)
        if needed:
            check_scans(found.data, image.width * image.height)
        if limits.is_grey:
            return _grey(image, found)
        if image.format not in JPEGS or not damage.is_damaged(found.data, image.mode):
            return _decoded(image, found)
    ended = replace(found, data=damage.ended(found.data))
    with Image.open(BytesIO(ended.data), formats=OPENED_FORMATS) as image:
        return _decoded(image, ended, is_damaged=True)


def _check(image: Image.Image, limits: Limits, needed: int) -> None:
    """Refuse a picture by its size and shape. needed: bytes of a JPEG's coefficients."""
    pixels = image.width * image.height
    allowed = limits.max_jpeg_pixels if image.format in JPEGS else limits.max_other_pixels
    allowed = min(allowed, MAX_PICTURE_BYTES // BYTES_PER_PIXEL.get((image.format, image.mode), 1))
    if needed > MAX_COEFFICIENT_BYTES:
        kept = MAX_COEFFICIENT_BYTES * pixels // needed
        raise PhotoTooLarge(limit_progressive_megapixels=min(allowed, kept) // 1_000_000)
    if pixels > allowed:
        raise PhotoTooLarge(limit_megapixels=allowed // 1_000_000)
    if min(image.size) < limits.min_side:
        raise PhotoTooSmall(limit_pixels=limits.min_side)
    if max(image.size) > MAX_RATIO * min(image.size):
        raise PhotoTooNarrow(limit_ratio=MAX_RATIO)
    _check_memory(image, limits, needed)


def _check_memory(image: Image.Image, limits: Limits, needed: int) -> None:
    """Save a first try that would end for want of memory, or in a decoder that takes a lack of it for damage."""
    if image.format not in ("JPEG", "MPO"):
        needed = image.width * image.height * BYTES_PER_PIXEL.get((image.format, image.mode), USUAL_BYTES_PER_PIXEL)
    if limits.is_first_try and needed > FIRST_TRY_SHARE * limits.max_memory_bytes:
        raise PhotoNeedsMemory


def _decoded(image: Image.Image, found: EmbeddedPhoto, *, is_damaged: bool = False) -> Picture:
    assert image.format is not None, "an opened file has a format"
    media_type = MEDIA_TYPES[image.format]
    profile = profile_of(image)
    size = image.size
    loaded = _loaded(image, found.data, image.mode, _working_size(size))
    if is_damaged:
        damage.check_shown(loaded)
    orientation, capture = _orientation(image, found), _capture(image)
    if image.format == "TIFF":
        # Pillow's reader has turned it upright while loading.
        size = image.size
    pixels = to_srgb(eight_bits(large.reduced(flattened(loaded))), profile)
    del loaded
    pixels.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    colours = nclx.in_avif(found.data) if image.format == "AVIF" else nclx.colours_of(image.info.get("nclx_profile"))
    if colours is not None and not colours.are_srgb and "icc_profile" not in image.info:
        pixels = nclx.to_srgb(pixels, colours)
    pixels = upright(pixels, orientation)
    width, height = size if orientation < 5 else size[::-1]
    # A copy into a plain image: what the decoder knew of the file stays behind.
    plain = Image.new("RGB", pixels.size)
    plain.paste(pixels)
    return Picture(plain, media_type, width, height, capture, is_damaged)


def _grey(image: Image.Image, found: EmbeddedPhoto) -> Picture:
    assert image.format is not None, "an opened file has a format"
    media_type, size = MEDIA_TYPES[image.format], image.size
    scale = min(1.0, (MAX_GREY_PIXELS / (size[0] * size[1])) ** 0.5)
    fitting = (max(1, int(scale * size[0])), max(1, int(scale * size[1])))
    loaded = _loaded(image, found.data, "L", fitting)
    pixels = eight_bits(flattened(loaded)).convert("L")
    del loaded
    pixels.thumbnail(fitting, Image.Resampling.LANCZOS)
    pixels = upright(pixels, _orientation(image, found))
    return Picture(pixels, media_type, *pixels.size)


def _loaded(image: Image.Image, data: bytes, mode: str, size: tuple[int, int]) -> Image.Image:
    if image.format == "WEBP" and image.width * image.height > LARGE_WEBP_PIXELS:
        # Pillow's decoder has room for two whole frames from the moment that it is opened.
        vars(image).pop("_decoder", None)
        return large.webp(data)
    if image.format == "AVIF" and image.mode in ("RGB", "RGBA"):
        return large.avif(image)
    if image.format == "HEIF" and mode != "L":
        photo = large.heif(data)
        if photo is not None:
            return photo
    image.draft(mode, size)
    image.load()
    return image


def _working_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, WORKING_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _capture(image: Image.Image) -> Capture:
    """When and by what the photo was taken; damaged metadata say nothing."""
    try:
        return capture_of(image)
    except DAMAGE:
        return NOTHING_SAID


def _orientation(image: Image.Image, found: EmbeddedPhoto) -> int:
    """EXIF orientation, 1 (upright) to 8, of the file or of what it lies in; damaged metadata counts as upright."""
    try:
        value = image.getexif().get(0x0112, 1)
    except DAMAGE:
        value = 1
    return value if isinstance(value, int) and 1 < value <= 8 else found.orientation
