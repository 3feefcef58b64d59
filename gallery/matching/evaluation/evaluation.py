"""How often the matcher is right on a folder of labelled photographs: recall, mean average precision, likelihoods.

One catalogue a set: its gallery and view pictures and all distractors, one item a picture. A view's own picture is left
out of its ranking.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from gallery.matching.catalogue.catalogue import Catalogue, CatalogueEntry
from gallery.matching.evaluation.dataset import Gallery, Photograph, read_galleries, read_picture
from gallery.matching.evidence import Candidate, Likelihood
from gallery.matching.ranking.ranking import rank
from gallery.matching.signature import Signature, describe
from gallery.matching.tiers.encoder import configure, path_in_use

Progress = Callable[[str, int, int], None]
"""Told what is being done ("describe", or the name of a set), how many are done, and of how many."""

Described = Mapping[Path, tuple[bytes, bytes]]
"""Compact and detail bytes by picture."""

PROCESSES = 2
DEPTHS = 1, 5, 10, 20


@dataclass(frozen=True)
class QueryOutcome:
    """One query's answer. ranks: places of the relevant items, 1 is the first; relevant: how many there are in all.

    first: the first candidate, None when nothing was ranked; is_right: whether it is the queried object; impostor: the
    first candidate that is not, which would come first if the object were absent.
    """

    ranks: tuple[int, ...]
    relevant: int
    first: Candidate | None
    is_right: bool
    impostor: Candidate | None = None

    @property
    def average_precision(self) -> float:
        """Mean precision at the places of the relevant items; one that is not ranked counts as zero."""
        found = sum(number / place for number, place in enumerate(self.ranks, start=1))
        return found / self.relevant if self.relevant else 0.0


def evaluate(
    folder: Path,
    *,
    edge: int | None = None,
    absent: bool = False,
    progress: Progress | None = None,
) -> dict[str, dict[str, float]]:
    """Measure every set of a folder: set -> metric -> value of 0 to 1.

    The metrics are R@1, R@5, R@10, R@20 and mAP; with absent, where all other pictures of a query's object are taken
    out of the catalogue, STRONG and MEDIUM: the shares of queries whose first candidate is called so. edge: every
    picture is first reduced to this many pixels. Raise FileNotFoundError when the folder has no manifest.
    """
    galleries = read_galleries(folder)
    described = describe_all(galleries, edge=edge, progress=progress)
    results = {}
    for gallery in galleries:
        outcomes = search_all(gallery, described, absent=absent, progress=progress)
        results[gallery.name] = likelihoods_of(outcomes) if absent else recalls_of(outcomes)
    return results


def describe_all(
    galleries: Sequence[Gallery], *, edge: int | None = None, progress: Progress | None = None
) -> dict[Path, tuple[bytes, bytes]]:
    """Describe every picture of the galleries once, in two processes."""
    paths = list(dict.fromkeys(one.path for gallery in galleries for one in gallery.photographs))
    described = {}
    # spawn: a forked child would inherit the locks of threads that it does not have.
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=configure, initargs=(path_in_use(),)
    ) as pool:
        signatures = pool.map(partial(_described, edge=edge), paths, chunksize=16)
        for path, signature in zip(paths, signatures, strict=True):
            described[path] = signature
            _tell(progress, "describe", len(described), len(paths))
    return described


def _described(path: Path, *, edge: int | None) -> tuple[bytes, bytes]:
    signature = describe(read_picture(path, edge=edge))
    return signature.compact(), signature.details_bytes()


def search_all(
    gallery: Gallery, described: Described, *, absent: bool = False, progress: Progress | None = None
) -> list[QueryOutcome]:
    """Ask every query of a gallery, in two threads, in the order of the manifest."""
    shown = gallery.shown()
    details = {number: described[photograph.path][1] for number, photograph in enumerate(shown)}
    catalogue = Catalogue(lambda ids: {number: details[number] for number in ids})
    catalogue.add(CatalogueEntry(number, number, described[each.path][0]) for number, each in enumerate(shown))
    asked = gallery.asked()
    outcomes: list[QueryOutcome] = []
    with ThreadPoolExecutor(PROCESSES) as pool:
        for outcome in pool.map(partial(_ask, shown, catalogue, described, absent=absent), asked):
            outcomes.append(outcome)
            _tell(progress, gallery.name, len(outcomes), len(asked))
    return outcomes


def _ask(
    shown: Sequence[Photograph], catalogue: Catalogue, described: Described, query: Photograph, *, absent: bool
) -> QueryOutcome:
    relevant = {number for number, one in enumerate(shown) if one.object_id == query.object_id and one != query}
    own = {number for number, one in enumerate(shown) if one == query}
    hidden = own | relevant if absent else own
    signature = Signature.from_bytes(*described[query.path])
    candidates = rank([signature], catalogue, narrowed_to=set(range(len(shown))) - hidden, limit=len(shown))
    # Narrowing does not hide the very same photo: the query's own picture is still to be left out.
    ranked = [candidate for candidate in candidates if candidate.item_id not in hidden]
    ranks = tuple(place for place, candidate in enumerate(ranked, start=1) if candidate.item_id in relevant)
    return QueryOutcome(
        ranks=ranks,
        relevant=0 if absent else len(relevant),
        first=ranked[0] if ranked else None,
        is_right=bool(ranks) and ranks[0] == 1,
        impostor=next((candidate for candidate in ranked if candidate.item_id not in relevant), None),
    )


def recalls_of(outcomes: Sequence[QueryOutcome]) -> dict[str, float]:
    """Share of queries with a relevant item among the first 1, 5, 10 and 20, and mean average precision."""
    recalls = {
        f"R@{depth}": _share([bool(outcome.ranks) and outcome.ranks[0] <= depth for outcome in outcomes])
        for depth in DEPTHS
    }
    return recalls | {"mAP": sum(outcome.average_precision for outcome in outcomes) / len(outcomes)}


def likelihoods_of(outcomes: Sequence[QueryOutcome]) -> dict[str, float]:
    """Shares of queries whose first candidate is called STRONG and MEDIUM."""
    firsts = [outcome.first.likelihood for outcome in outcomes if outcome.first]
    return {
        likelihood.name: firsts.count(likelihood) / len(outcomes)
        for likelihood in (Likelihood.STRONG, Likelihood.MEDIUM)
    }


def _share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths)


def _tell(progress: Progress | None, step: str, done: int, total: int) -> None:
    if progress is not None:
        progress(step, done, total)
