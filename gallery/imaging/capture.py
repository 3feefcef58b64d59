"""When and by which camera a photo was taken: all that is kept of a file's metadata, and never with the pixels."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image

EXIF_PART = 0x8769
MAKER, MODEL, SERIAL = 0x010F, 0x0110, 0xA431
TAKEN, HUNDREDTHS = 0x9003, 0x9291
CAMERA_DIGITS = 16
INSTANT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)
# What is believed of a confined process's answer.
TAKEN_SHAPE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{2})?", re.ASCII)
CAMERA_SHAPE = re.compile(r"([0-9a-f]{16})?")


@dataclass(frozen=True)
class Capture:
    """Where a photo stands in its series. Both are empty when the file does not say.

    taken: by the camera's clock, which has no zone: 2026-11-29T14:05:09.50, for ordering only.
    camera: a digest of its make, model and serial number, for telling cameras apart only.
    """

    taken: str = ""
    camera: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether both have the shape that `capture_of` gives them."""
        return bool(TAKEN_SHAPE.fullmatch(self.taken)) and bool(CAMERA_SHAPE.fullmatch(self.camera))


NOTHING_SAID = Capture()


def capture_of(image: Image.Image) -> Capture:
    """What the metadata of an opened file say of when and how it was taken; may raise what decoders raise on damage."""
    exif = image.getexif()
    details = exif.get_ifd(EXIF_PART)
    names = [_text(exif.get(MAKER)), _text(exif.get(MODEL)), _text(details.get(SERIAL))]
    camera = hashlib.sha256("\n".join(names).encode()).hexdigest()[:CAMERA_DIGITS] if any(names) else ""
    return Capture(_instant(_text(details.get(TAKEN)), _text(details.get(HUNDREDTHS))), camera)


def _instant(text: str, fraction: str) -> str:
    found = INSTANT.fullmatch(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second = found.groups()
    hundredths = (fraction if fraction.isdecimal() and fraction.isascii() else "").ljust(2, "0")[:2]
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}.{hundredths}"


def _text(value: Any) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""
