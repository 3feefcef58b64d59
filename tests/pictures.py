"""Test pictures, drawn by code: textured things told apart by seed, ways to change them, and files meant to do harm."""

import struct
import zlib
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

WIDTH, HEIGHT = 640, 480


def picture(seed: int, kind: str = "texture") -> Image.Image:
    """A thing of this kind ("ring", "watch", "texture"), different for every seed, full of small details; 640 x 480."""
    return _picture(seed, kind).copy()


@lru_cache(maxsize=64)
def _picture(seed: int, kind: str) -> Image.Image:
    random = np.random.default_rng([seed, sum(kind.encode())])
    image = Image.new("RGB", (WIDTH, HEIGHT), tuple(random.integers(150, 240, 3).tolist()))
    draw = ImageDraw.Draw(image)
    {"ring": _ring, "watch": _watch, "texture": _texture}[kind](draw, random)
    noise = random.normal(0, 4, (HEIGHT, WIDTH, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def _colour(random: np.random.Generator) -> tuple[int, ...]:
    return tuple(random.integers(0, 255, 3).tolist())


def _texture(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    for _ in range(160):
        x, y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        w, h = random.integers(8, 70, 2)
        shape = (int(x), int(y), int(x + w), int(y + h))
        (draw.rectangle if random.random() < 0.6 else draw.ellipse)(shape, fill=_colour(random))


def _ring(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.ellipse((140, 60, 500, 420), outline=_colour(random), width=60)
    for angle in np.linspace(0, 2 * np.pi, 40, endpoint=False):
        x, y = 320 + 150 * np.cos(angle), 240 + 150 * np.sin(angle)
        size = random.integers(5, 16)
        draw.polygon([(x, y - size), (x + size, y), (x, y + size), (x - size / 2, y)], fill=_colour(random))
    for _ in range(60):
        x, y = random.integers(0, WIDTH), random.integers(0, HEIGHT)
        w, h = random.integers(4, 25), random.integers(4, 25)
        draw.rectangle((int(x), int(y), int(x + w), int(y + h)), fill=_colour(random))


def _watch(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.ellipse((120, 40, 520, 440), fill=_colour(random), outline=_colour(random), width=18)
    for hour in range(12):
        angle = hour * np.pi / 6
        x, y = 320 + 160 * np.sin(angle), 240 - 160 * np.cos(angle)
        draw.text((x - 10, y - 10), str(random.integers(1, 99)), fill=_colour(random), font_size=26)
    for _ in range(50):
        x, y = 320 + random.normal(0, 80), 240 + random.normal(0, 80)
        draw.line((x, y, x + random.integers(-40, 40), y + random.integers(-40, 40)), fill=_colour(random), width=4)


# Ways in which the same picture comes back.


def recompressed(image: Image.Image, quality: int = 40) -> Image.Image:
    """The picture after a trip through a low-quality JPEG."""
    return Image.open(BytesIO(jpeg(image, quality=quality))).convert("RGB")


def cropped(image: Image.Image, share: float = 0.8) -> Image.Image:
    """The middle of the picture, this share of each side."""
    width, height = image.size
    dx, dy = int(width * (1 - share) / 2), int(height * (1 - share) / 2)
    return image.crop((dx, dy, width - dx, height - dy))


def rotated(image: Image.Image, degrees: float) -> Image.Image:
    """The picture turned counter-clockwise on grey."""
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(128, 128, 128))


def relit(image: Image.Image, brightness: float = 0.7) -> Image.Image:
    """The picture in other light."""
    return ImageEnhance.Brightness(image).enhance(brightness)


def mirrored(image: Image.Image) -> Image.Image:
    """The picture seen in a mirror."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


# Files.


def encoded(image: Image.Image, file_format: str, **options: Any) -> bytes:
    """The picture as a file of any format that Pillow writes."""
    buffer = BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def jpeg(image: Image.Image, *, quality: int = 92, **options: Any) -> bytes:
    """The picture as a JPEG file."""
    return encoded(image, "JPEG", quality=quality, **options)


def exif_with(secret: bytes, *, orientation: int = 1) -> bytes:
    """EXIF data with an orientation, a place (GPS) and a text in several fields."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = secret.decode()
    exif[0x013B] = secret.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (48.0, 6.0, 41.0), "W", (1.0, 40.0, 7.0)
    gps[29] = secret.decode()
    return exif.tobytes()


def display_p3() -> bytes:
    """The colour profile of phones with wide colours: Display P3 primaries (SMPTE EG 432-1, D50-adapted), gamma 2.2."""
    tags = {
        b"rXYZ": _xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": _xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": _xyz(0.15710, 0.06657, 0.78407),
        b"wtpt": _xyz(0.96420, 1.0, 0.82491),
        b"rTRC": _GAMMA,
        b"gTRC": _GAMMA,
        b"bTRC": _GAMMA,
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 11) + b"Display P3\0" + bytes(79 - 11 + 11),
        b"cprt": b"text" + bytes(4) + b"none\0\0\0\0",
    }
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12)
    header += b"acsp" + bytes(28) + _xyz(0.96420, 1.0, 0.82491)[8:] + bytes(48)
    return header + struct.pack(">I", len(tags)) + table + body


def _xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


_GAMMA = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)


# Files meant to do harm.


def png_of_declared_size(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large; its pixels are black, those of 8,000 rows at most."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    pixels = b"".join(packer.compress(row) for _ in range(min(height, 8_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
