"""What an object is drawn on: its colours, relief and finish, part over part, still without light."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from gallery.demo.drawing.shapes import Mask
from gallery.demo.drawing.texture import Field, sample

Values = npt.NDArray[np.float32]
Slope = Callable[[npt.NDArray[np.uint8]], Values]
"""The direction of a part's surface, (h, w, 2), from how far it covers each pixel, (h, w)."""

COLOUR, SLOPE, FINISH, ALPHA = slice(0, 3), slice(3, 5), slice(5, 7), 7
"""Channels of a sheet: colour times alpha, direction of the surface, metal and gloss, alpha."""


def rgb(code: str) -> Values:
    """A colour written #rrggbb, (3,) of 0 to 1."""
    return np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)], np.float32)


@dataclass(frozen=True)
class Material:
    """What a part is made of. metal, gloss: 0 to 1; tone and relief: how strongly the texture colours and roughens."""

    colour: str
    metal: float = 0.0
    gloss: float = 0.3
    texture: str = "grain"
    tone: float = 0.03
    relief: float = 0.0


class Sheet:
    """An object in the making. Parts are painted one over the other, each with its own relief and a little shadow."""

    def __init__(self, width: int, height: int, random: np.random.Generator, *, millimetres: float) -> None:
        """Empty, of this width and height in pixels; millimetres: how wide it is in the world."""
        self.millimetres = millimetres
        self.values = np.zeros((height, width, 8), np.float32)
        self.random = random
        self._offset = (int(random.integers(1024)), int(random.integers(1024)))

    @property
    def alpha(self) -> Values:
        """Where the object is, 0 to 1."""
        return np.asarray(self.values[..., ALPHA])

    def paint(self, mask: Mask, material: Material, *, bevel: float = 0.0, lift: float = 3.0, picture: Values | None = None) -> None:
        """Put a part on top. bevel: pixels over which its edge is rounded; lift: pixels that it throws its shadow.

        picture: (h, w, 3) of the mask's size, in place of the material's colour.
        """
        self._put(mask, material, partial(_bevelled_slope, bevel=bevel), lift=lift, picture=picture)

    def turn(self, mask: Mask, material: Material, *, lift: float = 3.0) -> None:
        """Put a part on top that is round about an upright axis, as from a lathe."""
        self._put(mask, material, _turned_slope, lift=lift)

    def _put(self, mask: Mask, material: Material, slope: Slope, *, lift: float, picture: Values | None = None) -> None:
        if lift:
            self._shade_under(mask, lift)
        mask = self._clipped(mask)
        height, width = mask.cover.shape
        if not height or not width:
            return
        cover = mask.cover.astype(np.float32)[..., None] / 255
        texture = sample(material.texture, mask.left + self._offset[0], mask.top + self._offset[1], width, height)
        part = np.empty((height, width, 8), np.float32)
        colour = rgb(material.colour) if picture is None else picture[:height, :width]
        part[..., COLOUR] = colour * (1 + material.tone * texture[..., None])
        part[..., SLOPE] = slope(mask.cover)
        if material.relief:
            part[..., SLOPE] += material.relief * _gradient(texture)
        part[..., FINISH] = material.metal, material.gloss
        part[..., ALPHA] = 1
        view = self._view(mask)
        view += cover * (part - view)

    def engrave(self, mask: Mask, *, depth: float = 0.5, darkness: float = 0.25) -> None:
        """Cut into (or, with a negative depth, raise from) what is painted; elsewhere nothing happens."""
        mask = self._clipped(mask)
        if not mask.cover.size:
            return
        cover = mask.cover.astype(np.float32) / 255
        view = self._view(mask)
        view[..., COLOUR] *= 1 - darkness * cover[..., None]
        view[..., SLOPE] += depth * _gradient(np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.9), np.float32)) * 2

    def stain(self, amount: float, *, texture: str = "stain") -> None:
        """Age everything painted so far with blotches of its own."""
        height, width = self.alpha.shape
        blotches = sample(texture, self._offset[1], self._offset[0], width, height)
        self.values[..., COLOUR] *= np.clip(1 + amount * blotches, 0.3, 1.6)[..., None]

    def _shade_under(self, mask: Mask, lift: float) -> None:
        margin = int(lift * 2.5) + 1
        grown = cv2.copyMakeBorder(mask.cover, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(0,))
        soft = np.asarray(cv2.GaussianBlur(grown, (0, 0), lift), np.uint8)
        wider = self._clipped(Mask(mask.left - margin, mask.top - margin + round(lift / 2), soft))
        if wider.cover.size:
            self._view(wider)[..., COLOUR] *= 1 - 0.5 * (wider.cover.astype(np.float32) / 255)[..., None]

    def _view(self, mask: Mask) -> Values:
        height, width = mask.cover.shape
        return self.values[mask.top : mask.top + height, mask.left : mask.left + width]

    def _clipped(self, mask: Mask) -> Mask:
        height, width = self.values.shape[:2]
        left, top = max(0, -mask.left), max(0, -mask.top)
        cover = mask.cover[top : max(top, height - mask.top), left : max(left, width - mask.left)]
        return Mask(mask.left + left, mask.top + top, cover)


def _gradient(field: Field) -> Values:
    across = cv2.Sobel(field, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(field, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(np.stack([across, down], axis=-1), np.float32)


def _bevelled_slope(cover: npt.NDArray[np.uint8], bevel: float) -> Values:
    """Direction of the surface of a part with a round edge, (h, w, 2), -1 to 1."""
    if bevel <= 0:
        return np.zeros((*cover.shape, 2), np.float32)
    inside = np.where(cover > 127, np.uint8(255), np.uint8(0))
    depth = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 3), np.float32)
    share = 1 - np.minimum(depth / bevel, 1)
    height = bevel * np.sqrt(1 - share * share)
    smooth = np.asarray(cv2.GaussianBlur(height, (0, 0), max(0.8, bevel * 0.14)), np.float32)
    rise = -_gradient(smooth)
    return np.asarray(rise / np.sqrt(1 + (rise * rise).sum(axis=-1, keepdims=True)), np.float32)


def _turned_slope(cover: npt.NDArray[np.uint8]) -> Values:
    """Direction of the surface of a turned part, from where it begins and ends in each row."""
    inside = cover > 127
    columns = np.arange(cover.shape[1], dtype=np.float32)
    counts = np.maximum(inside.sum(axis=1), 1)
    middle = (inside * columns).sum(axis=1) / counts
    half = counts / 2
    across = np.clip((columns[None] - middle[:, None]) / half[:, None], -1, 1) * 0.94
    widening = np.gradient(np.convolve(np.pad(half, 4, mode="edge"), np.ones(9) / 9, mode="valid"))
    down = (-widening / np.hypot(1, widening))[:, None] * np.sqrt(1 - across**2) * -1
    return np.asarray(np.stack([across, -down * 0.9], axis=-1), np.float32)
