"""What the measures say, on a drawn set: recall, precision, likelihoods, and which pictures are asked and shown."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gallery.matching import Candidate, Likelihood, Measurement, describe
from gallery.matching.evaluation import evaluation
from gallery.matching.evaluation.dataset import MANIFEST, Gallery, read_galleries, read_picture
from gallery.matching.evaluation.evaluation import QueryOutcome
from gallery.matching.tiers.vocabulary import vocabulary
from tests import pictures
from tests.unit.matching.drawn import relit

ROWS = """file,set,object_id,role,note
a1.png,rings,a,gallery,
a2.png,rings,a,query,
b1.png,rings,b,view,
b2.png,rings,b,view,
c1.png,rings,c,gallery,
z1.png,,,gallery,
z2.png,,,gallery,
z3.png,,,gallery,
z4.png,,,gallery,
y1.png,watches,y,gallery,
"""
SEEDS = {"a": 1, "b": 2, "c": 3, "z1": 4, "z2": 5, "z3": 6, "z4": 7, "y": 8}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Objects a and b twice, in another light the second time; c once; four distractors; a set without a query."""
    folder = tmp_path_factory.mktemp("labelled")
    (folder / MANIFEST).write_text(ROWS, encoding="utf-8")
    for name in (row.split(",")[0] for row in ROWS.splitlines()[1:]):
        seed = SEEDS.get(name[0]) or SEEDS[name[:2]]
        picture = np.asarray(pictures.picture(seed).resize((320, 240)))
        Image.fromarray(relit(picture, 0.7) if name in {"a2.png", "b2.png"} else picture).save(folder / name)
    return folder


def names(gallery: Gallery) -> list[str]:
    return [photograph.path.name for photograph in gallery.photographs]


def test_a_set_holds_its_own_pictures_and_the_distractors(folder: Path) -> None:
    (rings,) = read_galleries(folder)
    assert rings.name == "rings"
    assert [one.path.name for one in rings.shown()] == [
        "a1.png", "b1.png", "b2.png", "c1.png", "z1.png", "z2.png", "z3.png", "z4.png"
    ]  # fmt: skip
    assert [one.path.name for one in rings.asked()] == ["a2.png", "b1.png", "b2.png"]
    assert read_galleries(folder, sets={"watches"}) == []


def test_a_sample_is_spread_evenly(folder: Path) -> None:
    (rings,) = read_galleries(folder, max_objects=2, max_distractors=2)
    assert names(rings) == ["a1.png", "a2.png", "b1.png", "b2.png", "z1.png", "z3.png"]


def test_a_picture_is_read_upright_and_within_its_edge(folder: Path, tmp_path: Path) -> None:
    assert read_picture(folder / "a1.png").shape == (240, 320, 3)
    assert read_picture(folder / "a1.png", edge=64).shape == (48, 64, 3)
    lying = Image.Exif()
    lying[0x0112] = 6
    Image.new("RGB", (3200, 1600)).save(tmp_path / "lying.jpg", exif=lying)
    assert read_picture(tmp_path / "lying.jpg").shape == (1600, 800, 3)


def test_every_query_finds_the_other_picture_of_its_object(folder: Path) -> None:
    (rings,) = read_galleries(folder)
    paths = {one.path for one in rings.photographs}
    described = {
        path: (signature.compact(), signature.details_bytes())
        for path in paths
        for signature in [describe(read_picture(path))]
    }
    told: list[tuple[str, int, int]] = []
    outcomes = evaluation.search_all(rings, described, progress=lambda *step: told.append(step))
    assert [(each.ranks, each.relevant, each.is_right) for each in outcomes] == [((1,), 1, True)] * 3
    assert told == [("rings", 1, 3), ("rings", 2, 3), ("rings", 3, 3)]
    for each in outcomes:
        assert each.first is not None
        assert each.impostor is not None
        assert each.impostor.item_id != each.first.item_id
    absent = evaluation.search_all(rings, described, absent=True)
    assert [(each.ranks, each.relevant, each.is_right) for each in absent] == [((), 0, False)] * 3
    assert evaluation.likelihoods_of(outcomes) == {"STRONG": 1.0, "MEDIUM": 0.0}
    assert evaluation.likelihoods_of(absent)["STRONG"] == 0.0


def test_recall_and_precision_are_what_they_are_defined_as() -> None:
    outcomes = [
        QueryOutcome(ranks=(1, 4), relevant=2, first=None, is_right=True),
        QueryOutcome(ranks=(5,), relevant=2, first=None, is_right=False),
        QueryOutcome(ranks=(), relevant=0, first=None, is_right=False),
        QueryOutcome(ranks=(11,), relevant=1, first=None, is_right=False),
    ]
    assert [each.average_precision for each in outcomes] == pytest.approx([0.75, 0.1, 0, 1 / 11])
    shares = evaluation.recalls_of(outcomes)
    assert shares == pytest.approx({"R@1": 0.25, "R@5": 0.5, "R@10": 0.5, "R@20": 0.75, "mAP": (0.85 + 1 / 11) / 4})


def test_a_vocabulary_is_written_whole(tmp_path: Path) -> None:
    vocabulary().save(tmp_path / "words.npz")
    with np.load(tmp_path / "words.npz") as file:
        for name in ("centroids", "rotation", "weights"):
            assert np.array_equal(file[name], getattr(vocabulary(), name))
    assert vocabulary().weights.dtype == np.uint16


def test_likelihoods_are_of_all_queries_answered_or_not() -> None:
    def first(likelihood: Likelihood) -> Candidate:
        measured = Measurement(hash_bits=256, look=0.0, colour=0.0)
        return Candidate(1, 1, 0, likelihood, (), measured, 0.0)

    strong, medium = first(Likelihood.STRONG), first(Likelihood.MEDIUM)
    outcomes = [QueryOutcome((), 0, each, is_right=False) for each in (strong, medium, medium, None)]
    assert evaluation.likelihoods_of(outcomes) == {"STRONG": 0.25, "MEDIUM": 0.5}
