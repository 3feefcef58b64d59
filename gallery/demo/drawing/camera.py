"""Takes the picture: an object on its scenery, seen from an angle, in a light, with a lens and a sensor of its own."""

from dataclasses import dataclass, field
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from gallery.demo.drawing.light import Light, lit
from gallery.demo.drawing.scenery import CARD_PIXELS_A_MILLIMETRE, HORIZON, Pixels, ground, scale_card, wall
from gallery.demo.drawing.sheet import Sheet, Values
from gallery.demo.drawing.texture import TILE, tile

LONG_SIDE, SHORT_SIDE = 1200, 900
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """How a picture is taken. turn, tilt, pan: degrees; size: the object's share of the frame.

    back: the wall behind an upright object; empty: the object lies on the ground and is seen from above.
    """

    ground: str
    back: str = ""
    light: Light = field(default_factory=Light)
    turn: float = 0.0
    tilt: float = 0.0
    pan: float = 0.0
    size: float = 0.8
    shift: tuple[float, float] = (0.0, 0.0)
    has_scale: bool = False
    is_portrait: bool = False
    noise: float = 2.0
    blur: float = 0.5
    quality: int = 88


def photograph(sheet: Sheet, scene: Scene, random: np.random.Generator) -> bytes:
    """The picture as a JPEG file of 1200 by 900 pixels, or 900 by 1200."""
    width, height = (SHORT_SIDE, LONG_SIDE) if scene.is_portrait else (LONG_SIDE, SHORT_SIDE)
    place = _object_view(sheet, scene, width, height)
    view = _upright(scene, random, width, height) if scene.back else _lying(scene, random, width, height)
    if scene.has_scale and not scene.back:
        view = _with_scale(view, scene, pixels_a_millimetre=_scale_of(place) * sheet.alpha.shape[1] / sheet.millimetres)
    placed = _warped(lit(sheet, scene.light), place, width, height)
    cast = _cast_upright if scene.back else _cast_lying
    view *= cast(placed[..., 3], scene.light)[..., None]
    view *= 1 - placed[..., 3:]
    view += placed[..., :3]
    return _exposed(view, scene, random)


def _lying(scene: Scene, random: np.random.Generator, width: int, height: int) -> Values:
    look = _view(turn=float(random.uniform(-9, 9)), tilt=scene.tilt, pan=scene.pan, focal=1.9 * LONG_SIDE)
    start = float(random.uniform(-90, 90)), float(random.uniform(-90, 90))
    matrix = _shift(width / 2, height / 2) @ look @ _scale(1.75) @ _shift(-TILE / 2 + start[0], -TILE / 2 + start[1])
    surface = _surface(ground(scene.ground, random), matrix, width, height)
    return surface * scene.light.tint * scene.light.strength


def _with_scale(view: Values, scene: Scene, *, pixels_a_millimetre: float) -> Values:
    """Lay the ten-centimetre rule at the lower edge, true to size; left out where it would be wider than the picture."""
    height, width = view.shape[:2]
    card = scale_card()
    scale = pixels_a_millimetre / CARD_PIXELS_A_MILLIMETRE
    if scale * card.shape[1] > 0.9 * width:
        return view
    look = _view(turn=scene.turn * 0.1, tilt=scene.tilt, pan=scene.pan, focal=1.9 * LONG_SIDE)
    corner = 40 + scale * card.shape[1] / 2, height - 30 - scale * card.shape[0] / 2
    laid = _warped(card, _shift(*corner) @ look @ _scale(scale) @ _centred(card), width, height)
    view *= _cast_lying(laid[..., 3], scene.light, thickness=0.25)[..., None]
    return np.asarray(view * (1 - laid[..., 3:]) + laid[..., :3] * 0.9 * scene.light.strength, np.float32)


def _upright(scene: Scene, random: np.random.Generator, width: int, height: int) -> Values:
    view = wall(scene.back, width, height, random)
    look = _view(turn=0, tilt=-66, pan=scene.pan, focal=1.5 * LONG_SIDE)
    middle = _shift(width / 2 + float(random.uniform(-80, 80)), height * 1.02) @ look @ _scale(2.2)
    floor = _surface(ground(scene.ground, random), middle @ _shift(-TILE / 2, -TILE / 2), width, height)
    edge = int(height * HORIZON)
    rows = np.arange(height, dtype=np.float32)[:, None, None]
    view[edge:] = floor[edge:]
    near_edge = np.exp(-np.abs(rows - edge) / 9)
    view *= 1 - 0.42 * near_edge * (rows >= edge) - 0.16 * np.exp(-np.abs(rows - edge) / 40)
    return np.asarray(view * scene.light.tint * scene.light.strength, np.float32)


