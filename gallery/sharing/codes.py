"""What the code in a picture says, and which of our numbers that is: read from untrusted pixels, never followed."""

import cv2
import numpy as np

from gallery.matching import Pixels

MOST_CHARACTERS = 300
# The band is at the bottom, and OpenCV, which shrinks a large picture before it looks, finds its code better alone.
_LOWER = 0.6
_SMALL, _ENLARGED = 900, 2


def read_code(picture: Pixels) -> str:
    """The text of a QR code in a picture, (h, w, 3) uint8 RGB; empty when none is found or it says nothing readable."""
    height = picture.shape[0]
    for part in (picture, picture[round(_LOWER * height) :]):
        text = _decoded(part)
        if text:
            return text
    if max(picture.shape[:2]) <= _SMALL:
        return _decoded(cv2.resize(picture, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC))
    return ""


def number_in(text: str, site_address: str) -> str | None:
    """The number that an address of ours leads to, as it is written there; None for any other text.

    >>> number_in("HTTPS://OBJETS.EXAMPLE.FR/O/35-K7QM-4", "https://objets.example.fr")
    '35-K7QM-4'
    >>> number_in("https://objets.example.fr.evil.example/o/35-K7QM-4", "https://objets.example.fr")
    """
    for path in ("/o/", "/objets/"):
        start = f"{site_address}{path}"
        if text.lower().startswith(start.lower()):
            return text[len(start) :]
    return None


def _decoded(picture: np.ndarray) -> str:
    try:
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture[..., ::-1]))
    except (cv2.error, UnicodeDecodeError):
        # Its decoder gives up on some of what only looks like a code.
        return ""
    return text.strip() if text.isprintable() and len(text) <= MOST_CHARACTERS else ""
