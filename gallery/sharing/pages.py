"""The pages inside a package: they open from a folder, without a server, and load nothing."""

import base64
from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader

from gallery.sharing.album import Album, AlbumFile


def album_page(album: Album, files: Sequence[AlbumFile], thumbnails: Mapping[int, bytes]) -> bytes:
    """album.html: each text with a button that copies it. thumbnails: JPEG files by the order of their photo."""
    encoded = {order: base64.b64encode(data).decode() for order, data in thumbnails.items()}
    return _rendered("album.html", album=album, files=files, thumbnails=encoded)


def upload_page(files: Sequence[AlbumFile], *, most_in_folder: int) -> bytes:
    """mettre-en-ligne.html: how the album is put on Facebook in one gesture, with pictures."""
    folders = list(dict.fromkeys(file.folder for file in files))
    return _rendered("mettre-en-ligne.html", count=len(files), folders=folders, most=most_in_folder)


def _rendered(name: str, **values: object) -> bytes:
    return _templates().get_template(name).render(**values).encode()


@cache
def _templates() -> Environment:
    loader = PackageLoader("gallery.sharing", "templates")
    return Environment(loader=loader, autoescape=True, trim_blocks=True)
