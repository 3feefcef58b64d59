"""What a confined process says of a photo. Whoever reads it believes nothing that could do harm."""

import json
from dataclasses import dataclass

from gallery.errors import (
    PdfLocked,
    PhotoIsRaw,
    PhotoRefused,
    PhotoTooDemanding,
    PhotoTooLarge,
    PhotoTooNarrow,
    PhotoTooSmall,
    PhotoUnreadable,
)
from gallery.errors.photos import PdfPageAbsent, PhotoNeedsMemory
from gallery.imaging.capture import Capture
from gallery.imaging.picture import WORKING_SIDE, Picture

MAX_ANSWER_BYTES = 1024
MAX_PIXEL_BYTES = 3 * WORKING_SIDE * WORKING_SIDE
_REFUSALS = {
    kind.__name__: kind
    for kind in (
        PhotoUnreadable,
        PhotoTooLarge,
        PhotoTooSmall,
        PhotoTooNarrow,
        PhotoTooDemanding,
        PhotoNeedsMemory,
        PhotoIsRaw,
        PdfLocked,
        PdfPageAbsent,
    )
}


@dataclass(frozen=True)
class Decoded:
    """What was decoded, without its pixels. size: theirs; the rest as in Picture."""

    size: tuple[int, int]
    media_type: str
    width: int
    height: int
    is_damaged: bool
    capture: Capture


def of_picture(picture: Picture) -> bytes:
    """Say what was decoded; its pixels go another way."""
    capture = (picture.capture.taken, picture.capture.camera)
    numbers = [*picture.image.size, picture.width, picture.height]
    return json.dumps([*numbers, picture.media_type, picture.is_damaged, *capture]).encode()


def of_refusal(refusal: PhotoRefused) -> bytes:
    """Say why a photo was refused, with the limit that it passes."""
    limits = {name: value for name, value in vars(refusal).items() if isinstance(value, int)}
    return json.dumps({"refused": type(refusal).__name__, "limits": limits}).encode()


def read(answer: bytes, media_types: frozenset[str], *, is_grey: bool = False) -> Decoded:
    """What was said of a picture, a grey one if it was asked for.

    Raises the refusal that it is, and PhotoUnreadable for what no honest process says.
    """
    try:
        said = json.loads(answer)
        if isinstance(said, dict):
            raise _REFUSALS[said["refused"]](**said["limits"])
        across, down, width, height, media_type, is_damaged, *capture = said
        numbers, taking = (across, down, width, height), Capture(*capture)
        is_sound = all(type(number) is int and number > 0 for number in numbers) and media_type in media_types
        is_sound = is_sound and type(is_damaged) is bool and taking.is_sound
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise PhotoUnreadable from error
    fits = across * down <= MAX_PIXEL_BYTES if is_grey else max(across, down) <= WORKING_SIDE
    if not is_sound or not fits:
        raise PhotoUnreadable
    return Decoded((across, down), media_type, width, height, is_damaged, taking)
