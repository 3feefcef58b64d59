"""What the code in a picture says, and which of our numbers that is: read from untrusted pixels, never followed."""

import re

import cv2
import numpy as np

from gallery.matching import Pixels

MOST_CHARACTERS = 300
# The band is at the bottom, and OpenCV, which shrinks a large picture before it looks, finds its code better alone.
_LOWER = 0.6
_SMALL, _ENLARGED = 900, 2
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def read_code(picture: Pixels) -> str:
    """The text of a QR code in a picture, (h, w, 3) uint8 RGB; empty when none is found.

    At most MOST_CHARACTERS, which no address of ours has, and a sign in place of each that can't be seen.
    """
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
    match = re.match(r"/(?:o|objets)/([^/?#]+)", _path(text, site_address) or "", re.IGNORECASE)
    return match[1] if match else None


def leads_to(text: str, site_address: str) -> bool:
    """Whether the text is an address of the site, with its scheme or as it is printed.

    >>> leads_to("https://objets.example.fr/albums/abcdefghjk", "https://objets.example.fr")
    True
    """
    return _path(text, site_address) is not None


def _path(text: str, site_address: str) -> str | None:
    """What follows the site's address in the text, with its slash or empty; None for another site's."""
    address, site = (_SCHEME.sub("", each) for each in (text, site_address))
    if not address.lower().startswith(site.lower()):
        return None
    rest = address[len(site) :]
    return rest if rest[:1] in ("", "/") else None


def _decoded(picture: np.ndarray) -> str:
    try:
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture[..., ::-1]))
    except (cv2.error, UnicodeDecodeError):
        # Its decoder gives up on some of what only looks like a code.
        return ""
    return "".join(each if each.isprintable() else "\ufffd" for each in text.strip())[:MOST_CHARACTERS]
