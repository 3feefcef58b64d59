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
from gallery.matching.naming import categories as naming
from gallery.matching.naming.classes import categories_of_classes
from gallery.matching.naming.colours import name_of
from gallery.matching.tiers.colour import COLOUR_BINS, WHOLE_COLOUR_BINS, Lab, centres_of_object_bins
from gallery.matching.tiers.efficientnet import class_weights
from gallery.matching.tiers.encoder import Vector
from gallery.matching.tiers.image_classes import class_shares
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.items.categories import CATEGORIES
from tests.selection import PHOTOGRAPHS
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


class Standing:
    """A catalogue of a hundred items, each nearer than the one before it."""

    def __len__(self) -> int:
        return 100

    def cosines(self, _: Vector) -> tuple[np.ndarray, np.ndarray]:
        return np.arange(100), np.linspace(0, 0.99, 100, dtype=np.float32)


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


@pytest.mark.parametrize(
    ("lab", "name"),
    [
        ((34.9, 0, 7.9), "black"),
        ((35, 0, 7.9), "grey"),
        ((65, 7.9, 0), "grey"),
        ((65.1, 0, 0), "white"),
        ((50, 8, 0), "red"),
        ((34.9, 20, 20), "red"),
        ((50, 10, 14), "beige"),  # warm and pale
        ((34.9, 10, 14), "brown"),
        ((65.1, 10, 14), "beige"),
        ((34.9, 10, 40), "brown"),  # vivid, but dark
        ((35, 10, 40), "yellow"),
        ((64.9, 22, 30), "brown"),
        ((65, 22, 30), "orange"),
        ((64.9, 25, 35), "orange"),  # vivid
        ((65, 30, 20), "red"),
        ((65.1, 30, 20), "pink"),
        ((50, 30, -20), "pink"),
        ((50, 30, -21.5), "purple"),
        ((50, 20, 0), "red"),
        ((50, 20, -0.1), "pink"),
        ((60, 20, 22), "red"),
        ((70, 20, 22.4), "orange"),
        ((70, 7, 21.4), "orange"),
        ((70, 6.8, 21.4), "yellow"),
        ((50, -10, 19), "yellow"),
        ((50, -10, 18), "green"),
        ((50, -20, -13.9), "green"),
        ((50, -20, -14.1), "blue"),
        ((50, 15, -19.3), "blue"),
        ((50, 15, -19), "purple"),
        ((50, 20, -14.1), "purple"),
    ],
    ids=str,
)
def test_where_one_colour_ends_and_the_next_begins(lab: tuple[float, float, float], name: str) -> None:
    assert name_of(Lab(*lab)) == name


def painted(**shares: float) -> Signature:
    """A signature of which the object has these shares of colours."""
    histogram = np.zeros(COLOUR_BINS, np.uint8)
    names = [name_of(each) for each in centres_of_object_bins()]
    for name, share in shares.items():
        histogram[WHOLE_COLOUR_BINS + names.index(name)] = round(255 * share**0.5)
    return replace(describe(drawn(1)), colour=histogram)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"red": 1.0}, ("red",)),
        ({"red": 0.3, "blue": 0.7}, ("blue", "red")),
        ({"red": 0.24, "blue": 0.76}, ("blue",)),
        ({"blue": 0.5, "red": 0.5}, ("blue", "red")),
        ({"red": 0.3, "blue": 0.34, "black": 0.36}, ("black", "blue")),
        ({"red": 0.2, "blue": 0.2, "black": 0.2, "white": 0.2, "grey": 0.2}, ()),
        ({"red": 0.25, "blue": 0.25, "green": 0.25, "yellow": 0.25}, ("multicoloured",)),
        ({"red": 0.88, "blue": 0.04, "green": 0.04, "yellow": 0.04}, ("red",)),
        ({"red": 0.55, "blue": 0.16, "green": 0.15, "yellow": 0.14}, ("multicoloured",)),
        ({"red": 0.4, "blue": 0.3, "brown": 0.15, "beige": 0.15}, ("red", "blue")),
    ],
    ids=str,
)
def test_an_object_has_one_or_two_main_colours(shares: dict[str, float], told: tuple[str, ...]) -> None:
    assert main_colours(painted(**shares)) == told


