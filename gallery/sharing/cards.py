"""Cards to cut and lay beside objects: a number, large, and its code. Sheets of them, and cards found in photos."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import qrcode
import zxingcpp
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_H

from gallery.matching import Box, Pixels
from gallery.sharing.lettering import font, largest_font

# A4 in portrait at 300 dots an inch.
DOTS_PER_INCH = 300
SHEET = (2480, 3508)
COLUMNS, ROWS = 2, 5
CARDS_PER_SHEET = COLUMNS * ROWS
CARD = (1100, 640)
# Pixels of a module; a number of ours is 21 modules wide at the strongest correction, and has 4 light ones around.
MODULE, MODULES, QUIET = 20, 21, 4
MAX_CODES = 20
# Pixels of a soft picture, and how much of what it lacks is added; measured: bench/card_codes.py.
SOFTNESS, FINE_SOFTNESS, SHARPENING = 1.5, 1.0, 1.5
# Of a code that is there and was not read: what is looked at around its card, how much larger, and how much sharper.
AROUND, CLOSER, CLOSE_SHARPENING = 0.02, 6, 2.5
MAX_CLOSE_PIXELS = 4_000_000
# The search compares all that may be a corner of a code with all others: a picture full of them costs minutes. Seconds
# of the processor that all looks may take before another one, and that bands may, which cost the like of them less.
MAX_SECONDS, MAX_BAND_SECONDS, BANDS = 3.0, 0.3, 16
MIN_BANDED_PIXELS = 1_000_000
# What is hidden beyond the card's edge, in modules: cards are cut by hand.
MARGIN = 1.5
HINT = "À poser à côté de l’objet, dans sa première photo"


@dataclass(frozen=True)
class SeenCode:
    """A code in a photo. card: the box around the card that such a code is printed on.

    text: what it says; empty for one that is there and can't be read.
    """

    text: str
    card: Box


def sheets(numbers: Sequence[str]) -> bytes:
    """A PDF of A4 sheets with a card for each number, in order; the same numbers make the same bytes.

    Raises ValueError without numbers.
    """
    if not numbers:
        raise ValueError("a sheet needs a number")
    pages = [_sheet(numbers[start : start + CARDS_PER_SHEET]) for start in range(0, len(numbers), CARDS_PER_SHEET)]
    file = BytesIO()
    pages[0].save(file, "PDF", resolution=DOTS_PER_INCH, save_all=True, append_images=pages[1:], creationDate=None,
                  modDate=None)  # fmt: skip
    return file.getvalue()


def drawn(number: str) -> Image.Image:
    """One card: the code at the left, the number at its right, a line to cut along; black on white, one bit a pixel."""
    card = Image.new("1", CARD, 1)
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, CARD[0] - 1, CARD[1] - 1), outline=0, width=3)
    card.paste(_code(number), (_code_left(), _code_top()))
    left = _code_left() + (MODULES + QUIET) * MODULE
    width = CARD[0] - left - 2 * MODULE
    draw.text((left, CARD[1] * 0.42), number, fill=0, font=largest_font(number, width, most=150, least=40, bold=True),
              anchor="lm")  # fmt: skip
    first, _, second = HINT.partition(", ")
    for line, text in enumerate((f"{first},", second)):
        draw.text((left, CARD[1] * 0.62 + 44 * line), text, fill=0, font=font(30), anchor="lm")
    return card


def codes_in(grey: Pixels, *, is_card: Callable[[str], bool] = bool) -> list[SeenCode]:
    """All codes in a picture, (h, w) uint8, with the place of the card that each would be printed on.

    Until one of them is a card's, by what it says, the picture is looked at with its edges made sharper, twice as large
    first: a module may have two pixels, and a parcel beside the card a large code of its own. A code that is there and
    was not read is looked at closely; one that can't be read even so comes last, where none is a card's. What would
    take too long is left: then nothing more is seen.
    """
    until = time.thread_time() + MAX_SECONDS
    seen: list[SeenCode] = []
    unread: list[SeenCode] = []
    for look in (np.asarray, _twice, _sharper):
        found = _read(look(grey), is_enlarged=look is _twice)
        texts = {code.text for code in found}
        seen = [code for code in seen if code.text not in texts] + [code for code in found if code.text]
        unread += [code for code in found if not code.text]
        if any(is_card(code.text) for code in seen) or time.thread_time() > until:
            return seen
    for code in unread[:MAX_CODES]:
        if time.thread_time() < until and not any(_meet(code.card, other.card) for other in seen):
            seen += [each for each in _read_closely(grey, code.card) if each.text]
    return seen + [code for code in unread if not any(_meet(code.card, other.card) for other in seen)][:1]


def _read_closely(grey: Pixels, card: Box) -> list[SeenCode]:
    """The codes around the place of one that was not read, much larger and sharper."""
    height, width = grey.shape
    left, top = (max(0, int((side - AROUND) * size)) for side, size in zip(card[:2], (width, height), strict=True))
    right, bottom = (int((side + AROUND) * size) + 1 for side, size in zip(card[2:], (width, height), strict=True))
    part = grey[top:bottom, left:right]
    if part.size * CLOSER**2 > MAX_CLOSE_PIXELS:
        return []
    large = cv2.resize(part, None, fx=CLOSER, fy=CLOSER, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
    sharp = _sharper(large, FINE_SOFTNESS * CLOSER, CLOSE_SHARPENING)
    # The card may reach beyond what is looked at here.
    return _read(sharp, is_enlarged=True, at=(left, top), scale=CLOSER, whole=grey.shape)


def _read(
    grey: Pixels,
    *,
    is_enlarged: bool,
    at: tuple[int, int] = (0, 0),
    scale: int = 1,
    whole: tuple[int, ...] | None = None,
) -> list[SeenCode]:
    """The codes in a picture; in one that is enlarged no large ones, which the picture as it is has shown.

    at, scale: where in the whole picture, of this shape, this one lies, and how many times larger it is.
    """
    if grey.size > MIN_BANDED_PIXELS and _is_costly(grey):
        return []
    found = _search(grey, is_enlarged=is_enlarged)[:MAX_CODES]
    corners = [_corners(code.position) / scale + np.array(at, np.float32) for code in found]
    return [
        SeenCode(code.text.strip() if code.valid else "", _card_around(seen, whole or grey.shape))
        for code, seen in zip(found, corners, strict=True)
    ]


def _corners(position: zxingcpp.Position) -> np.ndarray:
    corners = [position.top_left, position.top_right, position.bottom_right, position.bottom_left]
    return np.array([(corner.x, corner.y) for corner in corners], np.float32)


def _is_costly(grey: Pixels) -> bool:
    """Whether looking at the whole picture would take many seconds."""
    until = time.thread_time() + MAX_BAND_SECONDS
    for band in np.array_split(grey, BANDS):
        _search(band, is_enlarged=True)
        if time.thread_time() > until:
            return True
    return False


def _search(grey: Pixels, *, is_enlarged: bool) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
        try_downscale=not is_enlarged,
        try_invert=not is_enlarged,
        return_errors=True,
    )


def _meet(one: Box, other: Box) -> bool:
    return all(max(one[side], other[side]) < min(one[side + 2], other[side + 2]) for side in (0, 1))


def _twice(grey: Pixels) -> Pixels:
    sharp = _sharper(grey, FINE_SOFTNESS)
    return cv2.resize(sharp, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def _sharper(grey: Pixels, softness: float = SOFTNESS, sharpening: float = SHARPENING) -> Pixels:
    soft = cv2.GaussianBlur(grey, (0, 0), softness)
    return cv2.addWeighted(grey, 1 + sharpening, soft, -sharpening, 0).astype(np.uint8, copy=False)


def _sheet(numbers: Sequence[str]) -> Image.Image:
    sheet = Image.new("1", SHEET, 1)
    left, top = ((whole - count * part) // 2 for whole, count, part in zip(SHEET, (COLUMNS, ROWS), CARD, strict=True))
    for index, number in enumerate(numbers):
        row, column = divmod(index, COLUMNS)
        sheet.paste(drawn(number), (left + column * CARD[0], top + row * CARD[1]))
    return sheet


def _code(number: str) -> Image.Image:
    code: qrcode.QRCode = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_H, border=0)
    code.add_data(number)
    code.make(fit=True)
    modules = np.array(code.modules, dtype=bool)
    return Image.fromarray(np.where(modules, 0, 255).astype(np.uint8).repeat(MODULE, 0).repeat(MODULE, 1)).convert("1")


def _code_left() -> int:
    return (QUIET + 1) * MODULE


def _code_top() -> int:
    return (CARD[1] - MODULES * MODULE) // 2


def _card_around(seen: np.ndarray, shape: tuple[int, ...]) -> Box:
    """The box around the card, as shares of the picture's sides: where the code's corners lie tells where it does."""
    left, top, side = _code_left(), _code_top(), MODULES * MODULE
    printed = np.array([(left, top), (left + side, top), (left + side, top + side), (left, top + side)], np.float32)
    edge = MARGIN * MODULE
    right, bottom = CARD[0] + edge, CARD[1] + edge
    card = np.array([[(-edge, -edge), (right, -edge), (right, bottom), (-edge, bottom)]], np.float32)
    placed = cv2.perspectiveTransform(card, cv2.getPerspectiveTransform(printed, seen))[0] / shape[1::-1]
    # What is seen of a code that can't be read may have no area.
    within = np.clip(np.nan_to_num(placed, nan=0.0), 0, 1)
    low, high = within.min(0), within.max(0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
