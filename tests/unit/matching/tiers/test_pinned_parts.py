"""What each tier makes of drawn pictures, as this version does: a change of value asks for a new version."""

from typing import NamedTuple

import numpy as np
import pytest

from gallery.matching import describe
from gallery.matching.copies.placement import placed_whole
from gallery.matching.tiers.foreground import Box, find_foreground
from gallery.matching.tiers.reduced import reduce
from tests import pictures
from tests.unit.matching.drawn import Pixels, drawn
from tests.unit.matching.test_same_picture import PUBLISHED, found, half, inlaid, screenshot, written_over


class Parts(NamedTuple):
    """Sums over the parts of one signature: exact where they are of integers, the others to a thousandth."""

    contrast: int
    hash: int
    object_pixels: int
    object_box: Box
    colours_weight: float
    features: int
    weights: int
    inside: int
    places: tuple[float, ...]
    descriptors: float
    words: tuple[int, int, int, int]
    colours: tuple[int, int, int, int]


def parts_of(picture: Pixels, box: Box | None) -> Parts:
    signature, reduced = describe(picture, box), reduce(picture)
    assert signature.details is not None
    foreground, features, look = find_foreground(reduced.colour, box), signature.details.features, signature.look
    whole, own = signature.colour[:384].astype(int), signature.colour[384:].astype(int)
    return Parts(
        signature.contrast,
        int(signature.hash[0]),
        int(foreground.mask.sum()),
        signature.details.object_box,
        float(foreground.of_colours.sum()),
        len(features),
        int(features.weights.sum()),
        int(features.inside.sum()),
        tuple(features.placed.mean(axis=0).tolist()),
        float(features.descriptors.std()),
        (len(look), int(look.weights.sum()), int(look.words.sum()), int(np.bitwise_count(look.codes).sum())),
        (int(whole.sum()), int(own.sum()), int(whole.argmax()), int(own.argmax())),
    )


