"""A large album is shown page by page; its form carries what the other pages have, so that nothing of it is lost."""

from dataclasses import dataclass

from gallery.sharing import Album, AlbumItem

PAGE_ITEMS = 100


@dataclass(frozen=True)
class AlbumSheet:
    """A part of an album, and its items before and after. edited: those of other pages whose captions were edited."""

    number: int
    pages: int
    before: tuple[AlbumItem, ...]
    items: tuple[AlbumItem, ...]
    after: tuple[AlbumItem, ...]
    edited: tuple[AlbumItem, ...]

    @property
    def first(self) -> int:
        """The place of its first item, from 1."""
        return len(self.before) + 1

    @property
    def last(self) -> int:
        """The place of its last item."""
        return len(self.before) + len(self.items)


def page_with(place: int) -> int:
    """The number of the page that shows the item of this place, from 0."""
    return place // PAGE_ITEMS + 1


def page_of(album: Album, number: int, *, proposed: Album) -> AlbumSheet:
    """The page of this number, or the nearest one that there is. proposed: the album before it was edited."""
    pages = -(-len(album.items) // PAGE_ITEMS)
    number = min(max(1, number), pages)
    start, end = (number - 1) * PAGE_ITEMS, number * PAGE_ITEMS
    before, after = album.items[:start], album.items[end:]
    as_proposed = {item.number: item.caption for item in proposed.items}
    edited = tuple(item for item in (*before, *after) if item.caption != as_proposed[item.number])
    return AlbumSheet(number, pages, before, album.items[start:end], after, edited)
