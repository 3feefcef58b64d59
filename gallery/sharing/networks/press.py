"""An "appel à victimes" for the press: A4 pages to print, with a photo, the number and a code for each object."""

import base64
from collections.abc import Iterator
from io import BytesIO

from gallery.sharing import caption_files, html, pictures, qr
from gallery.sharing.addresses import scanned
from gallery.sharing.album import Album, ReadPhoto, files_of
from gallery.sharing.archive import PackageFile

_NO_LIMIT = 10**9
_MODULE_PIXELS = 4


def entries(album: Album, read: ReadPhoto) -> Iterator[PackageFile]:
    """The files of the package, one after the other."""
    files = files_of(album, max_in_folder=_NO_LIMIT)
    covers = {file.item.number: file.path for file in files if file.position == 1}
    codes = {number: _code(album, number) for number in covers}
    yield PackageFile("appel-a-victimes.html", html.press_page(album, covers, codes))
    yield PackageFile("legendes.csv", caption_files.table(files, album.site_address))
    for made in pictures.made(album, files, read):
        yield made.entry


def _code(album: Album, number: str) -> str:
    buffer = BytesIO()
    qr.drawn(scanned(album.site_address, number), module_pixels=_MODULE_PIXELS).convert("1").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
