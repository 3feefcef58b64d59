"""Text on pictures, in a font of our own that has the accents."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(__file__).parent / "fonts"
_ELLIPSIS = "…"
# Marks, joiners and the like, which have no shape of their own; a code point that is no letter and never will be one.
_UNSEEN, _NO_LETTER = ("Mn", "Me", "Cf", "Cc"), "\uffff"


@lru_cache(maxsize=256)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans Condensed of this size, in pixels."""
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    # The simple layout is the same on every machine; Raqm is not everywhere.
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def missing_letters(text: str) -> str:
    """The letters of a text that no picture of ours can show, each once, in order: the font has none of them.

    Arabic is among them although a font might have it: its letters must be joined, which the layout does not do.
    """
    return "".join(letter for letter in dict.fromkeys(text) if _is_missing(letter))


@lru_cache(maxsize=4096)
def _is_missing(letter: str) -> bool:
    if letter.isspace() or unicodedata.category(letter) in _UNSEEN:
        return False
    return bytes(font(24).getmask(letter)) == bytes(font(24).getmask(_NO_LETTER)) and font(24).getlength(
        letter
    ) == font(24).getlength(_NO_LETTER)


def largest_font(text: str, width: int, *, most: int, least: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The largest font between two sizes in which a text fits a width in pixels; the smallest if none does."""
    length = font(most, bold=bold).getlength(text)
    fitting = int(most * width / length) if length else most
    return font(max(least, min(most, fitting)), bold=bold)


def shortened(text: str, width: int, face: ImageFont.FreeTypeFont) -> str:
    """The text, or its beginning and an ellipsis, within a width in pixels."""
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + _ELLIPSIS) > width:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def lines_of(text: str, width: int, face: ImageFont.FreeTypeFont, *, most: int) -> list[str]:
    """The text in a limited number of lines within a width in pixels; the last line is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines
    return [shortened(line, width, face) for line in kept]


def write(image: Image.Image, place: tuple[float, float], text: str, face: ImageFont.FreeTypeFont, colour: str) -> None:
    """Write a line with the middle of its capitals' left edge at this place."""
    ImageDraw.Draw(image).text(place, text, fill=colour, font=face, anchor="lm")
