"""QR codes that survive a network's recompression."""

from functools import lru_cache

import numpy as np
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

# ISO/IEC 18004: this many light modules around the code.
QUIET_MODULES = 4
# OpenCV, which shrinks a large picture before it looks, finds version 2 less often than 3 in one of 960 pixels.
MIN_VERSION = 3
_MASK = 3


@lru_cache(maxsize=256)
def modules(text: str) -> np.ndarray:
    """The code of a text, (n, n) bool, True is dark, without the light margin.

    The smallest code that holds the text, at the strongest correction that it holds it with.
    """
    return _modules(text)


def drawn(text: str, *, module_pixels: int) -> Image.Image:
    """The code in black on white, with its light margin; RGB."""
    return _drawn(modules(text), module_pixels)


def drawn_secret(text: str, *, module_pixels: int) -> Image.Image:
    """The code of a text that this process must not remember."""
    return _drawn(_modules(text), module_pixels)


def _modules(text: str) -> np.ndarray:
    code = _code(text, ERROR_CORRECT_L, MIN_VERSION)
    for level in (ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H):
        stronger = _code(text, level, code.version)
        if stronger.version > code.version:
            break
        code = stronger
    code.make(fit=False)
    return np.array(code.modules, dtype=bool)


def _drawn(code: np.ndarray, module_pixels: int) -> Image.Image:
    bits = np.pad(code, QUIET_MODULES)
    pixels = np.where(bits, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels.repeat(module_pixels, 0).repeat(module_pixels, 1)).convert("RGB")


def _code(text: str, level: int, min_version: int) -> qrcode.QRCode:
    # Mask 3 came out best of five (90 codes on photographs at 960 pixels and quality 70: OpenCV read all; 2026-11-24).
    code: qrcode.QRCode = qrcode.QRCode(version=min_version, error_correction=level, border=0, mask_pattern=_MASK)
    code.add_data(text)
    code.best_fit(start=min_version)
    return code
