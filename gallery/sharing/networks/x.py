"""The package for X: a thread, an object a post, with at most four photos each."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gallery.sharing import html, pictures
from gallery.sharing.addresses import short_address
from gallery.sharing.album import Album, AlbumFile, AlbumItem, ReadPhoto, files_of
from gallery.sharing.archive import PackageFile
from gallery.sharing.captions import ELLIPSIS, said, shortened

# docs.x.com, 2026-11: four photos and 280 characters a post, 1,000 of alternative text; an address counts as 23.
MAX_PHOTOS, MAX_CHARACTERS, MAX_ALTERNATIVE, ADDRESS_CHARACTERS = 4, 280, 1000, 23
_NO_LIMIT = 10**9
# docs.x.com, "Counting characters", 2026-12: everything but these counts as two, an ellipsis too.
_COUNTED_ONCE = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
_ADDRESS = re.compile(r"https?://\S+")
# An address too, where what follows the dot is a country or the like.
_PERHAPS_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?:/\S*)?")


@dataclass(frozen=True)
class Post:
    """One post. files: its photos, or none for the first, which has the cover."""

    order: int
    text: str
    files: tuple[AlbumFile, ...]


def posts_of(album: Album, files: Sequence[AlbumFile]) -> list[Post]:
    """The thread: what it is, then the objects in order; an object with more photos than a post holds has several."""
    room = MAX_CHARACTERS - ADDRESS_CHARACTERS - 1
    posts = [Post(1, f"{fitting(album.title, room)}\n{album.page_address or album.site_address}", ())]
    for item, group in groupby(files, key=lambda file: file.item):
        photos = tuple(group)
        for start in range(0, len(photos), MAX_PHOTOS):
            posts.append(Post(len(posts) + 1, _text(item, album.site_address), photos[start : start + MAX_PHOTOS]))
    return posts


def characters(text: str) -> int:
    """How many characters X counts in a text; more, where an emoji is made of several or a name has a dot in it.

    >>> characters("Bague…"), characters("💍"), characters("Voir https://objets.example.fr/objets/35-K7QM-4")
    (7, 2, 28)
    """
    text, addresses = _ADDRESS.subn("", unicodedata.normalize("NFC", text))
    short = (ADDRESS_CHARACTERS - _letters(found) for found in _PERHAPS_ADDRESS.findall(text))
    return _letters(text) + addresses * ADDRESS_CHARACTERS + sum(max(0, missing) for missing in short)


def fitting(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, within a number of characters as X counts them."""
    end, shown = most, text
    while characters(shown) > most:
        shown, end = text[:end].rstrip() + ELLIPSIS, end - 1
    return shown


def _letters(text: str) -> int:
    return sum(1 if any(ord(letter) in each for each in _COUNTED_ONCE) else 2 for letter in text)


def entries(album: Album, read: ReadPhoto) -> Iterator[PackageFile]:
    """The files of the package, one after the other."""
    files = files_of(album, max_in_folder=_NO_LIMIT)
    posts = posts_of(album, files)
    yield PackageFile("fil.txt", _as_text(posts))
    yield PackageFile("couverture.jpg", pictures.cover_file(album, read))
    thumbnails: dict[int, bytes] = {}
    for made in pictures.made(album, files, read):
        thumbnails[made.file.order] = made.thumbnail
        yield made.entry
    yield PackageFile("fil.html", html.thread_page(album, posts, thumbnails))


def _text(item: AlbumItem, site_address: str) -> str:
    """Its title, or the officer's own words; how it is claimed is never cut off."""
    number = f"Objet n° {item.number}. C’est à vous ?"
    words = (item.is_edited and said(item.caption, item.number)) or item.title
    room = MAX_CHARACTERS - ADDRESS_CHARACTERS - characters(number) - 2
    return f"{fitting(words, room)}\n{number}\n{short_address(site_address, item.number)}"


def _as_text(posts: Sequence[Post]) -> bytes:
    parts = []
    for post in posts:
        photos = [f"{file.path} : {shortened(file.photo.alt_text, MAX_ALTERNATIVE)}" for file in post.files]
        parts.append("\n".join([f"{post.order}/{len(posts)}", post.text, *(photos or ["couverture.jpg"])]))
    return "\n\n".join(parts).encode("utf-8-sig") + b"\n"
