"""How measurements become a score, named evidence and a likelihood: every weight and threshold of the matcher.

Pure arithmetic. The numbers were measured, see docs/matching.md; a change to any is measured again with
`python -m bench recall`.
"""

import math

import numpy as np
import numpy.typing as npt

from gallery.matching.evidence import Evidence, Likelihood, Measurement

_SAME_PHOTO_BITS, _SAME_PHOTO_DETAILS = 24, 20
_IDENTICAL_BITS = 8

_MANY_DETAILS, _AGREEMENT, _CENTRING = 30, 0.2, 0.0
_SOME_DETAILS = 12
_SAME_SCENE_DETAILS, _SAME_SCENE_AGREEMENT, _SAME_SCENE_CENTRING = 80, 0.5, 0.1
_SAME_LOOK, _SAME_COLOURS = 0.005, 0.7
_SAME_APPEARANCE, _STANDS_OUT, _FEW_ALIKE = 0.5, 0.65, 6
_SOME_COLOUR = 0.3
_ALIKE_ALL_OVER = 0.5

_CERTAINTY = (-3.809, 0.753, 0.351, 4.865, -1.845, 0.032)
_STRONG_CERTAINTY, _MEDIUM_CERTAINTY = 0.95, 0.75

_LOOK_WEIGHT, _OBJECT_COLOUR_WEIGHT, _COLOUR_WEIGHT = 80.0, 1.1, 0.3
_COLOUR_FLOOR = 1.05
_CHANCE_DETAILS, _DETAIL_GAIN = 3, 3.0
_SAME_PHOTO_BONUS = 1000.0
_NEIGHBOUR_DETAILS, _MIRRORED_DETAILS = 12, 12
_ENCODER_WEIGHT = 20.0
_ALIKE_SHARE, _ALIKE_PHOTOS = 0.6, 8
NEIGHBOUR_WEIGHT = 0.3
"""What resembling the query's nearest neighbour counts, against resembling the query."""


