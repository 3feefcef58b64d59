"""How certain a first candidate is, fitted and tried on sets that were not used: python -m bench calibrate [FOLDERS].

Every query gives two pairs: its first candidate, right or not, and the first that is another object, as if its own were
absent. A logistic regression over what was measured is fitted on all sets but one and tried on that one, for each of
them; the constants printed last are fitted on all, and belong in gallery/matching/ranking/weighing.py.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gallery import matching
from gallery.matching.evaluation.dataset import read_galleries
from gallery.matching.evaluation.evaluation import describe_all, search_all
from gallery.matching.evidence import Likelihood, Measurement
from gallery.matching.ranking.weighing import likelihood_of, telling
from gallery.matching.tiers.shipped_model import NAME

Floats = npt.NDArray[np.float64]

_PULL = 1e-3
_ROUNDS = 30


@dataclass(frozen=True)
class Pair:
    """A query photo and a candidate. name: the set; absent: as if its object were."""

    name: str
    measured: Measurement
    is_right: bool
    absent: bool


def main(arguments: list[str]) -> None:
    """Print what sets that were left out say of certainty, and the constants."""
    parser = argparse.ArgumentParser(prog="bench calibrate", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("../shared/data"), Path("../shared/wild")])
    parser.add_argument("--objects", type=int, help="at most this many of each set")
    parser.add_argument("--encoder", default=NAME, help="as in the settings; empty: none")
    options = parser.parse_args(arguments)
    matching.choose_encoder(options.encoder, Path())
    print_calibration([pair for folder in options.folders for pair in pairs_of(folder, options.objects)])


def pairs_of(folder: Path, max_objects: int | None) -> list[Pair]:
    """Search every query of every set once."""
    galleries = read_galleries(folder, max_objects=max_objects)
    described = describe_all(galleries)
    pairs = []
    for gallery in galleries:
        for outcome in search_all(gallery, described):
            for candidate, is_right, absent in (
                (outcome.first, outcome.is_right, False),
                (outcome.impostor, False, True),
            ):
                if candidate:
                    pairs.append(Pair(gallery.name, candidate.measurement, is_right, absent))
    return pairs


def print_calibration(pairs: Sequence[Pair]) -> None:
    """Print reliability by certainty, of sets left out, then likelihoods as they are set, then the constants."""
    measured = np.array([telling(pair.measured) for pair in pairs])
    right = np.array([pair.is_right for pair in pairs])
    names = np.array([pair.name for pair in pairs])
    # Each set counts alike, whatever its number of queries.
    sizes = {name: int((names == name).sum()) for name in dict.fromkeys(names.tolist())}
    shares = np.array([len(pairs) / len(sizes) / sizes[pair.name] for pair in pairs])
    certainty = np.zeros(len(pairs))
    for name in sizes:
        held_out = names == name
        constants = fitted(measured[~held_out], right[~held_out], shares[~held_out])
        certainty[held_out] = 1 / (1 + np.exp(-(measured[held_out] @ constants[1:] + constants[0])))
    _print_reliability(certainty, right)
    _print_likelihoods(pairs)
    print("constants:", np.round(fitted(measured, right, shares), 3).tolist())


def _print_reliability(certainty: Floats, right: npt.NDArray[np.bool_]) -> None:
    print("certainty, of sets that were left out       pairs   right")
    edges = (0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 1.0001)
    for low, high in zip(edges, edges[1:], strict=False):
        within = (certainty >= low) & (certainty < high)
        if within.any():
            mean = certainty[within].mean()
            print(f"{low:.2f} to {min(high, 1):.2f} (mean {mean:.3f}) {within.sum():24} {right[within].mean():7.3f}")


def _print_likelihoods(pairs: Sequence[Pair]) -> None:
    print(f"\n{'set':<14}{'likelihood':<12}{'first':>7}{'right':>8}{'absent':>8}")
    for name in dict.fromkeys(pair.name for pair in pairs):
        for likelihood in Likelihood:
            chosen = [one for one in pairs if one.name == name and likelihood_of(one.measured) is likelihood]
            firsts = [one.is_right for one in chosen if not one.absent]
            share = f"{np.mean(firsts):8.3f}" if firsts else f"{'':8}"
            print(f"{name:<14}{likelihood.name:<12}{len(firsts):7}{share}{sum(one.absent for one in chosen):8}")


def fitted(measured: Floats, right: npt.NDArray[np.bool_], shares: Floats) -> Floats:
    """Constants of a logistic regression, the intercept first, by Newton's method with a little pull to zero."""
    design = np.column_stack([np.ones(len(measured)), measured])
    pull = _PULL * shares.sum() * np.diag([0.0, *np.ones(measured.shape[1])])
    constants = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        expected = 1 / (1 + np.exp(-design @ constants))
        slope = design.T @ (shares * (expected - right)) + pull @ constants
        curve = (design * (shares * expected * (1 - expected))[:, None]).T @ design + pull
        constants = constants - np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
    return constants
