"""Files that keep to every limit and are as costly as these allow: noise, the most pixels, sequences of thousands."""

import struct
from io import BytesIO

import numpy as np
from PIL import Image

# Just under 200 and 50 megapixels; a progressive JPEG of 100 is too large.
JPEG, OTHER = (16_320, 12_240), (8_160, 6_112)
PROGRESSIVE = (11_520, 8_640)
# The most of what takes eight bytes of memory a pixel (gallery.imaging.decoding).
EIGHT_BYTES = (7_744, 5_808)


def noise(size: tuple[int, int], channels: int, *, grain: int = 1) -> Image.Image:
    """Noise in squares of `grain` pixels; 1, 3 or 4 channels."""
    small = np.random.default_rng(1).integers(
        0, 255, (-(-size[1] // grain), -(-size[0] // grain), channels), dtype=np.uint8
    )
    pixels = small.repeat(grain, axis=0).repeat(grain, axis=1)[: size[1], : size[0]]
    return Image.fromarray(np.ascontiguousarray(pixels.squeeze()))


def jpeg_of_noise() -> bytes:
    """Noise of two hundred megapixels, in nearly as many bytes as are taken."""
    return _encoded(noise(JPEG, 3, grain=2), "JPEG", quality=4)


def jpeg_in_scans(size: tuple[int, int], subsampling: int) -> bytes:
    """Progressive noise: its coefficients are kept whole."""
    return _encoded(noise(size, 3), "JPEG", quality=4, progressive=True, subsampling=subsampling)


def jpeg_in_print_colours() -> bytes:
    """Four channels of two hundred megapixels."""
    bands = noise(JPEG, 4, grain=8).split()
    return _encoded(Image.merge("CMYK", bands), "JPEG", quality=60)


def png_of_noise() -> bytes:
    """Noise that does not compress, in as many bytes as are taken."""
    return _encoded(noise((3360, 2480), 3), "PNG", compress_level=1)


def picture_of(
    file_format: str, channels: int, *, grain: int = 8, size: tuple[int, int] = OTHER, **options: object
) -> bytes:
    """The most pixels in another format."""
    return _encoded(noise(size, channels, grain=grain), file_format, **options)


def webp_of_noise() -> bytes:
    """Transparent noise of 32 megapixels, the most of its kind."""
    return _encoded(noise((6_592, 4_944), 4, grain=4), "WEBP", quality=5, method=0)


def avif_of_noise(channels: int, size: tuple[int, int]) -> bytes:
    """Noise in the colours that cost most."""
    return _encoded(noise(size, channels, grain=2), "AVIF", quality=30, speed=10, subsampling="4:4:4")


def sequence(file_format: str, pictures: int, **options: object) -> bytes:
    """A film of this many little pictures."""
    rows = np.random.default_rng(2).integers(0, 255, (pictures, 32, 32), dtype=np.uint8)
    frames = [Image.fromarray(row) for row in rows]
    return _encoded(frames[0], file_format, save_all=True, append_images=frames[1:], duration=20, **options)


def jpeg_of_metadata(segments: int) -> bytes:
    """A small JPEG whose EXIF data come in this many segments of 65,000 bytes, each full of entries."""
    entries = b"".join(struct.pack(">HHII", 0x0100 + place, 4, 1, place) for place in range(5_400))
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 5_400) + entries
    data = _encoded(noise((64, 48), 3), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return data[:2] + segment * segments + data[2:]


def truncated(data: bytes) -> bytes:
    """The first half of a file."""
    return data[: len(data) // 2]


def _encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()
