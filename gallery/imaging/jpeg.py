"""How much memory a JPEG will ask of its decoder (ISO/IEC 10918-1, annex B), read from its headers."""

import struct

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def coefficient_bytes(data: bytes) -> int:
    """Bytes of coefficients that the decoder keeps: 0 for a JPEG sent in one scan, which is decoded row by row.

    Progressive ones, and those whose components come one after the other, are kept whole, 2 bytes a coefficient.
    Damaged headers count as 0: decoding will refuse them.
    """
    frame = b""
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return 0
        marker = data[position + 1]
        if marker in _STANDALONE or marker == 0xFF:
            position += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, position + 2)[0]
        body = data[position + 4 : position + 2 + length]
        if marker in _FRAMES:
            frame = bytes([marker]) + body
        elif marker == _SCAN:
            return _kept(frame, components_in_scan=body[0] if body else 0)
        position += 2 + length
    return 0


def _kept(frame: bytes, *, components_in_scan: int) -> int:
    if len(frame) < 7 or len(frame) < 7 + 3 * frame[6]:
        return 0
    is_progressive = frame[0] & 0x0F in (0x02, 0x06, 0x0A, 0x0E)
    components = frame[6]
    if not is_progressive and components_in_scan >= components:
        return 0
    height, width = struct.unpack_from(">HH", frame, 2)
    factors = [(frame[8 + 3 * index] >> 4, frame[8 + 3 * index] & 0x0F) for index in range(components)]
    most = max((across * down for across, down in factors), default=0) or 1
    return sum(2 * width * height * across * down // most for across, down in factors)
