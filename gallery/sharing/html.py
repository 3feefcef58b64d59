"""The pages inside a package: they open from a folder, without a server, and load nothing."""

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader

from gallery.sharing.album import Album, AlbumFile
from gallery.sharing.captions import said

if TYPE_CHECKING:
    from gallery.sharing.film.film import Film
    from gallery.sharing.networks.x import Post


def album_page(album: Album, files: Sequence[AlbumFile], thumbnails: Mapping[int, bytes]) -> bytes:
    """album.html: each text with a button that copies it. thumbnails: JPEG files by the order of their photo."""
    encoded = {order: base64.b64encode(data).decode() for order, data in thumbnails.items()}
    return _rendered("album.html", album=album, files=files, thumbnails=encoded)


def upload_page(files: Sequence[AlbumFile], *, max_in_folder: int) -> bytes:
    """mettre-en-ligne.html: how the album is put on Facebook in one gesture, with pictures."""
    folders = list(dict.fromkeys(file.folder for file in files))
    return _rendered("mettre-en-ligne.html", count=len(files), folders=folders, most=max_in_folder)


def thread_page(album: Album, posts: "Sequence[Post]", thumbnails: Mapping[int, bytes]) -> bytes:
    """fil.html: the posts of a thread, each text with a button that copies it. thumbnails: by the photo's order."""
    encoded = {order: base64.b64encode(data).decode() for order, data in thumbnails.items()}
    return _rendered("fil.html", album=album, posts=posts, thumbnails=encoded)


def film_page(films: "Sequence[Film]", texts: Mapping[str, tuple[str, str]], *, max_a_day: int, hours: int) -> bytes:
    """mettre-en-ligne.html of films. texts: title and description of each, by its name."""
    return _rendered("film.html", films=films, texts=texts, max_a_day=max_a_day, hours=hours)


def press_page(album: Album, covers: Mapping[str, str], codes: Mapping[str, str]) -> bytes:
    """appel-a-victimes.html. covers: path of each item's first photo; codes: PNG in base64; both by item number."""
    return _rendered("appel-a-victimes.html", album=album, covers=covers, codes=codes, said=said)


def _rendered(name: str, **values: object) -> bytes:
    return _templates().get_template(name).render(**values).encode()


@cache
def _templates() -> Environment:
    loader = PackageLoader("gallery.sharing", "templates")
    return Environment(loader=loader, autoescape=True, trim_blocks=True)
