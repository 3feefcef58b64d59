"""What the matcher answers: a candidate, how alike it is, and the reasons.

Values only; the words that a victim or an officer reads are chosen by the web layer.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from gallery.matching.tiers.foreground import Box


class Likelihood(Enum):
    """How sure it is that the candidate is the queried object, most likely first."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Evidence(Enum):
    """A named reason for a resemblance, the most telling first; the numbers behind it are in Measurement."""

    SAME_PHOTO = "same_photo"
    MANY_DETAILS = "many_details"
    SOME_DETAILS = "some_details"
    SAME_APPEARANCE = "same_appearance"
    SAME_MODEL = "same_model"
    SAME_LOOK = "same_look"
    SAME_COLOURS = "same_colours"


@dataclass(frozen=True)
class Measurement:
    """Everything measured between one query photo and one catalogue photo.

    hash_bits: 0 (same picture) to 256. look, colour, object_colour: similarities of 0 to 1, of features, of the
    pictures' colours and of the objects' colours. verified: details that agree on one placement of the object, None
    when the details were not compared; inside: how many of them lie on the object in both pictures; agreement: the
    share of the verified, 0 to 1, of the query's details in the area that they span; centring: how deep the middle of
    the query's photo lies in that area, in long sides, negative outside. mirrored: the details were compared with the
    query's mirror image. encoder: how far the photo stands out from the usual one, 0 (no nearer) to 1 (the same), None
    without an encoder; alike: how many items stand out nearly as far as the first does. surface: the share of
    the object that is drawn alike, 0 to 1, None where that was not compared.
    """

    hash_bits: int
    look: float
    colour: float
    object_colour: float = 0.0
    verified: int | None = None
    inside: int = 0
    agreement: float = 0.0
    centring: float = -1.0
    mirrored: bool = False
    encoder: float | None = None
    alike: int = 0
    surface: float | None = None


class PointPair(NamedTuple):
    """One detail in two pictures: its place in each, in shares of the width and of the height, 0 to 1."""

    query_x: float
    query_y: float
    candidate_x: float
    candidate_y: float


@dataclass(frozen=True)
class Candidate:
    """One item that resembles the query. entry_id: its nearest photo, as the catalogue numbers it.

    query_index: the query photo that it is near to.
    points: where each of the verified details lies in these two photos. object_boxes: what was taken for the object in
    each, None where their details were not compared.
    score orders the candidates of one answer, higher is nearer; it means nothing across answers or versions.
    """

    item_id: int
    entry_id: int
    query_index: int
    likelihood: Likelihood
    evidence: tuple[Evidence, ...]
    measurement: Measurement
    score: float
    points: tuple[PointPair, ...] = ()
    object_boxes: tuple[Box, Box] | None = None
