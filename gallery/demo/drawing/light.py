"""Light on a sheet: a window's soft light from one side, told by what each direction of a surface sends back."""

from dataclasses import dataclass

import cv2
import numpy as np

from gallery.demo.drawing.sheet import ALPHA, COLOUR, Sheet, Values

_TABLE = 192


@dataclass(frozen=True)
class Light:
    """degrees: where it comes from, clockwise from the right (250: upper left). warmth: -1 blue sky to 1 lamp."""

    degrees: float = 235
    height: float = 0.75
    strength: float = 1.0
    warmth: float = 0.1

    @property
    def direction(self) -> tuple[float, float, float]:
        """Unit vector to the light; z comes out of the sheet."""
        angle = np.radians(self.degrees)
        flat = float(np.sqrt(1 - self.height**2))
        return flat * float(np.cos(angle)), flat * float(np.sin(angle)), self.height

    @property
    def tint(self) -> Values:
        """(3,) factor of red, green and blue."""
        return np.array([1 + 0.10 * self.warmth, 1.0, 1 - 0.14 * self.warmth], np.float32)


def lit(sheet: Sheet, light: Light) -> Values:
    """The sheet under a light: (h, w, 4), colour times alpha, and alpha; 0 to 1."""
    values = sheet.values
    matte, soft, sharp, mirrored = _answers(sheet, light)
    metal, gloss = values[..., 5], values[..., 6]
    body = matte * (1 - metal) + (0.24 + 1.12 * mirrored + 0.2 * soft) * metal
    shine = gloss * (1 - metal) * (0.10 * soft + 0.55 * gloss * sharp) + 0.35 * metal * gloss * sharp
    colour = values[..., COLOUR] * body[..., None] + (shine * values[..., ALPHA])[..., None]
    colour *= light.tint * light.strength
    return np.concatenate([np.clip(colour, 0, 1), values[..., ALPHA:]], axis=-1)


def _answers(sheet: Sheet, light: Light) -> list[Values]:
    """What each pixel's direction sends back: matte, soft shine, sharp shine, reflected room."""
    height, width = sheet.alpha.shape
    bend_x = np.linspace(-0.16, 0.16, width, dtype=np.float32)[None, :]
    bend_y = np.linspace(-0.16, 0.16, height, dtype=np.float32)[:, None]
    across = (np.clip(sheet.values[..., 3] + bend_x, -1, 1) + 1) * ((_TABLE - 1) / 2)
    down = (np.clip(sheet.values[..., 4] + bend_y, -1, 1) + 1) * ((_TABLE - 1) / 2)
    table = _table(light)
    found = cv2.remap(table, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return [np.asarray(found[..., channel], np.float32) for channel in range(4)]


def _table(light: Light) -> Values:
    """(192, 192, 4): answers by direction, x and y of -1 to 1."""
    grid = np.linspace(-1, 1, _TABLE, dtype=np.float32)
    x, y = np.meshgrid(grid, grid)
    z = np.sqrt(np.clip(1 - x * x - y * y, 0.01, 1))
    light_x, light_y, light_z = light.direction
    facing = x * light_x + y * light_y + z * light_z
    half = np.array([light_x, light_y, light_z + 1])
    half /= np.linalg.norm(half)
    towards = np.clip(x * half[0] + y * half[1] + z * half[2], 0, 1)
    matte = 0.40 + 0.80 * np.clip(facing, 0, 1) - 0.08 * y
    # What a polished thing shows of the room: a bright window, a pale ceiling, a dark horizon, a bright table below.
    up = 2 * z * -y
    side = 2 * z * (x * np.cos(np.radians(light.degrees)) + y * np.sin(np.radians(light.degrees)))
    room = 0.40 + 0.26 * np.tanh(3.2 * (up - 0.05)) - 0.30 * np.exp(-(((up + 0.22) / 0.20) ** 2))
    room += 0.20 * np.exp(-(((up + 0.75) / 0.25) ** 2)) + 0.62 * np.exp(-(((side - 0.62) / 0.20) ** 2))
    return np.asarray(np.stack([matte, towards**9, towards**70, np.clip(room, 0.03, 1.2)], axis=-1), np.float32)
