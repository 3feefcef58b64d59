"""How a picture becomes the input of the operator's model, as the TOML file beside the model says.

Knows arrays and the file's table, never the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Input = npt.NDArray[np.float32]
Three = tuple[float, float, float]
Crop = tuple[float, float, float, float]

FITS = ("crop", "stretch", "pad")
CHANNELS = ("RGB", "BGR")
SIZES = range(8, 1025)


@dataclass(frozen=True)
class Preparation:
    """How a picture becomes (1, 3, size, size) float32.

    mean, std: of the shares of 255, in the order of channels. fit: crop takes the middle of the picture, of which the
    short side counts `resize` pixels; stretch takes all of it; pad too, with the mean beside it.
    """

    size: int
    mean: Three
    std: Three
    resize: int
    fit: str = FITS[0]
    channels: str = CHANNELS[0]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Preparation":
        """Read the table of a TOML file; raise ValueError, with the reason, for nonsense."""
        unknown = table.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"has an unknown key: {min(unknown)}")
        size = _whole_number(table, "size")
        made = cls(
            size=size,
            mean=_three(table, "mean"),
            std=_three(table, "std"),
            fit=_one_of(table, "fit", FITS),
            resize=_whole_number(table, "resize") if "resize" in table else size,
            channels=_one_of(table, "channels", CHANNELS),
        )
        if min(made.std) <= 0:
            raise ValueError("std: must be more than 0")
        if made.resize < size:
            raise ValueError("resize: must not be less than size")
        return made

    def input_of(self, picture: Pixels) -> Input:
        """Prepare a picture (h, w, 3) uint8 RGB of any size."""
        whole = np.zeros((self.size, self.size, 3), np.float32)
        fitted = self._fitted(Image.fromarray(np.ascontiguousarray(picture)))
        top, left = (self.size - fitted.height) // 2, (self.size - fitted.width) // 2
        shares = np.asarray(fitted, np.float32)[..., :: -1 if self.channels == "BGR" else 1] / 255
        whole[top : top + fitted.height, left : left + fitted.width] = (shares - self.mean) / self.std
        return np.ascontiguousarray(whole.transpose(2, 0, 1)[None])

    def _fitted(self, image: Image.Image) -> Image.Image:
        width, height = image.size
        wanted, box = (self.size, self.size), (0.0, 0.0, float(width), float(height))
        if self.fit == "pad":
            scale = self.size / max(width, height)
            wanted = max(1, round(width * scale)), max(1, round(height * scale))
        elif self.fit == "crop":
            box = self._middle(width, height)
        return image.resize(wanted, Image.Resampling.BICUBIC, box)

    def _middle(self, width: int, height: int) -> Crop:
        # Cut out before it is resized: the long side of a very long picture would become millions of pixels.
        side = min(width, height) * self.size / self.resize
        left, top = (width - side) / 2, (height - side) / 2
        return left, top, left + side, top + side


def _whole_number(table: Mapping[str, Any], name: str) -> int:
    number = table.get(name)
    if type(number) is not int or number not in SIZES:
        raise ValueError(f"{name}: must be a whole number from {SIZES[0]} to {SIZES[-1]}")
    return number


def _three(table: Mapping[str, Any], name: str) -> Three:
    numbers = table.get(name)
    if not isinstance(numbers, list) or len(numbers) != 3 or not all(type(each) in (int, float) for each in numbers):
        raise ValueError(f"{name}: must be three numbers")
    first, second, third = map(float, numbers)
    if not np.isfinite((first, second, third)).all():
        raise ValueError(f"{name}: must be three numbers")
    return first, second, third


def _one_of(table: Mapping[str, Any], name: str, values: tuple[str, ...]) -> str:
    value = table.get(name, values[0])
    if value not in values:
        raise ValueError(f"{name}: must be one of {', '.join(values)}")
    return str(value)
