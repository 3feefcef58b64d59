"""What the file of an original is called where it leaves the store: by the number of its item and its place there."""

from collections.abc import Iterator

from gallery.models import Item, ItemPhoto

SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/gif": "gif",
    "image/tiff": "tif",
    "image/bmp": "bmp",
}


def named(item: Item) -> Iterator[tuple[str, ItemPhoto]]:
    """Each photo of an item with its name, made of our own letters only, cover first."""
    for order, photo in enumerate(item.photos, 1):
        yield f"{item.public_number}-{order:02}.{SUFFIXES.get(photo.media_type, 'bin')}", photo


def name_of(photo: ItemPhoto) -> str:
    """The name of one photo of an item."""
    return next(name for name, each in named(photo.item) if each is photo)
