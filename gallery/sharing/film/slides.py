"""The stills of a film: a photo beside its caption, the title, and how an object is claimed."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from gallery.sharing import cover, qr
from gallery.sharing.addresses import printed, scanned, short_address
from gallery.sharing.album import Album, AlbumFile
from gallery.sharing.band import ACCENT, INK, PAPER, QUESTION, SOFT
from gallery.sharing.captions import never_asked
from gallery.sharing.film.recording import SIZE
from gallery.sharing.lettering import font, largest_font, lines_of, shortened, write

# A photo of 4:3 fills what the caption leaves.
PHOTO_WIDTH = 1440
_RULE, _MARGIN = 12, 30
_BEHIND = "#16181b"
_TEXT_LEFT = PHOTO_WIDTH + _RULE + _MARGIN
_TEXT_WIDTH = SIZE[0] - _TEXT_LEFT - _MARGIN
_CODE_WIDTH = SIZE[0] - PHOTO_WIDTH - _RULE
_CODE_BOTTOM = 930
_MIN_ADDRESS = 24


def of_photo(photo: Image.Image, file: AlbumFile, album: Album) -> Image.Image:
    """The photo, whole, beside its item's number, title, code and short address; RGB of SIZE."""
    still = Image.new("RGB", SIZE, _BEHIND)
    scale = min(PHOTO_WIDTH / photo.width, SIZE[1] / photo.height)
    size = max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
    shown = photo.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    still.paste(shown, ((PHOTO_WIDTH - size[0]) // 2, (SIZE[1] - size[1]) // 2))
    draw = ImageDraw.Draw(still)
    draw.rectangle((PHOTO_WIDTH, 0, *SIZE), fill=PAPER)
    draw.rectangle((PHOTO_WIDTH, 0, PHOTO_WIDTH + _RULE, SIZE[1]), fill=ACCENT)
    _caption(still, file)
    code = _code(scanned(album.site_address, file.item.number), _CODE_WIDTH)
    still.paste(code, (PHOTO_WIDTH + _RULE + (_CODE_WIDTH - code.width) // 2, _CODE_BOTTOM - code.height))
    _addressed(still, printed(short_address(album.site_address, file.item.number)))
    for line, middle in ((album.credit, 1014), (album.phone, 1044)):
        face = largest_font(line, _TEXT_WIDTH, most=26, least=15)
        write(still, (_TEXT_LEFT, middle), shortened(line, _TEXT_WIDTH, face), face, SOFT)
    return still


def of_title(album: Album, photos: Sequence[Image.Image], *, title: str, subtitle: str) -> Image.Image:
    """What the film shows first: what it is and whose, beside some of its photos."""
    still = Image.new("RGB", SIZE, cover.DEEP)
    left = SIZE[0] // 2 if photos else SIZE[0]
    cover.lay(still, photos[: cover.PHOTOS], left=left)
    room = left - 2 * 90
    lines = lines_of(title.replace(" – ", "\u00a0– "), room, font(84, bold=True), most=5)
    top = 470 - len(lines) * 50
    for row, line in enumerate(lines):
        write(still, (90, top + row * 100), line, font(84, bold=True), cover.PAPER)
    for row, line in enumerate(lines_of(subtitle, room, font(46), most=2)):
        write(still, (90, top + len(lines) * 100 + 20 + row * 60), line, font(46), cover.SOFT)
    _signed(still, album, room)
    return still


def of_ending(album: Album) -> Image.Image:
    """What the film shows last: how an object is claimed, and what nobody will be asked for."""
    still = Image.new("RGB", SIZE, cover.DEEP)
    code = _code(album.site_address, 560)
    still.paste(code, (SIZE[0] - 120 - code.width, (SIZE[1] - code.height) // 2))
    room = SIZE[0] - 120 - code.width - 2 * 90
    write(still, (90, 190), "Un objet est à vous ?", font(84, bold=True), cover.PAPER)
    top = 310
    for text in (
        f"Notez son numéro, et demandez-le sur {printed(album.site_address)}.",
        "Ne publiez pas de preuve en commentaire : elle servirait à d’autres.",
        never_asked(album.credit),
    ):
        lines = lines_of(text, room, font(46), most=3)
        for row, line in enumerate(lines):
            write(still, (90, top + row * 58), line, font(46), cover.PAPER)
        top += len(lines) * 58 + 34
    _signed(still, album, room)
    return still


def _caption(still: Image.Image, file: AlbumFile) -> None:
    item, count = file.item, len(file.item.photos)
    write(still, (_TEXT_LEFT, 60), QUESTION, font(34), SOFT)
    number = f"N° {item.number}"
    write(still, (_TEXT_LEFT, 124), number, largest_font(number, _TEXT_WIDTH, most=60, least=30, bold=True), INK)
    lines = lines_of(item.title, _TEXT_WIDTH, font(40), most=4)
    for row, line in enumerate(lines):
        write(still, (_TEXT_LEFT, 204 + row * 50), line, font(40), INK)
    if count > 1:
        place = f"photo {file.position} sur {count}"
        write(still, (_TEXT_LEFT, 204 + len(lines) * 50 + 6), place, font(30), SOFT)


def _addressed(still: Image.Image, address: str) -> None:
    """The short address on one line, or on two where it would be too small."""
    host, _, path = address.partition("/")
    is_short = font(_MIN_ADDRESS, bold=True).getlength(address) <= _TEXT_WIDTH
    lines = ((address, 956),) if is_short else ((host, 940), (f"/{path}", 972))
    for line, middle in lines:
        face = largest_font(line, _TEXT_WIDTH, most=31, least=15, bold=True)
        write(still, (_TEXT_LEFT, middle), line, face, ACCENT)


def _signed(still: Image.Image, album: Album, room: int) -> None:
    ImageDraw.Draw(still).rectangle((90, 880, 210, 886), fill=cover.SOFT)
    for row, line in enumerate(_owner_lines(album, room)):
        write(still, (90, 926 + row * 40), line, largest_font(line, room, most=36, least=24), cover.SOFT)
    address = printed(album.site_address)
    write(still, (90, 1016), address, largest_font(address, room, most=48, least=20, bold=True), cover.PAPER)


def _owner_lines(album: Album, room: int) -> list[str]:
    """Who shows the objects, and the telephone, which must not be cut off."""
    if font(24).getlength(album.owner) <= room:
        return [album.owner]
    return [shortened(album.credit, room, font(24)), album.phone]


def _code(text: str, width: int) -> Image.Image:
    """The code, as large as a whole number of pixels a module lets it be in this width."""
    modules = len(qr.modules(text)) + 2 * qr.QUIET_MODULES
    return qr.drawn(text, module_pixels=max(1, width // modules))
