"""What a picture suggests: categories and colours."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gallery import matching
from gallery.matching import Signature, describe, likely_categories, main_colours
from gallery.matching.naming.classes import categories_of_classes
from gallery.matching.tiers.encoder import Vector
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.items.categories import CATEGORIES
from tests.conftest import PHOTOGRAPHS
from tests.unit.matching.drawn import catalogue_of, drawn

NOTHING = catalogue_of({})


@pytest.fixture
def shipped() -> None:
    matching.configure(Path(NAME))


def towards(seed: int, *, stray: float = 0.0) -> Vector:
    """A direction of its own for each seed, or one that strays from it."""
    own = np.random.default_rng(seed).normal(size=1280)
    other = np.random.default_rng(seed + 100).normal(size=1280)
    numbers = own + stray * other
    return np.asarray(np.rint(numbers / np.abs(numbers).max() * 127), np.int8)


def with_vector(signature: Signature, vector: Vector) -> Signature:
    return replace(signature, vector=vector)


def nobody_knows(item_ids: Collection[int]) -> Mapping[int, str]:
    return {}


def on_white(*colours: str) -> np.ndarray:
    image = Image.new("RGB", (400, 300), "white")
    width = 200 // len(colours)
    for place, colour in enumerate(colours):
        left = 100 + place * width
        ImageDraw.Draw(image).rectangle((left, 60, left + width, 240), fill=colour)
    return np.asarray(image)


def test_the_nearest_items_name_the_category(shipped: None) -> None:
    plain = describe(drawn(1))
    catalogue = catalogue_of({n: with_vector(plain, towards(1 if n < 4 else 2, stray=0.1 * n)) for n in range(1, 8)})
    of_items = {1000 + n: "watches" if n < 4 else "tools" for n in range(1, 8)}
    asked = with_vector(plain, towards(1))
    first, *_ = likely_categories([asked], catalogue, lambda ids: {each: of_items[each] for each in ids})
    assert (first.code, first.confidence > 0.6) == ("watches", True)


def test_items_of_which_nothing_may_be_known_do_not_vote(shipped: None) -> None:
    plain = describe(drawn(1))
    catalogue = catalogue_of({1: with_vector(plain, towards(1)), 2: with_vector(plain, towards(1, stray=0.3))})
    asked = with_vector(plain, towards(1))
    first, *_ = likely_categories([asked], catalogue, lambda ids: {1002: "tools"})
    assert first.code == "tools"
    assert "watches" not in [each.code for each in likely_categories([asked], catalogue, nobody_knows)]


def test_without_an_encoder_or_without_a_photo_nothing_is_proposed() -> None:
    assert likely_categories([describe(drawn(1))], NOTHING, nobody_knows) == []
    assert likely_categories([], NOTHING, nobody_knows) == []


def test_a_picture_of_nothing_is_of_no_category(shipped: None) -> None:
    assert likely_categories([describe(np.full((300, 400, 3), 127, np.uint8))], NOTHING, nobody_knows) == []


@pytest.mark.photographs
def test_an_empty_catalogue_knows_everyday_objects(shipped: None) -> None:
    wanted = {"saxophone": "musical_instruments", "revolver": "weapons", "soccer_ball": "sports"}
    with (PHOTOGRAPHS / "manifest.csv").open(encoding="utf-8") as file:
        shown = {row["note"]: row["file"] for row in reversed(list(csv.DictReader(file)))}
    for kind, category in wanted.items():
        photo = describe(np.asarray(Image.open(PHOTOGRAPHS / shown[kind]).convert("RGB")))
        assert category in [each.code for each in likely_categories([photo], NOTHING, nobody_knows)], kind


def test_every_class_is_of_categories_that_there_are() -> None:
    known = {code for code, *_ in CATEGORIES}
    assert set(categories_of_classes()) <= set(range(1000))
    assert {code for codes in categories_of_classes().values() for code in codes} <= known
    assert all(len(set(codes)) == len(codes) for codes in categories_of_classes().values())


@pytest.mark.parametrize(
    ("painted", "told"),
    [
        (["#c01818"], ("red",)),
        (["#1f3f9f"], ("blue",)),
        (["#101010"], ("black",)),
        (["#2f8f3f"], ("green",)),
        (["#6b4423"], ("brown",)),
        (["#e8c020"], ("yellow",)),
        (["#888888"], ("grey",)),
        (["#f090b0"], ("pink",)),
        (["#c01818", "#1f3f9f"], ("blue", "red")),
        (["#c01818", "#1f3f9f", "#2f8f3f", "#e8c020", "#f09010"], ("multicoloured",)),
    ],
    ids=lambda value: "-".join(value),
)
def test_the_main_colours_of_an_object_on_white(painted: list[str], told: tuple[str, ...]) -> None:
    assert tuple(sorted(main_colours(describe(on_white(*painted))))) == told
