"""The package for a Facebook album: photos in order, their captions, a cover, and how to put them there."""

from collections.abc import Iterator

from gallery.sharing import caption_files, html, pictures
from gallery.sharing.album import Album, ReadPhoto, files_of
from gallery.sharing.archive import PackageFile

# Sources differ, 1,000 or 2,000 (2026-11): the lower one is safe.
MAX_IN_FOLDER = 1000


def entries(album: Album, read: ReadPhoto, *, max_in_folder: int = MAX_IN_FOLDER) -> Iterator[PackageFile]:
    """The files of the package, one after the other; few pictures are in memory at a time."""
    files = files_of(album, max_in_folder=max_in_folder)
    yield PackageFile("mettre-en-ligne.html", html.upload_page(files, max_in_folder=max_in_folder))
    yield PackageFile("album.txt", caption_files.album_text(album))
    yield PackageFile("legendes.csv", caption_files.table(files, album.site_address))
    yield PackageFile("legendes.txt", caption_files.text(files))
    yield PackageFile("couverture.jpg", pictures.cover_file(album, read))
    thumbnails: dict[int, bytes] = {}
    for made in pictures.made(album, files, read):
        thumbnails[made.file.order] = made.thumbnail
        yield made.entry
    yield PackageFile("album.html", html.album_page(album, files, thumbnails))
