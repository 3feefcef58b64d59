"""What the code in a picture says, and which of our numbers that is: read from untrusted pixels, never followed."""

import re

import cv2
import numpy as np
import zxingcpp

from gallery.matching import Pixels

MAX_CHARACTERS = 300
# Of 40 codes in pictures of 400 pixels none is read as it is, and all when enlarged (bench codes, 2026-11-29).
_SMALL, _ENLARGED = 900, 2
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def read_code(picture: Pixels) -> str:
    """The text of a QR code in a picture, (h, w, 3) uint8 RGB; empty when none is found.

    At most MAX_CHARACTERS, which no address of ours has, and a sign in place of each that can't be seen.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    text = _decoded(grey)
    if not text and max(grey.shape) <= _SMALL:
        text = _decoded(cv2.resize(grey, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC))
    return "".join(each if each.isprintable() else "\ufffd" for each in text)[:MAX_CHARACTERS]


def number_in(text: str, site_address: str) -> str | None:
    """The number that an address of ours leads to, as it is written there; None for any other text.

    >>> number_in("HTTPS://OBJETS.EXAMPLE.FR/O/35-K7QM-4", "https://objets.example.fr")
    '35-K7QM-4'
    >>> number_in("https://objets.example.fr.evil.example/o/35-K7QM-4", "https://objets.example.fr")
    """
    match = re.match(r"(?:/en)?/(?:o|objets)/([^/?#]+)", _path(text, site_address) or "", re.IGNORECASE)
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


def _decoded(grey: np.ndarray) -> str:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    code = zxingcpp.read_barcode(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return code.text.strip() if code else ""
