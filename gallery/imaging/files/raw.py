"""Which picture of a TIFF or a RAW is the photo: the first whole page, or the RAW's preview. Reads tags alone."""

from dataclasses import dataclass

from gallery.errors import PhotoIsRaw
from gallery.imaging.files import jpeg
from gallery.imaging.files.directories import Directory, directories_of, is_tiff, starting_at

# The largest size that a page shows. A smaller preview is taken where it has half of the sensor's long side.
MIN_PREVIEW_SIDE = 1_600
# Read to find out how large an embedded JPEG is; its metadata come first.
_MAX_HEADER_BYTES = 2**20
# Kinds that are no TIFF, or a TIFF of their own, with where their name stands: Canon CR3 and CRW, Fujifilm, Olympus,
# Panasonic, Minolta, Sigma.
_UNREAD = (
    (4, b"ftypcrx "),
    (6, b"HEAPCCDR"),
    (0, b"FUJIFILMCCD-RAW"),
    (0, b"IIRO"),
    (0, b"IIRS"),
    (0, b"MMOR"),
    (0, b"IIU\0"),
    (0, b"\0MRM"),
    (0, b"FOVb"),
)
_CANON = b"CR"
_CANON_AT = 8
# Of a sensor: one colour a pixel, or light as it came. And how Sony, Nikon, Kodak and Pentax pack these.
_SENSOR = frozenset({32_803, 34_892})
_SENSOR_PACKINGS = frozenset({32_767, 34_713, 65_000, 65_535})
# A page is taken for a small version of another one below this share of its pixels.
_MIN_SHARE = 0.25


@dataclass(frozen=True)
class EmbeddedPhoto:
    """The file to be decoded in place of the one that came. orientation: as its surroundings say, EXIF, 1 to 8."""

    data: bytes
    orientation: int = 1


@dataclass(frozen=True)
class _Preview:
    start: int
    length: int
    size: tuple[int, int]


def photo_in(data: bytes) -> EmbeddedPhoto:
    """The photo of a file; the file itself when it is no TIFF, or its first page is a whole one.

    Raises PhotoIsRaw where a camera's own format shows nothing large enough.
    """
    if any(data.startswith(name, place) for place, name in _UNREAD):
        raise PhotoIsRaw
    if not is_tiff(data):
        return EmbeddedPhoto(data)
    found = directories_of(data)
    if _is_raw(data, found):
        return _preview(data, found)
    return _page(data, found)


def _is_raw(data: bytes, found: list[Directory]) -> bool:
    return data.startswith(_CANON, _CANON_AT) or any(each.is_dng or _is_sensor(each) for each in found)


def _is_sensor(directory: Directory) -> bool:
    return directory.photometric in _SENSOR or directory.compression in _SENSOR_PACKINGS


def _preview(data: bytes, found: list[Directory]) -> EmbeddedPhoto:
    sensor = max((max(each.size) for each in found if _is_sensor(each)), default=0)
    previews = [preview for each in found if not _is_sensor(each) and (preview := _jpeg_of(data, each))]
    best = max(previews, key=lambda each: each.size[0] * each.size[1], default=None)
    least = min(MIN_PREVIEW_SIDE, sensor / 2 or MIN_PREVIEW_SIDE)
    if best is None or max(best.size) < least:
        raise PhotoIsRaw
    return EmbeddedPhoto(data[best.start : best.start + best.length], found[0].orientation)


def _jpeg_of(data: bytes, directory: Directory) -> _Preview | None:
    """The JPEG that a directory holds as a whole."""
    for start, length in directory.streams:
        size = jpeg.size_of(data[start : start + min(length, _MAX_HEADER_BYTES)])
        if size is not None and start + length <= len(data):
            return _Preview(start, length, size)
    return None


def _page(data: bytes, found: list[Directory]) -> EmbeddedPhoto:
    """The file as it is, or begun at the first page that is neither a mask nor a small version of another one."""
    pages = [each for each in found if not each.is_mask]
    most = max((each.pixels for each in pages), default=0)
    whole = [each for each in pages if not each.is_reduced and each.pixels >= most * _MIN_SHARE]
    chosen = next(iter(whole), None) or max(pages, key=lambda each: each.pixels, default=None)
    if chosen is None or chosen is found[0]:
        return EmbeddedPhoto(data)
    orientation = found[0].orientation if not chosen.has_orientation else 1
    return EmbeddedPhoto(starting_at(data, chosen.position), orientation)
