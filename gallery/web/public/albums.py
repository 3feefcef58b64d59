"""The public page of an album that a unit has put on a network, and the picture of a link to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask_babel import gettext, ngettext

from gallery.errors import AlbumNotFound
from gallery.services.albums import public_page
from gallery.services.albums.public_page import PublicAlbum
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.transaction import end_reading
from gallery.sharing import captions, cover, pictures
from gallery.web import labels
from gallery.web.headers import photo_caching
from gallery.web.public import sharing
from gallery.web.public.kept import kept
from gallery.web.public.link_picture import limited
from gallery.web.public.proper_addresses import at_proper_address
from gallery.web.resources import database, resources


@dataclass(frozen=True)
class AlbumPart:
    """What one page shows of an album. first: place of its first item in the album; number: of the page; from 1."""

    items: Sequence[PublicItem]
    first: int
    number: int
    pages: int


def proper_code(typed: str) -> str:
    """A code as we write it; raise AlbumNotFound for what can't be one."""
    if public_page.CODE.fullmatch(typed.lower()) is None:
        raise AlbumNotFound(typed)
    return typed.lower()


@kept("page")
@at_proper_address(proper_code)
def show(code: str) -> str:
    """The album's items that are published at this moment; a code typed in capitals leads to its proper address."""
    album = public_page.get(database(), code)
    part = part_of(album, request.args.get("page", 1, type=int))
    return render_template(
        "public/album.html",
        album=album,
        part=part,
        part_address=lambda number: url_for("public.album", code=code, page=number if number > 1 else None),
        address=_address(album),
        sentence=_sentence(album),
        share_links=sharing.links_to(_address(album), _sentence(album)),
        structured_data=_structured_data(album, part),
    )


@limited
@at_proper_address(proper_code)
def link_picture(code: str) -> Response:
    """Compose it of the first items; raise AlbumNotFound or AlbumNoLongerPublic."""
    album, store = public_page.get(database(), code), resources().public
    keys = [_key(item) for item in album.items[: cover.PHOTOS]]
    settings = resources().settings
    end_reading(database())
    data = pictures.album_link_file(
        [store.get(key) for key in keys],
        title=captions.album_title(album.unit.name),
        count=len(album.items),
        owner=album.unit.name,
        site=settings.public_address or settings.site_name,
    )
    return Response(data, mimetype="image/jpeg", headers={"Cache-Control": photo_caching()})


def part_of(album: PublicAlbum, asked: int) -> AlbumPart:
    """A page past the end is the last one."""
    size = resources().settings.page_size
    pages = -(-len(album.items) // size)
    number = min(max(asked, 1), pages)
    first = (number - 1) * size
    return AlbumPart(album.items[first : first + size], first + 1, number, pages)


def _key(item: PublicItem) -> str:
    return public_items.photo_file_key(database(), item.cover.public_id, item.cover.largest.name)


def _address(album: PublicAlbum) -> str:
    return labels.absolute(url_for("public.album", code=album.code))


def _sentence(album: PublicAlbum) -> str:
    found = ngettext("Un objet volé et retrouvé", "%(num)d objets volés et retrouvés", len(album.items))
    return gettext("%(found)s par : %(unit)s. En reconnaissez-vous un ?", found=found, unit=album.unit.name)


def _structured_data(album: PublicAlbum, part: AlbumPart) -> dict[str, object]:
    """The album for search engines (https://schema.org/ImageGallery): only what the page itself shows."""
    return {
        "@context": "https://schema.org",
        "@type": "ImageGallery",
        "name": _sentence(album),
        "url": _address(album),
        "image": labels.absolute(url_for("public.album_picture", code=album.code)),
        "provider": {"@type": "GovernmentOrganization", "name": album.unit.name},
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(album.items),
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": item.title, "url": sharing.address_of(item)}
                for place, item in enumerate(part.items, start=part.first)
            ],
        },
    }
