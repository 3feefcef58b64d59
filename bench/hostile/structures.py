"""Files of too many parts: their pixels are few or none, their structure is the harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image

_QUANTISATION = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
# A Huffman table of one code, 0: for the first coefficient, and for the others (end of block).
_TABLES = b"".join(b"\xff\xc4\x00\x14" + bytes([kind]) + b"\x01" + b"\x00" * 15 + b"\x00" for kind in (0x00, 0x10))


def jpeg_of_scans(width: int, height: int, scans: int, *, components: int = 1) -> bytes:
    """A progressive JPEG whose scans hold no data: ten bytes each, and each goes over the whole picture."""
    factors = b"".join(bytes([number + 1, 0x11, 0]) for number in range(components))
    frame = struct.pack(">BHHB", 8, height, width, components) + factors
    first = bytes([components]) + b"".join(bytes([number + 1, 0]) for number in range(components)) + b"\0\0\0"
    other = b"\x01\x01\x00\x01\x3f\x00"
    return b"".join(
        (
            b"\xff\xd8",
            _QUANTISATION,
            _segment(0xC2, frame),
            _TABLES,
            _segment(0xDA, first) + b"\0",
            (_segment(0xDA, other)) * (scans - 1),
            b"\xff\xd9",
        )
    )


def jpeg_then(part: bytes, times: int) -> bytes:
    """A small JPEG with something repeated right after its start."""
    data = _small("JPEG")
    # Some readers know a JPEG by its third byte, which begins the next marker.
    return data[:2] + data[2 : 4 + data[5] + (data[4] << 8)] + part * times + data[4 + data[5] + (data[4] << 8) :]


def png_of_chunks(count: int) -> bytes:
    """A small PNG with this many empty private chunks."""
    return _png_with(_chunk(b"vpAg", b"") * count)


def png_of_texts(count: int, kind: bytes) -> bytes:
    """A small PNG whose texts unfold to a megabyte each. kind: zTXt or iTXt."""
    text = zlib.compress(b"a" * 1_000_000, 9)
    body = b"Comment\0\0" + text if kind == b"zTXt" else b"Comment\0\1\0\0\0" + text
    return _png_with(_chunk(kind, body) * count)


def png_with_profile(unfolded: int) -> bytes:
    """A small PNG whose colour profile unfolds to this many bytes."""
    return _png_with(_chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(unfolded), 9)))


def tiff_of_directories(count: int, *, entries: int = 0, is_big: bool = False) -> bytes:
    """A small TIFF followed by directories that describe nothing; compressed where libtiff reads it."""
    file = BytesIO()
    Image.effect_noise((64, 48), 60).save(
        file, "TIFF", **({"big_tiff": True} if is_big else {"compression": "tiff_lzw"})
    )
    data = bytearray(file.getvalue())
    counted, placed, entry_bytes, header = ("<Q", "<Q", 20, 8) if is_big else ("<H", "<I", 12, 4)
    (first,) = struct.unpack_from(placed, data, header)
    (used,) = struct.unpack_from(counted, data, first)
    link = first + struct.calcsize(counted) + entry_bytes * used
    size = struct.calcsize(counted) + entry_bytes * entries + struct.calcsize(placed)
    start = len(data)
    struct.pack_into(placed, data, link, start)
    body = struct.pack(counted, entries) + bytes(entry_bytes * entries)
    for place in range(count):
        following = start + (place + 1) * size if place + 1 < count else 0
        data += body + struct.pack(placed, following)
    return bytes(data)


def tiff_of_strips(count: int) -> bytes:
    """A TIFF of one column whose rows are strips of their own."""
    offsets, sizes = 8, 8 + 4 * count
    directory = sizes + 4 * count
    entries = [
        (256, 4, 1, 64), (257, 4, 1, count), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, count, offsets),
        (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, count, sizes),
    ]  # fmt: skip
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = b"II*\0" + struct.pack("<I", directory)
    return head + struct.pack("<I", 8) * count + struct.pack("<I", 64) * count + struct.pack("<H", 9) + body + bytes(4)


def gif_of_blocks(count: int) -> bytes:
    """A small GIF with a comment in blocks of one byte."""
    data = _small("GIF")
    packed = data[10]
    start = 13 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
    return data[:start] + b"\x21\xfe" + b"\x01a" * count + b"\x00" + data[start:]


def slow_bmp(pixels: int) -> bytes:
    """A BMP of runs of one pixel, which Pillow reads in Python."""
    width = 2000
    height = pixels // width
    row = b"\x01\x80" * width + b"\x00\x00"
    body = row * height + b"\x00\x01"
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + 40 + 1024 + len(body), 0, 0, 14 + 40 + 1024) + header + bytes(1024) + body


def _small(file_format: str) -> bytes:
    file = BytesIO()
    Image.effect_noise((64, 48), 60).save(file, file_format)
    return file.getvalue()


def _png_with(chunks: bytes) -> bytes:
    data = _small("PNG")
    at = data.index(b"IDAT") - 4
    return data[:at] + chunks + data[at:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body
