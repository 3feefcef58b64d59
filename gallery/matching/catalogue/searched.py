"""What ranking asks of a catalogue, wherever it keeps its photos."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from gallery.matching.catalogue.segment import Question, Similarities
from gallery.matching.signature import Details
from gallery.matching.tiers.colour import Histogram
from gallery.matching.tiers.encoder import Vector


class Searched(Protocol):
    """Photos that can be compared with questions: all of them, or the shortlist that the catalogue made itself."""

    def __len__(self) -> int:
        """How many photos there are; 0 only when there is nothing to be found."""

    def answer(self, questions: Sequence[Question]) -> list[Similarities]:
        """Compare every question with the photos; all answers list the same photos."""

    def colours(self, entry_id: int) -> Histogram | None:
        """The colours of a photo; None when it is not there."""

    def details(self, entry_ids: Sequence[int]) -> dict[int, Details]:
        """The details of photos; those that are gone or unreadable are left out."""

    def cosines(self, vector: Vector) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The items of photos, (n,), and the cosines of their vectors with this one, (n,), NaN without an encoder.

        Of all photos, or of those that the encoder finds nearest.
        """
