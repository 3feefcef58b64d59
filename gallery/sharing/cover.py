"""The cover of an album, 1200 x 630: what it is on the left, its first objects on the right."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

from gallery.sharing.lettering import font, largest_font, lines_of, shortened, write

SIZE = (1200, 630)
PHOTOS = 6
DEEP, PAPER, SOFT = "#10474a", "#ffffff", "#cfe5e3"
# By how many photos there are: columns and rows of the mosaic.
_GRIDS = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 5: (2, 2), 6: (2, 3)}
_MOSAIC_LEFT = 600
_GAP = 6


def composed(photos: Sequence[Image.Image], *, title: str, subtitle: str, owner: str, address: str) -> Image.Image:
    """The cover with the first PHOTOS of these pictures; RGB of SIZE."""
    cover = Image.new("RGB", SIZE, DEEP)
    shown = photos[:PHOTOS]
    if shown:
        lay(cover, shown, left=_MOSAIC_LEFT)
    room = (_MOSAIC_LEFT if shown else SIZE[0]) - 56 - 40
    heading = font(56, bold=True)
    # A dash stays with the word before it.
    lines = lines_of(title.replace(" – ", "\u00a0– "), room, heading, most=4)
    top = 270 - len(lines) * 34
    for number, line in enumerate(lines):
        write(cover, (56, top + number * 68), line, heading, PAPER)
    for number, line in enumerate(lines_of(subtitle, room, font(32), most=2)):
        write(cover, (56, top + len(lines) * 68 + 10 + number * 42), line, font(32), SOFT)
    ImageDraw.Draw(cover).rectangle((56, 506, 136, 510), fill=SOFT)
    who = largest_font(owner, room, most=28, least=20)
    write(cover, (56, 540), shortened(owner, room, who), who, SOFT)
    where = largest_font(address, room, most=30, least=16, bold=True)
    write(cover, (56, 582), shortened(address, room, where), where, PAPER)
    return cover


def lay(image: Image.Image, photos: Sequence[Image.Image], *, left: int) -> None:
    """Fill the picture from this column on with a mosaic of at most PHOTOS photos."""
    columns, rows = _GRIDS.get(len(photos), (1, 1))
    width = (image.width - left - _GAP * (columns - 1)) // columns
    height = (image.height - _GAP * (rows - 1)) // rows
    for number, photo in enumerate(photos[: columns * rows]):
        place = left + number % columns * (width + _GAP), number // columns * (height + _GAP)
        image.paste(ImageOps.fit(photo, (width, height), Image.Resampling.LANCZOS), place)
