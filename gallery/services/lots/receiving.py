"""A dropped file becomes a waiting photo: decoded, its cards read, and hidden before any rendition is made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from gallery import imaging
from gallery.config import Settings
from gallery.errors import PhotoRefused
from gallery.matching import Pixels
from gallery.models import LotPhoto, Unit
from gallery.services.items import redaction
from gallery.services.items.numbering import card_numbers
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.items.renditions import PreparedPhoto, decode, limits_of, prepare_decoded
from gallery.services.lots.order import CARD_OF_NO_OBJECT, UNREAD_CARD
from gallery.services.resources import Resources
from gallery.services.transaction import end_reading
from gallery.sharing import cards
from gallery.storage import PhotoStore, original_key, sha256_of

# Of a photo: what a code that can't be read says of its card may be wrong, and is not to hide all of it.
MAX_CARD_SHARE = 0.5


@dataclass(frozen=True)
class ReceivedPhoto:
    """A photo whose files are kept.

    number: of the one card of the unit that it shows; empty without a card; CARD_OF_NO_OBJECT where it shows several,
    or only those of other units; UNREAD_CARD where the only code that may be a card's can't be read. name, folder: as
    the officer's computer calls the file and what it lay in, where the browser says so. captured_for: the number of the
    object for which it was taken, where the officer's telephone says so.
    """

    prepared: PreparedPhoto
    number: str
    name: str = ""
    captured_for: str = ""
    folder: str = ""


def receive(
    session: Session, given: Resources, data: bytes, unit: Unit, *, hidden_before: Sequence[imaging.Place] = ()
) -> ReceivedPhoto:
    """Keep a file with renditions that show no card of the unit; slow, outside of any transaction.

    Nor do they show what the unit hides in another photo of the same file. Raises PhotoRefused; then nothing was kept.
    A code that is no card's, as on an object, means nothing; a card of another unit names no object of this one.
    hidden_before: what else an officer had hidden of it.
    """
    picture = decode(data, given.settings)
    seen = _codes_in(data, picture, given.settings)
    numbers = {code: number for code in seen if (number := read_public_number(code.text))}
    ours = card_numbers.of_unit(session, set(numbers.values()), unit) if numbers else set()
    known = redaction.hidden_of_file(session, sha256_of(data), unit.id)
    end_reading(session)
    shown_cards = [code.card for code, number in numbers.items() if number in ours]
    hidden = redaction.together([*shown_cards, *hidden_before], known)
    prepared = prepare_decoded(data, picture, hidden=hidden, private=given.private)
    number = CARD_OF_NO_OBJECT if numbers else UNREAD_CARD if any(not code.text for code in seen) else ""
    return ReceivedPhoto(prepared, ours.pop() if len(ours) == 1 else number)


def unread_cards(photo: LotPhoto, *, settings: Settings, private: PhotoStore) -> list[imaging.Place]:
    """Where in a photo, upright, a card lies whose code can't be read; slow, outside of any transaction."""
    data = private.get(original_key(photo.original_sha256))
    seen = _codes_in(data, decode(data, settings), settings)
    return [code.card for code in seen if not code.text and 0 < _area(code.card) < MAX_CARD_SHARE]


def _area(place: imaging.Place) -> float:
    left, top, right, bottom = place
    return (right - left) * (bottom - top)


def _codes_in(data: bytes, picture: imaging.Picture, settings: Settings) -> list[cards.SeenCode]:
    grey = _read_closely(data, picture, settings)
    return cards.codes_in(grey, is_card=lambda text: read_public_number(text) is not None)


def _read_closely(data: bytes, picture: imaging.Picture, settings: Settings) -> Pixels:
    """The photo as grey as it comes, (h, w): a code of a hundredth of its width is lost in the smaller picture."""
    try:
        return imaging.as_array(imaging.decode_grey(data, limits_of(settings)))
    except PhotoRefused:
        return np.asarray(picture.image.convert("L"))
