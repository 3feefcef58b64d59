"""How many parts a file is made of, counted before a reader that looks at each of them in Python sees it."""

import struct

from gallery.errors import PhotoTooDemanding

# Encoders that write many make 8 kB each: 3,000 in 25 MB.
MAX_PNG_CHUNKS = 50_000
MAX_TIFF_DIRECTORIES = 1_000
MAX_TIFF_ENTRIES = 20_000
# Strips or tiles; writers make them of some 8 kB, so that a hundred megapixels have 40,000.
MAX_TIFF_PARTS = 100_000
_TIFF_PART_TAGS = frozenset({273, 279, 324, 325})
# Of 255 bytes each, before the first picture: 2.5 MB of metadata.
MAX_GIF_BLOCKS = 10_000
# What says how the pixels are to be read. The rest is text, dates, and the pictures of animations after the first.
_PNG_NEEDED = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"eXIf"})
# EXIF as ImageMagick keeps it, with the orientation.
_PNG_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0")
_MAX_PNG_EXIF_BYTES = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
# How each kind writes a directory's number of entries, its entries' bytes, and where the next directory is.
_TIFF_KINDS = {
    b"II*\0": ("<H", 12, "<I"),
    b"MM\0*": (">H", 12, ">I"),
    b"II\0*": ("<H", 12, "<I"),
    b"MM*\0": (">H", 12, ">I"),
    b"II+\0": ("<Q", 20, "<Q"),
    b"MM\0+": (">Q", 20, ">Q"),
}
_GIF_EXTENSION = 0x21


def without_burden(data: bytes) -> bytes:
    """The file without the parts that no picture needs; raise PhotoTooDemanding for more parts than photos have.

    Knows PNG, TIFF and GIF, whose readers go through all parts; jpeg.py knows JPEG. What is damaged is left to them.
    """
    if data.startswith(_PNG):
        return _png(data)
    if data[:4] in _TIFF_KINDS:
        _count_tiff(data)
    elif data.startswith((b"GIF87a", b"GIF89a")):
        _count_gif(data)
    return data


def _png(data: bytes) -> bytes:
    """The chunks that are needed, copied only when there are others."""
    view, kept, position, has_exif = memoryview(data), [memoryview(_PNG)], len(_PNG), False
    for _ in range(MAX_PNG_CHUNKS):
        kind = data[position + 4 : position + 8]
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        is_exif = not has_exif and end - position < _MAX_PNG_EXIF_BYTES and data.startswith(_PNG_EXIF, position + 8)
        if kind in _PNG_NEEDED or is_exif:
            kept.append(view[position:end])
            has_exif |= is_exif
        position = end
        if kind == b"IEND" or position >= len(data):
            return data if sum(map(len, kept)) == len(data) else b"".join(kept)
    raise PhotoTooDemanding


def _count_tiff(data: bytes) -> None:
    counted, entry_bytes, placed = _TIFF_KINDS[data[:4]]
    position, entries = _number(data, struct.calcsize(placed), placed), 0
    for _ in range(MAX_TIFF_DIRECTORIES):
        count = _number(data, position, counted)
        entries += count
        if entries > MAX_TIFF_ENTRIES or _most_parts(data, position, counted, count, entry_bytes) > MAX_TIFF_PARTS:
            raise PhotoTooDemanding
        position = _number(data, position + struct.calcsize(counted) + entry_bytes * count, placed)
        if not position:
            break
    if position:
        raise PhotoTooDemanding


def _most_parts(data: bytes, position: int, counted: str, entries: int, entry_bytes: int) -> int:
    """How many strips or tiles the picture is made of, as a directory says."""
    start, number = position + struct.calcsize(counted), counted[0] + ("I" if entry_bytes == 12 else "Q")
    places = (start + entry * entry_bytes for entry in range(entries))
    tags = ((_number(data, place, counted[0] + "H"), _number(data, place + 4, number)) for place in places)
    return max((parts for tag, parts in tags if tag in _TIFF_PART_TAGS), default=0)


def _number(data: bytes, position: int, form: str) -> int:
    """A number of a TIFF; 0 beyond its end."""
    end = position + struct.calcsize(form)
    return int(struct.unpack(form, data[position:end])[0]) if end <= len(data) else 0


def _count_gif(data: bytes) -> None:
    packed = data[10] if len(data) > 10 else 0
    position = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    blocks = 0
    while data[position : position + 1] == bytes([_GIF_EXTENSION]):
        position += 2
        while position < len(data) and data[position]:
            position += 1 + data[position]
            blocks += 1
            if blocks > MAX_GIF_BLOCKS:
                raise PhotoTooDemanding
        position += 1
        blocks += 1
