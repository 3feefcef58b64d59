"""The features that the look and detail tiers share: SIFT points with their RootSIFT descriptors.

Knows OpenCV. Points and descriptors are quantised here, once, so that what was stored equals what was described.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gallery.matching.tiers.foreground import Foreground

POINTS = 700
"""At most this many points per photo, the most contrasted of the object first: 96 kB of details."""

_FOUND = 1200
"""Points among which those are chosen."""

DESCRIPTOR_BYTES = 128
_MIN_SIDE = 16
_CONTRAST = 0.02
_ROOT_UNIT = 512.0
POSITION_UNIT, SIZE_UNIT, ANGLE_UNIT = 32.0, 64.0, 100.0

# Where a descriptor's 4 x 4 cells of 8 directions lie once the picture is mirrored about the point's own direction.
_MIRRORED = np.arange(DESCRIPTOR_BYTES).reshape(4, 4, 8)[::-1, :, (-np.arange(8)) % 8].ravel()


@dataclass(frozen=True, eq=False)
class LocalFeatures:
    """Up to 700 points of one picture, the most telling first.

    width, height: of the reduced picture, in pixels. placed: (n, 4) uint16, x and y in 1/32 pixel, diameter in 1/64
    pixel, direction in 1/100 degree. descriptors: (n, 128) uint8. weights: (n,) uint8, what each counts, 1 to 15: less
    beside the object. inside: (n,) bool, whether it lies on the object, as far as that was guessed.
    """

    width: int
    height: int
    placed: npt.NDArray[np.uint16]
    descriptors: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.uint8]
    inside: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.placed)

    @property
    def positions(self) -> npt.NDArray[np.float32]:
        """(n, 2) float32, x and y in pixels of the reduced picture."""
        return self.placed[:, :2].astype(np.float32) / np.float32(POSITION_UNIT)

    @property
    def sizes(self) -> npt.NDArray[np.float32]:
        """(n,) float32, diameters in pixels of the reduced picture."""
        return self.placed[:, 2].astype(np.float32) / np.float32(SIZE_UNIT)

    @property
    def angles(self) -> npt.NDArray[np.float32]:
        """(n,) float32, directions in degrees, 0 to 360."""
        return self.placed[:, 3].astype(np.float32) / np.float32(ANGLE_UNIT)

    def mirrored(self) -> "LocalFeatures":
        """What describing the picture mirrored left to right finds, without looking at it again."""
        placed = self.placed.copy()
        placed[:, 0] = np.clip(round((self.width - 1) * POSITION_UNIT) - self.placed[:, 0].astype(np.int64), 0, None)
        placed[:, 3] = (round(180 * ANGLE_UNIT) - self.placed[:, 3].astype(np.int64)) % round(360 * ANGLE_UNIT)
        return LocalFeatures(self.width, self.height, placed, self.descriptors[:, _MIRRORED], self.weights, self.inside)


def find_features(grey: npt.NDArray[np.uint8], foreground: Foreground) -> LocalFeatures:
    """Find the most contrasted points of a reduced grey picture, those of its foreground first; there may be none."""
    height, width = grey.shape
    table, descriptors = strongest(grey, most=_FOUND)
    if not len(table):
        return none_found(width, height)
    weights = foreground.of_points(table[:, :2], width, height)
    chosen = np.argsort(-table[:, 4] * weights, kind="stable")[:POINTS]
    return LocalFeatures(
        width,
        height,
        _placed(table[chosen], width, height),
        descriptors[chosen],
        weights[chosen],
        foreground.holds(table[chosen, :2], width, height),
    )


def strongest(grey: npt.NDArray[np.uint8], *, most: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """The most contrasted points of a grey picture, wherever they are.

    Returns (n, 5) float64, x, y, diameter, direction and contrast, and (n, 128) uint8, their RootSIFT descriptors.
    """
    if min(grey.shape) >= _MIN_SIDE:
        detector = cv2.SIFT.create(nfeatures=most, contrastThreshold=_CONTRAST)
        points, raw = detector.detectAndCompute(grey, None)
        if raw is not None and points:
            table = np.array([(*point.pt, point.size, point.angle, point.response) for point in points], np.float64)
            order = np.argsort(-table[:, 4], kind="stable")[:most]
            return table[order], _root(np.asarray(raw[order], np.float32))
    return np.zeros((0, 5)), np.zeros((0, DESCRIPTOR_BYTES), np.uint8)


def none_found(width: int, height: int) -> LocalFeatures:
    """The features of a picture that has none."""
    descriptors = np.zeros((0, DESCRIPTOR_BYTES), np.uint8)
    return LocalFeatures(
        width, height, np.zeros((0, 4), np.uint16), descriptors, np.zeros(0, np.uint8), np.zeros(0, np.bool_)
    )


def _placed(table: npt.NDArray[np.float64], width: int, height: int) -> npt.NDArray[np.uint16]:
    units = np.array([POSITION_UNIT, POSITION_UNIT, SIZE_UNIT, ANGLE_UNIT])
    placed = np.rint(table[:, :4] * units)
    placed[:, 3] %= round(360 * ANGLE_UNIT)
    most = [width * POSITION_UNIT - 1, height * POSITION_UNIT - 1, 65_535, 65_535]
    return np.asarray(np.clip(placed, [0, 0, 1, 0], most), np.uint16)


def _root(raw: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    shares = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.clip(np.rint(np.sqrt(shares) * _ROOT_UNIT), 0, 255), np.uint8)
