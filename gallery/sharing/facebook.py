"""The package for a Facebook album: photos in order, their captions, a cover, and how to put them there."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gallery.sharing import band, cover, legends, pages
from gallery.sharing.addresses import printed
from gallery.sharing.album import Album, AlbumFile, ReadPhoto, files_of
from gallery.sharing.archive import Entry
from gallery.sharing.files import Metadata, encoded
from gallery.sharing.threads import in_order

# Sources differ, 1,000 or 2,000 (2026-11): the lower one is safe.
MOST_IN_FOLDER = 1000
_THUMBNAIL = (220, 220)
_THUMBNAIL_QUALITY = 60


@dataclass(frozen=True)
class _Made:
    file: AlbumFile
    data: bytes
    thumbnail: bytes


def entries(album: Album, read: ReadPhoto, *, most_in_folder: int = MOST_IN_FOLDER) -> Iterator[Entry]:
    """The files of the package, one after the other; few pictures are in memory at a time."""
    files = files_of(album, most_in_folder=most_in_folder)
    yield "mettre-en-ligne.html", pages.upload_page(files, most_in_folder=most_in_folder)
    yield "album.txt", legends.album_text(album)
    yield "legendes.csv", legends.table(files, album.site_address)
    yield "legendes.txt", legends.text(files)
    yield "couverture.jpg", cover_file(album, read)
    thumbnails: dict[int, bytes] = {}
    for made in in_order(lambda file: _make(album, file, read), files):
        thumbnails[made.file.order] = made.thumbnail
        yield made.file.path, made.data
    yield "album.html", pages.album_page(album, files, thumbnails)


def photo_file(album: Album, file: AlbumFile, read: ReadPhoto) -> bytes:
    """One photo as it goes into the package."""
    return encoded(_banded(album, file, opened(read(file.photo.public_id))), _metadata(album, file))


def cover_file(album: Album, read: ReadPhoto, *, count: int | None = None) -> bytes:
    """The cover as a JPEG file. count: of items to tell; None: those that the album has."""
    shown = [opened(read(item.photos[0].public_id), least=cover.SIZE) for item in album.items[: cover.PHOTOS]]
    count = len(album.items) if count is None else count
    picture = cover.composed(
        shown,
        title=album.title,
        subtitle=f"{count} objets cherchent leurs propriétaires" if count > 1 else "Un objet cherche son propriétaire",
        owner=album.credit,
        address=printed(album.site_address),
    )
    return encoded(picture, Metadata(album.title, album.description, album.credit))


def opened(data: bytes, *, least: tuple[int, int] | None = None) -> Image.Image:
    """The picture of a public JPEG, RGB; least: a reduced one will do if it has that many pixels."""
    image = Image.open(BytesIO(data), formats=["JPEG"])
    if least is not None:
        image.draft("RGB", least)
    return image.convert("RGB")


def _make(album: Album, file: AlbumFile, read: ReadPhoto) -> _Made:
    photo = opened(read(file.photo.public_id))
    data = encoded(_banded(album, file, photo), _metadata(album, file))
    photo.thumbnail(_THUMBNAIL, Image.Resampling.BILINEAR, reducing_gap=2.0)
    small = BytesIO()
    photo.save(small, "JPEG", quality=_THUMBNAIL_QUALITY)
    return _Made(file, data, small.getvalue())


def _banded(album: Album, file: AlbumFile, photo: Image.Image) -> Image.Image:
    return band.with_band(photo, file.item.number, site_address=album.site_address, owner=album.owner)


def _metadata(album: Album, file: AlbumFile) -> Metadata:
    return Metadata(f"{file.item.title} ({file.item.number})", file.caption, album.credit)
