"""The band under a photo: the item's number, its short address, and a code that leads to its page.

Under it and not over it: nothing of the object is hidden, and who cuts the band off is left with a plain photo.
"""

from dataclasses import dataclass
from math import ceil

from PIL import Image, ImageDraw

from gallery.sharing import qr
from gallery.sharing.addresses import printed, scanned, short_address
from gallery.sharing.lettering import font, largest_font, shortened, write

# Facebook shows an album in 720, 960 and 2048 pixels: larger pictures are shrunk again.
LONG_SIDE = 2048
# Smaller photos are enlarged to this, as the network would do, so that the band keeps its proportions.
MIN_SIDE = 1280
# The least pixels of a module once the picture has 960: with 2.5 OpenCV finds a third of the codes, with 2.8
# all of them (24 photographs, four addresses, JPEG quality 70; 2026-11-24).
MODULE_PIXELS_AT_960 = 2.8
PAPER, INK, SOFT, ACCENT = "#ffffff", "#1f2429", "#4a5157", "#14595c"
QUESTION = "C’est à vous ?"


@dataclass(frozen=True)
class Band:
    """What a band says: an item's number, the site where it is found, and who shows it, as the public reads it."""

    number: str
    site_address: str
    owner: str


@dataclass(frozen=True, eq=False)
class BandedPhoto:
    """A photo above its band. photo_size: width and height of the photo in it; it lies in the middle, at the top."""

    whole: Image.Image
    photo_size: tuple[int, int]


def with_band(photo: Image.Image, band: Band) -> Image.Image:
    """The photo above its band; the long side is LONG_SIDE, or less for a smaller photo. photo: RGB."""
    return banded(photo, band).whole


def banded(photo: Image.Image, band: Band) -> BandedPhoto:
    """The picture of `with_band`, and where the photo is in it."""
    side = min(LONG_SIDE, max(MIN_SIDE, *photo.size))
    module = ceil(MODULE_PIXELS_AT_960 * side / 960)
    code = qr.drawn(scanned(band.site_address, band.number), module_pixels=module)
    photo = _fitted(photo, side, side - code.height)
    width = max(photo.width, min(side, round(code.width * 3.6)))
    whole = Image.new("RGB", (width, photo.height + code.height), PAPER)
    whole.paste(photo, ((width - photo.width) // 2, 0))
    strip = (0, photo.height, width, whole.height)
    whole.paste(code, (width - code.width, photo.height))
    lines = f"N° {band.number}", printed(short_address(band.site_address, band.number)), band.owner
    _letter(whole, strip, lines, room=width - code.width)
    return BandedPhoto(whole, photo.size)


def _fitted(photo: Image.Image, width: int, height: int) -> Image.Image:
    scale = min(width / photo.width, height / photo.height)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    if size == photo.size:
        return photo
    return photo.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _letter(image: Image.Image, band: tuple[int, int, int, int], lines: tuple[str, str, str], *, room: int) -> None:
    left, top, right, bottom = band
    number, address, owner = lines
    unit = (bottom - top) / 22
    ImageDraw.Draw(image).rectangle((left, top, right, top + round(unit * 0.6)), fill=ACCENT)
    start, width = left + round(unit * 4), room - round(unit * 5)
    face = largest_font(number, width, most=round(unit * 6.4), least=round(unit * 3), bold=True)
    write(image, (start, top + unit * 6), number, face, INK)
    question_at = start + face.getlength(number) + unit * 2
    question = font(round(unit * 4))
    if question_at + question.getlength(QUESTION) < start + width:
        write(image, (question_at, top + unit * 6.3), QUESTION, question, SOFT)
    for line, middle, most, least, colour in ((address, 12, 4.6, 2.2, ACCENT), (owner, 17.3, 3.6, 2, SOFT)):
        face = largest_font(line, width, most=round(unit * most), least=round(unit * least))
        write(image, (start, top + unit * middle), shortened(line, width, face), face, colour)
