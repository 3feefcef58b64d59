"""The pictures of a package, made of public JPEG files few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from gallery.sharing import band, captions, cover, lettering
from gallery.sharing.addresses import printed
from gallery.sharing.album import Album, AlbumFile, ReadPhoto
from gallery.sharing.archive import PackageFile
from gallery.sharing.files import Metadata, encoded
from gallery.sharing.in_order import in_order

_THUMBNAIL = (220, 220)
_THUMBNAIL_QUALITY = 60


@dataclass(frozen=True)
class MadePhoto:
    """A photo with its band as a JPEG file, and a small JPEG of it without."""

    file: AlbumFile
    data: bytes
    thumbnail: bytes

    @property
    def entry(self) -> PackageFile:
        """The photo as a package holds it."""
        return PackageFile(self.file.path, self.data, self.file.item.number)


def made(
    album: Album, files: Sequence[AlbumFile], read: ReadPhoto, *, has_keywords: bool = False
) -> Iterator[MadePhoto]:
    """The photos of these files, in order. has_keywords: the items' keywords are in the metadata."""
    return in_order(lambda file: _make(album, file, read, has_keywords=has_keywords), files)


def photo_file(album: Album, file: AlbumFile, read: ReadPhoto) -> bytes:
    """One photo as it goes into a package."""
    return _make(album, file, read, has_keywords=False).data


def cover_file(album: Album, read: ReadPhoto, *, count: int | None = None) -> bytes:
    """The cover as a JPEG file. count: of items to tell; None: those that the album has."""
    shown = [opened(read(item.photos[0].public_id), least=cover.SIZE) for item in album.items[: cover.PHOTOS]]
    count = len(album.items) if count is None else count
    picture = cover.composed(
        shown,
        title=album.title,
        subtitle=captions.seeking(count),
        owner=album.credit,
        address=printed(album.site_address),
    )
    return encoded(picture, Metadata(album.title, album.description, album.credit))


def missing_letters(album: Album) -> str:
    """The letters of an album that its pictures and film can't show, each once."""
    words = (album.title, album.credit, *(item.title for item in album.items))
    return lettering.missing_letters("".join(words))


def link_file(photo: bytes, *, title: str, number: str, owner: str, site: str) -> bytes:
    """The picture of a link to one item, 1200 x 630, as a JPEG file. photo: a public JPEG of it."""
    shown = [opened(photo, least=cover.SIZE)]
    subtitle = f"Objet retrouvé n° {number}. C’est à vous ?"
    picture = cover.composed(shown, title=title, subtitle=subtitle, owner=owner, address=printed(site))
    return encoded(picture, Metadata(title, subtitle, owner))


def album_link_file(photos: Sequence[bytes], *, title: str, count: int, owner: str, site: str) -> bytes:
    """The picture of a link to an album, 1200 x 630, as a JPEG file. photos: public JPEGs of its first items."""
    shown = [opened(photo, least=cover.SIZE) for photo in photos[: cover.PHOTOS]]
    subtitle = captions.seeking(count)
    picture = cover.composed(shown, title=title, subtitle=subtitle, owner=owner, address=printed(site))
    return encoded(picture, Metadata(title, subtitle, owner))


def opened(data: bytes, *, least: tuple[int, int] | None = None) -> Image.Image:
    """The picture of a public JPEG, RGB; least: a reduced one will do if it has that many pixels."""
    image = Image.open(BytesIO(data), formats=["JPEG"])
    if least is not None:
        image.draft("RGB", least)
    image.load()
    # Without a copy: a photo of 2048 pixels takes nine megabytes.
    return image if image.mode == "RGB" else image.convert("RGB")


def _make(album: Album, file: AlbumFile, read: ReadPhoto, *, has_keywords: bool) -> MadePhoto:
    photo, item = opened(read(file.photo.public_id)), file.item
    whole = band.with_band(photo, band.Band(item.number, album.site_address, album.owner))
    keywords = item.keywords if has_keywords else ()
    description = f"{file.caption}\n{captions.official_accounts(album.site_address)}"
    data = encoded(whole, Metadata(f"{item.title} ({item.number})", description, album.credit, keywords))
    photo.thumbnail(_THUMBNAIL, Image.Resampling.BILINEAR, reducing_gap=2.0)
    small = BytesIO()
    photo.save(small, "JPEG", quality=_THUMBNAIL_QUALITY)
    return MadePhoto(file, data, small.getvalue())