ENLARGED = np.repeat(np.repeat(drawn(4), 2, 0), 2, 1)[:900, :1200]
DESCRIBED = {
    "textured": (
        drawn(1),
        None,
        Parts(
            contrast=51,
            hash=4656462952807068564,
            object_pixels=0,
            object_box=(0.0, 0.0, 1.0, 1.0),
            colours_weight=164.8687,
            features=610,
            weights=7159,
            inside=0,
            places=(9696.1, 7817.4, 603.8, 18695.6),
            descriptors=34.5605,
            words=(456, 5431, 1895033, 29090),
            colours=(2293, 2843, 340, 553),
        ),
    ),
    "a ring": (
        drawn(2, "ring"),
        None,
        Parts(
            contrast=27,
            hash=14324972907463915961,
            object_pixels=1813,
            object_box=(0.11458, 0.10417, 0.89583, 0.875),
            colours_weight=1136.0222,
            features=488,
            weights=5376,
            inside=382,
            places=(10130.1, 7775.0, 432.6, 17307.5),
            descriptors=34.3332,
            words=(254, 2984, 1048584, 16274),
            colours=(1259, 1705, 348, 527),
        ),
    ),
    "in a box": (
        drawn(3),
        (0.2, 0.3, 0.6, 0.9),
        Parts(
            contrast=53,
            hash=13869228085277851043,
            object_pixels=72,
            object_box=(0.2, 0.29999, 0.6, 0.90001),
            colours_weight=58.0361,
            features=649,
            weights=1319,
            inside=9,
            places=(10516.4, 7867.0, 571.7, 17778.5),
            descriptors=34.1444,
            words=(495, 1116, 2080094, 31550),
            colours=(2311, 1680, 340, 569),
        ),
    ),
    "larger than is kept": (
        ENLARGED,
        None,
        Parts(
            contrast=50,
            hash=14390303268440795839,
            object_pixels=264,
            object_box=(0.28125, 0.62499, 0.50001, 0.84375),
            colours_weight=312.5527,
            features=700,
            weights=5173,
            inside=66,
            places=(12567.5, 10675.2, 651.6, 17996.1),
            descriptors=35.2328,
            words=(397, 3060, 1624161, 25124),
            colours=(2181, 2568, 299, 527),
        ),
    ),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_drawn_picture_is_described_as_it_was(name: str) -> None:
    picture, box, pinned = DESCRIBED[name]
    parts = parts_of(picture, box)
    assert (parts.contrast, parts.hash) == (pinned.contrast, pinned.hash)
    for part, value, was in zip(Parts._fields[2:], parts[2:], pinned[2:], strict=True):
        assert value == pytest.approx(was, rel=0.001), part


class Laid(NamedTuple):
    """Where a copy lies, in shares of sides. whole: blocks found, and held, where both are taken for the same whole."""

    size: tuple[int, int]
    shown: tuple[float, ...]
    outline: tuple[float, ...]
    changed: tuple[float, ...]
    covered: float
    whole: tuple[int, int]


COPIES = {
    "half, in a screenshot": (
        screenshot(half()),
        Laid(
            size=(480, 640),
            shown=(0.0, 0.0104, 0.6953, 0.6875),
            outline=(-0.0, 0.2434, 0.9824, 0.2434, 0.9823, 0.7227, -0.0001, 0.7227),
            changed=(),
            covered=0.4709,
            whole=(7, 4),
        ),
    ),
    "inlaid and turned": (
        pictures.rotated(inlaid(PUBLISHED), 7),
        Laid(
            size=(480, 640),
            shown=(0.0078, 0.0104, 0.9922, 0.9896),
            outline=(0.0083, 0.1494, 0.9093, 0.0113, 0.9918, 0.8504, 0.0908, 0.9885),
            changed=(0.6078, 0.1875, 0.8281, 0.4792),
            covered=0.7674,
            whole=(72, 38),
        ),
    ),
    "enlarged and written over": (
        written_over(PUBLISHED.resize((1600, 1200)), (700, 700)),
        Laid(
            size=(480, 640),
            shown=(0.0, 0.0, 1.0, 1.0),
            outline=(0.0, -0.0, 1.0, -0.0, 1.0, 1.0, -0.0, 1.0),
            changed=(0.4219, 0.5708, 0.6031, 0.6333),
            covered=1.0,
            whole=(75, 75),
        ),
    ),
    "mirrored": (
        pictures.mirrored(PUBLISHED),
        Laid(
            size=(480, 640),
            shown=(0.0, 0.0, 1.0, 1.0),
            outline=(1.0, -0.0, 0.0, -0.0, 0.0, 1.0, 1.0, 1.0),
            changed=(),
            covered=1.0,
            whole=(12, 2),
        ),
    ),
    "reduced": (
        PUBLISHED.resize((300, 225)),
        Laid(
            size=(225, 300),
            shown=(0.0033, 0.0, 1.0, 1.0),
            outline=(0.0032, 0.0, 1.0, 0.0, 1.0001, 0.9999, 0.0033, 0.9999),
            changed=(),
            covered=0.9966,
            whole=(50, 50),
        ),
    ),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_lies_where_it_lay(name: str) -> None:
    given, pinned = COPIES[name]
    copy, whole = found(given), placed_whole(np.asarray(given.convert("RGB")), np.asarray(PUBLISHED))
    assert copy is not None
    assert copy.published.shape[:2] == pinned.size
    assert copy.shown == pytest.approx(pinned.shown, abs=0.002)
    assert [side for corner in copy.outline for side in corner] == pytest.approx(pinned.outline, abs=0.002)
    assert [side for box in copy.changed for side in box] == pytest.approx(pinned.changed, abs=0.004)
    assert copy.covered_share == pytest.approx(pinned.covered, abs=0.002)
    assert (whole.found, whole.held) == pytest.approx(pinned.whole, abs=1)
