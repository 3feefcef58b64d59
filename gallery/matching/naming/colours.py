"""The main colours of a photo's object in plain words, read from the histogram that its signature keeps.

Knows bins and codes of colours. Silver and gold are not among them: they are grey and yellow that shine.
"""

from functools import cache
from math import atan2, degrees, hypot

import numpy as np

from gallery.matching.signature import Signature
from gallery.matching.tiers.colour import Lab, centres_of_object_bins, object_shares

_MIN_SHARE, _MAX_COLOURS = 0.25, 2
_MIN_SHARE_OF_MANY, _MANY = 0.1, 4
_NEUTRAL, _PALE = 8.0, 20.0
_DARK, _LIGHT = 35.0, 65.0
# Where the hues of Lab begin, in degrees from -35 up to 325.
_HUES = (
    (-35.0, "pink"), (0.0, "red"), (48.0, "orange"), (72.0, "yellow"), (118.0, "green"), (215.0, "blue"),
    (308.0, "purple"),
)  # fmt: skip
_WARM = ("orange", "yellow")
_NOT_COLOURFUL = ("black", "white", "grey", "beige", "brown")


def main_colours(signature: Signature) -> tuple[str, ...]:
    """Codes of one or two colours that make up most of the object, the main one first; "multicoloured" for many.

    Empty where no colour has a quarter of it.
    """
    sums: dict[str, float] = {}
    shares = object_shares(signature.colour)
    for number in np.flatnonzero(shares).tolist():
        name = _names()[number]
        sums[name] = sums.get(name, 0.0) + float(shares[number])
    colourful = [name for name, share in sums.items() if share >= _MIN_SHARE_OF_MANY and name not in _NOT_COLOURFUL]
    if len(colourful) >= _MANY:
        return ("multicoloured",)
    ordered = sorted(sums, key=lambda name: (-sums[name], name))
    return tuple(name for name in ordered[:_MAX_COLOURS] if sums[name] >= _MIN_SHARE)


def name_of(lab: Lab) -> str:
    """The code of a colour.

    >>> name_of(Lab(30, 0, 2)), name_of(Lab(45, 35, 35)), name_of(Lab(30, 15, 25)), name_of(Lab(60, -10, -30))
    ('black', 'red', 'brown', 'blue')
    """
    chroma = hypot(lab.a, lab.b)
    if chroma < _NEUTRAL:
        return _by_lightness(lab.lightness, "black", "grey", "white")
    hue = _hue(lab)
    if hue in _WARM and (chroma < _PALE or lab.lightness < _DARK):
        return _by_lightness(lab.lightness, "brown", "beige", "beige")
    if hue == "orange" and lab.lightness < _LIGHT and chroma < 2 * _PALE:
        return "brown"
    return "pink" if hue == "red" and lab.lightness > _LIGHT else hue


def _hue(lab: Lab) -> str:
    angle = (degrees(atan2(lab.b, lab.a)) + 35) % 360 - 35
    return [name for begins, name in _HUES if begins <= angle][-1]


def _by_lightness(lightness: float, dark: str, middle: str, light: str) -> str:
    return dark if lightness < _DARK else light if lightness > _LIGHT else middle


@cache
def _names() -> list[str]:
    return [name_of(lab) for lab in centres_of_object_bins()]
