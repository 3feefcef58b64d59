"""An album as every network's package is made of: what the public may read, in the order of the album.

Nothing here comes from a row of the database: `services.albums.compose` makes these records of public records.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Bytes of the public JPEG of a photo, by its public id.
ReadPhoto = Callable[[str], bytes]


@dataclass(frozen=True)
class AlbumPhoto:
    """One photo. public_id: as in its public address; alt_text: what it shows, in words."""

    public_id: str
    alt_text: str


@dataclass(frozen=True)
class AlbumItem:
    """One object with its photos, cover first. keywords: for networks that have tags; is_edited: its caption is.

    told: what its words were made of, as a digest; in no package.
    """

    number: str
    title: str
    caption: str
    photos: tuple[AlbumPhoto, ...]
    keywords: tuple[str, ...] = ()
    is_edited: bool = False
    told: str = ""


@dataclass(frozen=True)
class Album:
    """What is given to a network.

    post: the text of the publication that announces it; credit, phone: who shows the objects, and how to call them;
    site_address: of the public site, without a final slash; page_address: of the album's own page, "" without one.
    """

    title: str
    description: str
    place: str
    post: str
    credit: str
    phone: str
    site_address: str
    items: tuple[AlbumItem, ...]
    page_address: str = ""

    @classmethod
    def of_table(cls, table: Mapping[str, Any]) -> "Album":
        """The album that `dataclasses.asdict` has made a table of, as it comes back from JSON."""
        items = tuple(
            AlbumItem(
                **{
                    **item,
                    "photos": tuple(AlbumPhoto(**photo) for photo in item["photos"]),
                    "keywords": tuple(item["keywords"]),
                }
            )
            for item in table["items"]
        )
        return cls(**{**table, "items": items})

    @property
    def owner(self) -> str:
        """Who shows the objects and how to call them, on one line."""
        return owner_line(self.credit, self.phone)

    @property
    def page_code(self) -> str:
        """The last part of the page's address, "" without one."""
        return self.page_address.rpartition("/")[2]

    @property
    def photo_count(self) -> int:
        """Photos of all items."""
        return sum(len(item.photos) for item in self.items)


def owner_line(name: str, phone: str) -> str:
    """Who shows an object and how to call them, as the band says it; phone: may be empty."""
    return f"{name} · {phone}" if phone else name


@dataclass(frozen=True)
class AlbumFile:
    """One photo's place in a package. folder: "" when there is one album only; order: from 1, over all folders."""

    folder: str
    order: int
    item: AlbumItem
    photo: AlbumPhoto
    position: int

    @property
    def name(self) -> str:
        """A name that sorts in the album's order: 0007_35-K7QM-4_2.jpg."""
        return f"{self.order:04}_{self.item.number}_{self.position}.jpg"

    @property
    def path(self) -> str:
        """Where it lies in the package."""
        return f"{self.folder}/{self.name}"

    @property
    def caption(self) -> str:
        """The item's caption, with which of its photos this is where there are several."""
        count = len(self.item.photos)
        return self.item.caption if count == 1 else f"{self.item.caption}\n(photo {self.position} sur {count})"


def files_of(album: Album, *, max_in_folder: int) -> list[AlbumFile]:
    """The photos in order; the photos of an item stay in one folder unless it alone has more than a folder holds."""
    groups = list(_folders(album.items, max_in_folder))
    files: list[AlbumFile] = []
    for number, group in enumerate(groups, start=1):
        folder = "photos" if len(groups) == 1 else f"photos-{number}"
        for item, photo, position in group:
            files.append(AlbumFile(folder, len(files) + 1, item, photo, position))
    return files


def _folders(items: Sequence[AlbumItem], most: int) -> Iterator[list[tuple[AlbumItem, AlbumPhoto, int]]]:
    folder: list[tuple[AlbumItem, AlbumPhoto, int]] = []
    for item in items:
        if folder and len(folder) + len(item.photos) > most:
            yield folder
            folder = []
        for position, photo in enumerate(item.photos, start=1):
            if len(folder) == most:
                yield folder
                folder = []
            folder.append((item, photo, position))
    if folder:
        yield folder