def test_neighbours_vote_by_the_fourth_power_and_leave_a_doubt(shipped: None) -> None:
    """0.41 of the cosine is what unlike things have: 0.705 stands out by a half."""
    vectors = {1: [100, 0, 0], 2: [71, 71, 0], 3: [0, 100, 0], 4: [41, 0, 91]}
    plain = describe(drawn(1))
    catalogue = catalogue_of({
        n: with_vector(plain, np.array(each + [0] * 1277, np.int8)) for n, each in vectors.items()
    })  # fmt: skip
    asked = with_vector(plain, np.array([100] + [0] * 1279, np.int8))
    near = naming._nearest_items(asked, catalogue)
    assert list(near)[:2] == [1001, 1002]
    assert near[1001] == pytest.approx(1)
    assert near[1002] == pytest.approx((0.70711 - 0.41) / 0.59, abs=1e-4)
    assert 1003 not in near
    votes = naming._votes(asked, catalogue, lambda ids: {1001: "watches", 1002: "tools"})
    total = 0.3 + 1 + near[1002] ** 4
    assert votes == pytest.approx({"watches": 1 / total, "tools": near[1002] ** 4 / total})
    said = naming._confidences(asked, catalogue, lambda ids: {1001: "watches", 1002: "tools"})
    doubted = 1 - sum(votes.values())
    taken = naming._taken_for(asked)
    assert said["watches"] == pytest.approx(votes["watches"] + doubted * taken.get("watches", 0))
    assert sum(taken.values()) <= 1.0001


@pytest.mark.parametrize(
    ("confidences", "told"),
    [
        ([{"a": 0.4}], ["a"]),
        ([{"a": 0.39}], []),
        ([{"a": 0.5, "b": 0.1, "c": 0.09}], ["a", "b"]),
        ([{"a": 0.4, "b": 0.2, "c": 0.2, "d": 0.15}], ["a", "b", "c"]),
        ([{"c": 0.45, "a": 0.45}], ["a", "c"]),
        ([{"a": 0.9}, {"b": 0.9}], ["a", "b"]),
        ([{"a": 0.7}, {}], []),
        ([{}], []),
    ],
    ids=str,
)
def test_likely_categories_are_three_at_most_and_the_first_is_likely(
    confidences: list[dict[str, float]], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [describe(np.full((20, 20, 3), 9, np.uint8))] * len(confidences)
    left = iter(confidences)
    monkeypatch.setattr(naming, "_confidences", lambda *_: next(left))
    assert [each.code for each in likely_categories(photos, NOTHING, nobody_knows)] == told


def test_a_class_of_several_categories_counts_for_each_in_equal_shares(shipped: None) -> None:
    vector = towards(3)
    shares, taken = class_shares(vector), naming._taken_for(with_vector(describe(drawn(1)), vector))
    assert shares is not None
    assert shares.sum() == pytest.approx(1)
    expected: dict[str, float] = {}
    for number, codes in categories_of_classes().items():
        for code in codes:
            expected[code] = expected.get(code, 0) + shares[number] / len(codes)
    assert taken == pytest.approx(expected)
    weights, bias = class_weights()
    said = 15 * weights @ (vector / np.linalg.norm(vector.astype(float))) + bias
    assert shares == pytest.approx(np.exp(said) / np.exp(said).sum(), rel=1e-3)
    assert class_shares(None) is class_shares(np.zeros(1280, np.int8)) is None
    matching.configure(None)
    assert class_shares(vector) is None


def test_forty_items_are_asked_for_their_category_and_the_first_ten_that_have_one_vote() -> None:
    asked: list[int] = []

    def known(items: Collection[int]) -> Mapping[int, str]:
        asked.extend(items)
        return {item: f"code {item}" for item in items if item % 2}

    votes = naming._votes(with_vector(describe(drawn(1)), towards(1)), Standing(), known)  # type: ignore[arg-type]
    assert asked == list(range(99, 59, -1))
    assert list(votes) == [f"code {item}" for item in range(99, 80, -2)]


def test_a_photo_without_a_vector_and_a_catalogue_without_photos_have_no_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = describe(drawn(1))
    assert naming._nearest_items(replace(photo, vector=None), Standing()) == {}  # type: ignore[arg-type]
    monkeypatch.setattr(Standing, "__len__", lambda _: 0)
    assert naming._nearest_items(with_vector(photo, towards(1)), Standing()) == {}  # type: ignore[arg-type]


def test_animals_stand_for_what_is_made_in_their_image_and_names_for_their_category() -> None:
    categories = categories_of_classes()
    assert categories[0] == categories[397] == ("games_toys", "sculptures")
    assert categories[398] == ("games_toys",)
    assert categories[409] == ("watches", "clocks")
    assert categories[488] == ("jewellery",)
    assert 403 not in categories
