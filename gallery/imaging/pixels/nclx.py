"""Colours that a file names by numbers instead of a profile (ITU-T H.273): wide gamut and HDR become sRGB."""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

_SRGB_PRIMARIES, _UNSAID = 1, 2
# As sRGB, on the screens that such files are made for.
_LIKE_SRGB = frozenset({1, 2, 4, 6, 13, 14, 15})
_LINEAR, _PQ, _HLG = 8, 16, 18
_WHITE = (0.3127, 0.3290)
# x and y of red, green and blue.
_PRIMARIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    5: ((0.640, 0.330), (0.290, 0.600), (0.150, 0.060)),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
# Candelas per square metre of PQ's highest value, and of a white page in HDR (ITU-R BT.2408).
_PQ_PEAK, _DIFFUSE_WHITE = 10_000, 203
# Above this share of white, light is pressed together instead of cut off.
_KNEE = 0.8
_ENCODED_STEPS = 4096
_BAND_ROWS = 256


@dataclass(frozen=True)
class Colours:
    """What the numbers of a file say. primaries, transfer: as in H.273, tables 2 and 3."""

    primaries: int
    transfer: int

    @property
    def are_srgb(self) -> bool:
        """Whether nothing has to be converted."""
        return self.primaries not in _PRIMARIES.keys() - {_SRGB_PRIMARIES} and self.transfer in _LIKE_SRGB


def colours_of(numbers: object) -> Colours | None:
    """The colours that pillow_heif found in a file, as `info["nclx_profile"]`; None when it says nothing."""
    if not isinstance(numbers, dict):
        return None
    return Colours(int(numbers.get("color_primaries", _UNSAID)), int(numbers.get("transfer_characteristics", _UNSAID)))


def in_avif(data: bytes) -> Colours | None:
    """The colours that an AVIF file names in its `colr` box, which Pillow does not tell; None when it names none."""
    place = data.find(b"colrnclx", 0, 65_536)
    if place < 0 or place + 12 > len(data):
        return None
    return Colours(*struct.unpack_from(">HH", data, place + 8))


def to_srgb(image: Image.Image, colours: Colours) -> Image.Image:
    """An RGB picture in sRGB, HDR brought into its range."""
    pixels = np.asarray(image)
    light = _light(colours.transfer)
    matrix = (np.linalg.inv(_to_xyz(_SRGB_PRIMARIES)) @ _to_xyz(colours.primaries)).astype(np.float32)
    made = np.empty_like(pixels)
    for top in range(0, len(pixels), _BAND_ROWS):
        linear = light[pixels[top : top + _BAND_ROWS]] @ matrix.T
        if colours.transfer in (_PQ, _HLG):
            linear = _pressed(linear)
        made[top : top + _BAND_ROWS] = _ENCODED[(np.clip(linear, 0, 1) * (_ENCODED_STEPS - 1)).astype(np.uint16)]
    return Image.fromarray(made)


def _to_xyz(primaries: int) -> npt.NDArray[np.float64]:
    """Matrix from linear red, green and blue to XYZ, (3, 3)."""
    corners = np.array([(x / y, 1, (1 - x - y) / y) for x, y in _PRIMARIES.get(primaries, _PRIMARIES[1])]).T
    x, y = _WHITE
    return np.asarray(corners * np.linalg.solve(corners, [x / y, 1, (1 - x - y) / y]))


def _light(transfer: int) -> npt.NDArray[np.float32]:
    """Light of each of 256 values, 1: the white of a page; (256,) float32."""
    value = np.arange(256) / 255
    if transfer == _PQ:
        power = value ** (1 / 78.84375)
        light = (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
        light *= _PQ_PEAK / _DIFFUSE_WHITE
    elif transfer == _HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12)
        # A display of 1,000 candelas: its white page is at three quarters of the signal.
        light = 1000 / _DIFFUSE_WHITE * scene**1.2
    elif transfer == _LINEAR:
        light = value
    else:
        light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _pressed(linear: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Light above the knee pressed towards white, the same for the three colours of a pixel, so that its hue stays."""
    highest = np.maximum(linear.max(axis=-1, keepdims=True), 1e-6)
    over = (highest - _KNEE) / (1 - _KNEE)
    goal = np.where(over > 0, _KNEE + (1 - _KNEE) * (1 - np.exp(-over)), highest)
    return np.asarray(linear * (goal / highest), dtype=np.float32)


def _encoded_values() -> npt.NDArray[np.uint8]:
    light = np.linspace(0, 1, _ENCODED_STEPS)
    value = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(value * 255).astype(np.uint8)


_ENCODED = _encoded_values()