def resemblance(
    look: npt.NDArray[np.float32], colour: npt.NDArray[np.float32], object_colour: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Unverified score of photos, (n,), from similarities of 0 to 1."""
    return (
        _LOOK_WEIGHT * np.sqrt(look.astype(np.float64))
        - _OBJECT_COLOUR_WEIGHT * np.log(_COLOUR_FLOOR - object_colour.astype(np.float64))
        - _COLOUR_WEIGHT * np.log(_COLOUR_FLOOR - colour.astype(np.float64))
    )


def by_encoder(standing: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What standing out to the encoder, (n,) of 0 to 1, adds to the unverified score of photos: the more do, the less.

    Where many photos stand out nearly as far as the first, all are of one kind, which says nothing of this very object.
    """
    alike = int(stand_out_alike(standing).sum())
    return np.asarray(_ENCODER_WEIGHT / (1 + alike / _ALIKE_PHOTOS) * standing)


def stand_out_alike(standing: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which of n photos stand out nearly as far as the first does, that one among them; none where none stands out."""
    most = float(standing.max(initial=0))
    return np.asarray((standing > 0) & (standing >= _ALIKE_SHARE * most))


def is_recognised(standing: npt.NDArray[np.float64], alike: int) -> bool:
    """Whether the encoder knows the object: some photo stands out, (n,), and few do nearly as far, alike in all."""
    return float(standing.max(initial=0)) >= _SAME_APPEARANCE and alike <= _FEW_ALIKE


def gain(measured: Measurement, *, is_recognised: bool = False) -> float:
    """What verification adds to the unverified score of a photo.

    is_recognised: the encoder knows the object among these photos, so that details of the surroundings tell nothing.
    """
    bonus = _SAME_PHOTO_BONUS - measured.hash_bits / 256 if is_same_photo(measured) else 0.0
    details = measured.inside if is_recognised else (measured.verified or 0)
    return bonus + _DETAIL_GAIN * math.log1p(max(0, details - _CHANCE_DETAILS))


def is_good_neighbour(measured: Measurement) -> bool:
    """Whether what resembles that photo is worth a look: it shows the object, and is not the query's own picture."""
    return (measured.verified or 0) >= _NEIGHBOUR_DETAILS and not measured.mirrored and not is_same_photo(measured)


def shows_the_same_thing(details: int) -> bool:
    """Whether this many verified details between two photos of one visitor mean that they show one object."""
    return details >= _SOME_DETAILS


def is_mirror_image(details: int) -> bool:
    """Whether this many verified details mean that the photo shows the query's mirror image."""
    return details >= _MIRRORED_DETAILS


def is_same_photo(measured: Measurement) -> bool:
    """Whether the two photos are one picture, and not only pictures of alike things framed alike."""
    if measured.hash_bits <= _IDENTICAL_BITS:
        return True
    return measured.hash_bits <= _SAME_PHOTO_BITS and (measured.verified or 0) >= _SAME_PHOTO_DETAILS


def is_of_the_object(measured: Measurement) -> bool:
    """Whether some details of the object agree, much of what lies between them too, in the middle of the query's photo.

    People put what they look for in the middle. Details that agree beside it belong to a neighbour; a shared
    background agrees around an object that does not. Certainty, which is of what was photographed, can't tell.
    """
    return measured.inside >= _SOME_DETAILS and measured.agreement >= _AGREEMENT and measured.centring >= _CENTRING


def stands_out(measured: Measurement) -> bool:
    """Whether the photo is far nearer to the encoder than most, few others are, and the objects share some colour.

    More than a look shared by many, or by two pieces in another colour.
    """
    return (
        (measured.encoder or 0) >= _STANDS_OUT
        and measured.alike <= _FEW_ALIKE
        and measured.object_colour >= _SOME_COLOUR
    )


def is_alike_all_over(measured: Measurement) -> bool:
    """Whether no part of the object, as far as it was compared, says that it is another variant."""
    return measured.surface is None or measured.surface >= _ALIKE_ALL_OVER


def is_of_the_same_scene(measured: Measurement) -> bool:
    """Whether very many details agree and hardly any in their midst does not: the object in them agrees too.

    So too in the same picture turned or cropped, wherever its object was guessed to be.
    """
    return (
        (measured.verified or 0) >= _SAME_SCENE_DETAILS
        and measured.agreement >= _SAME_SCENE_AGREEMENT
        and measured.centring >= _SAME_SCENE_CENTRING
    )


def has_many_details(measured: Measurement) -> bool:
    """Whether many details of the object agree."""
    is_of_it = is_of_the_object(measured) or is_of_the_same_scene(measured)
    return (measured.verified or 0) >= _MANY_DETAILS and is_of_it


def telling(measured: Measurement) -> tuple[float, ...]:
    """The numbers that tell whether both photos show one object."""
    return (
        math.log1p(max(0, (measured.verified or 0) - _CHANCE_DETAILS)),
        math.log1p(max(0, measured.inside - _CHANCE_DETAILS)),
        measured.object_colour,
        measured.colour,
        10 * math.sqrt(measured.look),
    )


def certainty(measured: Measurement) -> float:
    """How often a first candidate with such measurements was right, 0 to 1, half of the objects being absent."""
    evidence = sum(weight * number for weight, number in zip(_CERTAINTY[1:], telling(measured), strict=True))
    return 1 / (1 + math.exp(-_CERTAINTY[0] - evidence))


def evidence_of(measured: Measurement) -> tuple[Evidence, ...]:
    """The reasons that the measurements give, the most telling first; none is a possible answer."""
    verified, looks_alike = measured.verified or 0, (measured.encoder or 0) >= _SAME_APPEARANCE
    reasons = {
        Evidence.SAME_PHOTO: is_same_photo(measured),
        Evidence.MANY_DETAILS: has_many_details(measured),
        Evidence.SOME_DETAILS: verified >= _SOME_DETAILS and not has_many_details(measured),
        Evidence.SAME_APPEARANCE: looks_alike and measured.alike <= _FEW_ALIKE,
        Evidence.SAME_MODEL: looks_alike and measured.alike > _FEW_ALIKE,
        Evidence.SAME_LOOK: measured.look >= _SAME_LOOK,
        Evidence.SAME_COLOURS: measured.object_colour >= _SAME_COLOURS,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def likelihood_of(measured: Measurement) -> Likelihood:
    """How sure the measurements make it that both photos show one object; WEAK where no reason can be named."""
    if is_same_photo(measured) or is_of_the_same_scene(measured):
        return Likelihood.STRONG
    certain = certainty(measured)
    if certain >= _STRONG_CERTAINTY and is_of_the_object(measured):
        return Likelihood.STRONG
    is_likely = certain >= _MEDIUM_CERTAINTY and is_alike_all_over(measured) and bool(evidence_of(measured))
    return Likelihood.MEDIUM if is_likely or stands_out(measured) else Likelihood.WEAK


def needs_its_surface_compared(measured: Measurement) -> bool:
    """Whether alike details alone make it likely: another variant, which shares a part of the object, has them too."""
    is_by_details = (measured.verified or 0) >= _SOME_DETAILS and not stands_out(measured)
    return is_by_details and likelihood_of(measured) is Likelihood.MEDIUM
