"""Files that are mistaken for photos: told by their beginning, once no picture was found in them."""

from gallery.errors import PhotoUnreadable
from gallery.errors.photos import FileEmpty, FileIsArchive, FileIsDocument, FileIsVideo

# The kinds of box with which a QuickTime or MP4 file begins, after four bytes of length; brands that hold pictures.
VIDEO_BOXES = frozenset((b"ftyp", b"moov", b"mdat", b"wide"))
PICTURE_BRANDS = frozenset((b"avif", b"avis", b"heic", b"heim", b"heis", b"heix", b"hevc", b"hevm", b"mif1", b"msf1"))
# Matroska and WebM, Windows Media, Flash, MPEG.
VIDEO_STARTS = b"\x1aE\xdf\xa3", b"0&\xb2u", b"FLV\x01", b"\0\0\x01\xba", b"\0\0\x01\xb3"
ZIP_START, ARCHIVE_STARTS = b"PK\x03\x04", (b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
# PDF, what Office wrote before 2007, RTF.
DOCUMENT_STARTS = b"%PDF-", b"\xd0\xcf\x11\xe0", b"{\\rtf"
# How the first name in a ZIP begins that is a document of Office or LibreOffice.
DOCUMENT_NAMES, NAME_PLACE = (b"[Content_Types]", b"_rels/", b"docProps/", b"mimetype"), 30


def kind_of(data: bytes) -> type[PhotoUnreadable] | None:
    """What somebody has taken for a photo; None: it may be one.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"\\xff\\xd8\\xff")
    (<class 'gallery.errors.photos.FileIsDocument'>, None)
    """
    if not data:
        return FileEmpty
    if _is_video(data):
        return FileIsVideo
    is_zip = data.startswith(ZIP_START)
    if data.startswith(DOCUMENT_STARTS) or (is_zip and data.startswith(DOCUMENT_NAMES, NAME_PLACE)):
        return FileIsDocument
    return FileIsArchive if is_zip or data.startswith(ARCHIVE_STARTS) else None


def _is_video(data: bytes) -> bool:
    if data[4:8] in VIDEO_BOXES:
        return data[8:12] not in PICTURE_BRANDS
    return data.startswith(VIDEO_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"AVI ")