def _surface(surface: Pixels, matrix: Matrix, width: int, height: int) -> Values:
    seen = cv2.warpPerspective(surface, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(seen / 255, np.float32)


def _object_view(sheet: Sheet, scene: Scene, width: int, height: int) -> Matrix:
    """From pixels of the sheet to pixels of the picture."""
    tall, wide = sheet.alpha.shape
    angle = np.radians(scene.turn)
    reach = abs(wide * np.cos(angle)) + abs(tall * np.sin(angle)), abs(wide * np.sin(angle)) + abs(tall * np.cos(angle))
    scale = scene.size * min(width / reach[0], height / reach[1])
    look = _view(turn=scene.turn, tilt=scene.tilt, pan=scene.pan, focal=1.9 * LONG_SIDE)
    at = width * (0.5 + scene.shift[0]), height * (0.5 + scene.shift[1])
    if scene.back:
        at = at[0], height * (0.86 + scene.shift[1]) - scale * tall / 2
    return _shift(*at) @ look @ _scale(scale) @ _shift(-wide / 2, -tall / 2)


def _warped(picture: Values, matrix: Matrix, width: int, height: int) -> Values:
    eight_bits = np.asarray(picture * 255, np.uint8)
    seen = cv2.warpPerspective(eight_bits, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return np.asarray(seen / 255, np.float32)


def _cast_lying(alpha: Values, light: Light, *, thickness: float = 1.0) -> Values:
    """How much light is left beside an object that lies flat, (h, w)."""
    near = _shadow(alpha, light, reach=7 * thickness, softness=5 * thickness)
    far = _shadow(alpha, light, reach=26 * thickness, softness=22 * thickness)
    return np.asarray((1 - 0.42 * near) * (1 - 0.38 * far), np.float32)


def _cast_upright(alpha: Values, light: Light) -> Values:
    """How much light is left on the wall behind an object and on the floor below it, (h, w)."""
    height, width = alpha.shape
    edge = int(height * HORIZON)
    behind = _shadow(alpha, light, reach=60, softness=26)
    behind[edge:] = 0
    foot = int(np.flatnonzero(alpha.max(axis=1) > 0.5).max(initial=edge))
    squeeze = np.array([[1.0, 0.22 * -light.direction[0], 0], [0, 0.13, foot * 0.87 - 4]])
    squeeze[0, 2] = -squeeze[0, 1] * foot
    flat = cv2.warpAffine(alpha, squeeze, (width, height))
    below = np.asarray(cv2.GaussianBlur(flat, (0, 0), 9), np.float32) + cv2.GaussianBlur(flat, (0, 0), 3)
    below[: edge - 10] = 0
    return np.asarray((1 - 0.34 * behind) * (1 - 0.36 * np.clip(below, 0, 1.6)), np.float32)


def _shadow(alpha: Values, light: Light, *, reach: float, softness: float) -> Values:
    """The outline moved away from the light and blurred, made at a quarter of the size."""
    height, width = alpha.shape
    small = cv2.resize(alpha, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    across, down = -light.direction[0] * reach / 4, -light.direction[1] * reach / 4
    moved = cv2.warpAffine(small, np.array([[1, 0, across], [0, 1, down]]), (width // 4, height // 4))
    return np.asarray(cv2.resize(cv2.GaussianBlur(moved, (0, 0), softness / 4), (width, height)), np.float32)


def _exposed(view: Values, scene: Scene, random: np.random.Generator) -> bytes:
    """Through the lens, onto the sensor, into the file."""
    height, width = view.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    towards = x * scene.light.direction[0] + y * scene.light.direction[1]
    view *= (1.10 + 0.16 * towards - 0.13 * (x * x + y * y))[..., None]
    seen = np.asarray(cv2.GaussianBlur(view, (0, 0), scene.blur), np.float32) * 255
    left, top = random.integers(TILE, size=2)
    speckle = np.roll(tile("grain"), (int(top), int(left)), axis=(0, 1))
    speckle = np.asarray(cv2.copyMakeBorder(speckle, 0, LONG_SIDE - TILE, 0, LONG_SIDE - TILE, cv2.BORDER_WRAP))
    seen += scene.noise * speckle[:height, :width, None]
    buffer = BytesIO()
    image = Image.fromarray(np.asarray(np.clip(seen, 0, 255), np.uint8))
    image.save(buffer, "JPEG", quality=scene.quality, subsampling=0 if scene.quality > 90 else 2)
    return buffer.getvalue()


def _view(*, turn: float, tilt: float, pan: float, focal: float) -> Matrix:
    """A plane about its middle, turned, leant back (tilt) and swung (pan) before a lens: homography."""
    a, b, c = np.radians([turn, tilt, pan])
    spin = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    lean = np.array([[1, 0, 0], [0, np.cos(b), 0], [0, -np.sin(b), 0]])
    swing = np.array([[np.cos(c), 0, np.sin(c)], [0, 1, 0], [-np.sin(c), 0, np.cos(c)]])
    flat = swing @ (lean @ spin * np.array([1, 1, 0]))
    flat[:, 2] = 0, 0, focal
    return np.asarray(np.diag([focal, focal, 1]) @ flat / focal)


def _shift(right: float, down: float) -> Matrix:
    return np.array([[1, 0, right], [0, 1, down], [0, 0, 1]], np.float64)


def _scale(factor: float) -> Matrix:
    return np.diag([factor, factor, 1.0])


def _scale_of(matrix: Matrix) -> float:
    """Pixels of the picture for one of the sheet, about its middle."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) / matrix[2, 2])


def _centred(picture: Values) -> Matrix:
    return _shift(-picture.shape[1] / 2, -picture.shape[0] / 2)
