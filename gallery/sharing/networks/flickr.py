"""The package for Flickr: one folder of photos whose metadata Flickr turns into titles, descriptions and tags."""

from collections.abc import Iterator

from gallery.sharing import caption_files, pictures
from gallery.sharing.album import Album, ReadPhoto, files_of
from gallery.sharing.archive import PackageFile

_NO_LIMIT = 10**9


def entries(album: Album, read: ReadPhoto) -> Iterator[PackageFile]:
    """The files of the package, one after the other."""
    files = files_of(album, max_in_folder=_NO_LIMIT)
    yield PackageFile("album.txt", caption_files.album_text(album))
    yield PackageFile("legendes.csv", caption_files.table(files, album.site_address))
    for made in pictures.made(album, files, read, has_keywords=True):
        yield made.entry
