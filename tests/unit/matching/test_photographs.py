"""Recall on real photographs: a small sample of each set must not fall under its floor."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from gallery import matching
from gallery.matching import Likelihood, describe, rank
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.matching.evaluation.evaluation import describe_all, likelihoods_of, recalls_of, search_all
from gallery.matching.tiers.shipped_model import NAME
from tests.unit.matching.drawn import catalogue_of

DISTRACTORS = 60
FOLDER = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [pytest.mark.photographs, pytest.mark.slow]


@dataclass(frozen=True)
class Measured:
    """recalls: of each set's sample; absent: likelihoods of in_the_wild's, each object being left out in its turn."""

    recalls: dict[str, dict[str, float]]
    absent: dict[str, float]


@pytest.fixture(scope="module")
def measured() -> Measured:
    """Every photograph is described once, as the service does it, with its encoder."""
    sample = read_galleries(
        FOLDER, sets=["handheld", "cover", "in_the_wild"], max_objects=8, max_distractors=DISTRACTORS
    )
    (wild,) = (gallery for gallery in sample if gallery.name == "in_the_wild")
    matching.configure(Path(NAME))
    try:
        described = describe_all(sample)
        return Measured(
            recalls={gallery.name: recalls_of(search_all(gallery, described)) for gallery in sample},
            absent=likelihoods_of(search_all(wild, described, absent=True)),
        )
    finally:
        matching.configure(None)


@pytest.mark.parametrize(
    ("name", "metric", "floor"),
    [
        ("handheld", "R@1", 0.96),
        ("handheld", "mAP", 0.94),
        ("cover", "R@1", 0.96),
        ("cover", "mAP", 0.96),
        ("in_the_wild", "R@1", 0.85),
        ("in_the_wild", "R@10", 0.95),
    ],
)
def test_recall_stays_above_its_floor(measured: Measured, name: str, metric: str, floor: float) -> None:
    assert measured.recalls[name][metric] >= floor


def test_an_absent_object_is_never_called_strong(measured: Measured) -> None:
    assert measured.absent["STRONG"] == 0


def test_a_real_photograph_is_found_again_among_alike_ones() -> None:
    photographs = read_galleries(FOLDER, sets=["in_the_wild"], max_distractors=0)[0].photographs
    pictures = {number: read_picture(one.path) for number, one in enumerate(photographs[:15])}
    catalogue = catalogue_of({number: describe(picture) for number, picture in pictures.items()})
    height, width = pictures[7].shape[:2]
    cropped = pictures[7][height // 10 : -height // 10, width // 10 : -width // 10]
    first = rank([describe(cropped)], catalogue)[0]
    assert (first.entry_id, first.likelihood) == (7, Likelihood.STRONG)
