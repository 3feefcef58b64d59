"""A picture as a JPEG file for a network: sRGB, under a size, with title, description and credit and nothing else."""

import struct
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image, ImageCms

# Facebook and its like recompress large files hardest.
MAX_BYTES = 1_000_000
_QUALITIES = (90, 85, 80, 74, 66, 56, 44, 30, 15)
_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# Without the moment of its making (ICC.1:2022, 7.2), so that the same picture is the same file.
_SRGB = _PROFILE[:24] + bytes(12) + _PROFILE[36:]
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="{credit}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>{subject}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
# IPTC-IIM 4.2: record 1 dataset 90 (UTF-8), record 2 datasets 5, 25, 110, 120 with their longest lengths in bytes.
_UTF8 = b"\x1c\x01\x5a\x00\x03\x1b%G"
_TITLE, _KEYWORD, _CREDIT, _CAPTION = (5, 64), (25, 64), (110, 32), (120, 2000)


@dataclass(frozen=True)
class Metadata:
    """All that a file says about its picture. keywords: networks that have tags take them from here."""

    title: str
    description: str
    credit: str
    keywords: tuple[str, ...] = ()


def encoded(image: Image.Image, metadata: Metadata, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The JPEG file of an RGB picture at the highest quality that stays under a limit in bytes."""
    xmp = _xmp(metadata)
    room = max_bytes - len(xmp) - 5000
    data = b""
    for quality in _QUALITIES:
        data = _jpeg(image, quality, xmp)
        if len(data) <= room:
            break
    return _with_iptc(data, metadata)


def _jpeg(image: Image.Image, quality: int, xmp: bytes) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling="4:2:0", icc_profile=_SRGB, xmp=xmp)
    return buffer.getvalue()


def _xmp(metadata: Metadata) -> bytes:
    quoted = {'"': "&quot;"}
    words = "".join(f"<rdf:li>{escape(word)}</rdf:li>" for word in metadata.keywords)
    return _XMP.format(
        title=escape(metadata.title),
        description=escape(metadata.description),
        credit=escape(metadata.credit, quoted),
        subject=f"\n<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>" if words else "",
    ).encode()


def _with_iptc(jpeg: bytes, metadata: Metadata) -> bytes:
    """Put the same in the older form, an APP13 segment, before the first table: Pillow doesn't write it."""
    fields = [(_TITLE, metadata.title), (_CREDIT, metadata.credit), (_CAPTION, metadata.description)]
    fields += [(_KEYWORD, word) for word in metadata.keywords]
    data = _UTF8 + b"".join(_dataset(*dataset, text) for dataset, text in fields)
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)
    body = b"Photoshop 3.0\x00" + block
    segment = b"\xff\xed" + struct.pack(">H", len(body) + 2) + body
    place = _after_application_segments(jpeg)
    return jpeg[:place] + segment + jpeg[place:]


def _dataset(number: int, longest: int, text: str) -> bytes:
    data = text.encode()[:longest].decode(errors="ignore").encode()
    return struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data


def _after_application_segments(jpeg: bytes) -> int:
    place = 2
    while jpeg[place] == 0xFF and 0xE0 <= jpeg[place + 1] <= 0xEF:
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return place
