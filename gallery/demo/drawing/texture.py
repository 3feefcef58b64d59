"""Endless seeded textures: what wood, leather, cloth and stone have in common. Arrays only."""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
"""(h, w) float32, mean 0, standard deviation 1."""

TILE = 1024
"""Side of a tile; its opposite edges fit together."""

_Frequencies = npt.NDArray[np.float64]
# How strong each spatial frequency is, by cycles a tile across and down.
_SPECTRA: dict[str, Callable[[_Frequencies, _Frequencies], _Frequencies]] = {
    "clouds": lambda u, v: np.hypot(u, v) ** -1.6,
    "stain": lambda u, v: np.where(np.hypot(u, v) < 90, np.hypot(u, v) ** -0.9, 0),
    "grain": lambda u, v: np.exp(-((np.hypot(u, v) / 260) ** 2)),
    "leather": lambda u, v: np.exp(-(((np.hypot(u, v) - 75) / 28) ** 2)),
    "pebbles": lambda u, v: np.exp(-(((np.hypot(u, v) - 34) / 12) ** 2)),
    "upright wood": lambda u, v: np.hypot(u, 26 * v) ** -0.75 * (u > 1.5),
    "wood": lambda u, v: np.hypot(26 * u, v) ** -0.75 * (v > 1.5),
    "brushed": lambda u, v: np.exp(-((u / 7) ** 2)) * np.exp(-((v / 260) ** 2)),
    "flames": lambda u, v: np.exp(-((u / 5) ** 2)) * np.exp(-(((v - 22) / 9) ** 2)),
    "weave": lambda u, v: np.exp(-((u / 12) ** 2) - ((v / 230) ** 2)) + np.exp(-((v / 12) ** 2) - ((u / 230) ** 2)),
}


@cache
def tile(name: str) -> Field:
    """The texture of this name, (1024, 1024)."""
    across = np.abs(np.fft.rfftfreq(TILE)) * TILE
    down = np.abs(np.fft.fftfreq(TILE)) * TILE
    u, v = np.meshgrid(across, down)
    u[0, 0] = 1
    strength = _SPECTRA[name](u, v)
    strength[0, 0] = 0
    random = np.random.default_rng(sum(name.encode()))
    field = np.fft.irfft2(np.fft.rfft2(random.standard_normal((TILE, TILE))) * strength)
    return np.asarray(field / field.std(), np.float32)


def sample(name: str, left: int, top: int, width: int, height: int) -> Field:
    """A window of the endless texture."""
    rows = np.arange(top, top + height) % TILE
    columns = np.arange(left, left + width) % TILE
    return tile(name).take(rows, axis=0).take(columns, axis=1)


def fresh(name: str, random: np.random.Generator) -> Field:
    """A tile of this texture that is nobody else's: two pieces of the known one laid over each other, (1024, 1024)."""
    known = tile(name)
    shifts = random.integers(TILE, size=(2, 2))
    first, second = np.roll(known, tuple(shifts[0]), axis=(0, 1)), np.roll(known[::-1], tuple(shifts[1]), axis=(0, 1))
    return np.asarray((first + second) / np.sqrt(2), np.float32)
