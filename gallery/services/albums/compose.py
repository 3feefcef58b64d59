"""Albums: sets of a unit's published items, made of public records only, for the packages of `gallery.sharing`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import (
    AlbumEmpty,
    FileAbsent,
    ItemNotFound,
    NoLongerInAlbum,
    PhotoNotFound,
)
from gallery.models import Case, Item, ItemPhoto, ItemStatus, Unit
from gallery.sealing import Sealer
from gallery.services import cases
from gallery.services.albums import told
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem
from gallery.services.items.lists import Narrowed
from gallery.sharing import Album, AlbumItem, AlbumPhoto, ReadPhoto, captions
from gallery.sharing.addresses import album_address
from gallery.storage import PhotoStore, rendition_key

# What a listening address that means "everywhere" is called from this machine.
_HERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  compared with, not listened on
_SHARED = "share.jpg"
# A statement takes some tens of thousands of values at most.
_ASKED_AT_ONCE = 10_000


@dataclass(frozen=True)
class Surroundings:
    """What an album says beside its items. place: where the unit is; window: the period of thefts, in words."""

    site_address: str
    place: str
    window: Callable[[date | None, date | None], str]


@dataclass(frozen=True)
class Edits:
    """What an officer has changed of an album's words; None: nothing. captions: by item number, those changed."""

    title: str | None = None
    description: str | None = None
    place: str | None = None
    post: str | None = None
    captions: Mapping[str, str] | None = None


def site_address(settings: Settings) -> str:
    """Where the public site is: as it was set, which production must have, else on this machine."""
    return settings.public_address or f"http://{_HERE.get(settings.host, settings.host)}:{settings.port}"


def of_unit(session: Session, unit: Unit, *, case: Case | None = None) -> list[PublicItem]:
    """The unit's published items, of all cases or one, newest first."""
    of_case = () if case is None else (Item.case_id == case.id,)
    return _published(session, Item.unit_id == unit.id, *of_case)


def of_list(session: Session, narrowed: Narrowed) -> list[PublicItem]:
    """Those of a list that are published, newest first, whatever status it was narrowed to."""
    return _published(session, *narrowed.conditions)


def of_numbers(session: Session, unit: Unit, numbers: Sequence[str]) -> list[PublicItem]:
    """Those of the unit's items of these numbers that are published, in the order given."""
    ids = session.scalars(select(Item.id).where(Item.unit_id == unit.id, Item.public_number.in_(numbers))).all()
    records = {record.public_number: record for record in public_items.by_ids(session, ids).values()}
    return [records[number] for number in dict.fromkeys(numbers) if number in records]


def all_of_numbers(session: Session, unit: Unit, numbers: Sequence[str]) -> list[PublicItem]:
    """The unit's published items of these numbers; raise NoLongerInAlbum when one of them is not published."""
    items = of_numbers(session, unit, numbers)
    missing = {*numbers} - {item.public_number for item in items}
    if missing:
        raise NoLongerInAlbum(tuple(sorted(missing)))
    return items


def of_photo(session: Session, unit: Unit, public_id: str) -> PublicItem:
    """The unit's published item that has this public photo; raise PhotoNotFound."""
    ids = session.scalars(
        select(Item.id)
        .join(ItemPhoto, ItemPhoto.item_id == Item.id)
        .where(ItemPhoto.public_id == public_id, Item.unit_id == unit.id)
    ).all()
    for item in public_items.by_ids(session, ids).values():
        if public_id in {photo.public_id for photo in item.photos}:
            return item
    raise PhotoNotFound(public_id)


def unit_of(session: Session, number: str) -> Unit:
    """The unit that keeps the item of this number; raise ItemNotFound."""
    unit = session.scalar(select(Unit).join(Item, Item.unit_id == Unit.id).where(Item.public_number == number))
    if unit is None:
        raise ItemNotFound(number)
    return unit


def cases_of_number(session: Session, case_number: str, *, unit: Unit | None, sealer: Sealer) -> list[Case]:
    """The cases of this number, in one unit or in all of them."""
    asked = [unit] if unit else list(session.scalars(select(Unit)))
    found = (cases.find_by_number(session, each, case_number, sealer=sealer) for each in asked)
    return [case for case in found if case is not None]


def compose(items: Sequence[PublicItem], around: Surroundings, *, code: str = "") -> Album:
    """The album of these items, of one unit, with the words that it begins with; raise AlbumEmpty.

    code: of the album's page, which its texts then name.
    """
    if not items:
        raise AlbumEmpty
    unit, count, address = items[0].unit, len(items), around.site_address
    assert {item.unit for item in items} == {unit}, "an album has one owner"
    page = album_address(address, code) if code else ""
    return Album(
        title=captions.album_title(unit.name),
        place=around.place,
        **_words(unit.name, count, unit.phone, address, page),
        credit=unit.name,
        phone=unit.phone,
        site_address=address,
        items=tuple(_entry(item, around) for item in items),
        page_address=page,
    )


def edited(album: Album, edits: Edits) -> Album:
    """The album in the officer's words."""
    given = {name: getattr(edits, name) for name in ("title", "description", "place", "post")}
    changed = edits.captions or {}
    items = tuple(_captioned(item, changed.get(item.number, item.caption)) for item in album.items)
    return replace(album, items=items, **{name: text for name, text in given.items() if text is not None})


def renewed(album: Album, items: Sequence[PublicItem], around: Surroundings) -> Album:
    """The album with these of its items as they are now, in the officer's words; raise AlbumEmpty.

    Default texts that mention the number of items are updated, unless somebody has edited them. A caption that somebody
    has written goes where its item is described otherwise by now, as it may tell what is hidden.
    """
    fresh = compose(items, around, code=album.page_code)
    before = _words(album.credit, len(album.items), album.phone, album.site_address, album.page_address)
    kept = {name: text for name in before if (text := getattr(album, name)).split() != before[name].split()}
    changed = changed_since(items, {item.number: item.told for item in album.items})
    captions_kept = {item.number: item.caption for item in album.items if item.is_edited and item.number not in changed}
    return edited(fresh, Edits(title=album.title, place=album.place, captions=captions_kept, **kept))


def _words(unit: str, count: int, phone: str, site: str, page: str) -> dict[str, str]:
    """The description and the post's text that an album begins with."""
    return {
        "description": captions.album_description(unit, count=count, phone=phone, site_address=site),
        "post": captions.post(unit, count=count, site_address=site, album_address=page),
    }


def _captioned(item: AlbumItem, caption: str) -> AlbumItem:
    """Forms end their lines otherwise than we do: that alone is no edit."""
    return replace(item, caption=caption, is_edited=caption.split() != item.caption.split())


def photo_digests(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """What the photos of these items that are public at this moment show: digests of renditions, by public id."""
    return _digests(session, Item.public_number.in_(numbers))


def digests_of(session: Session, public_ids: Collection[str]) -> dict[str, str]:
    """What these photos show, of those that are public at this moment: digests of renditions, by public id."""
    ids, found = list(public_ids), dict[str, str]()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        found |= _digests(session, ItemPhoto.public_id.in_(ids[start : start + _ASKED_AT_ONCE]))
    return found


def _digests(session: Session, which: ColumnElement[bool]) -> dict[str, str]:
    rows = session.execute(
        select(ItemPhoto.public_id, ItemPhoto.rendition_digest)
        .join(ItemPhoto.item)
        .where(which, ItemPhoto.is_private.is_(False), Item.status == ItemStatus.PUBLISHED)
    )
    return {row.public_id: row.rendition_digest for row in rows}


def reader(digests: Mapping[str, str], *, public: PhotoStore) -> ReadPhoto:
    """Reads the public JPEG of these photos, by their digests; any other, or one that is gone, raises PhotoNotFound."""

    def read(public_id: str) -> bytes:
        try:
            return public.get(rendition_key(digests[public_id], _SHARED))
        except (KeyError, FileAbsent) as error:
            raise PhotoNotFound(public_id) from error

    return read


def photo_reader(session: Session, items: Iterable[PublicItem], *, public: PhotoStore) -> ReadPhoto:
    """Reads those of these items' photos that are public at this moment, and raises PhotoNotFound for the rest."""
    return reader(photo_digests(session, [item.public_number for item in items]), public=public)


def _published(session: Session, *conditions: ColumnElement[bool]) -> list[PublicItem]:
    wanted = select(Item.id).where(*conditions, Item.status == ItemStatus.PUBLISHED)
    ids = session.scalars(wanted.order_by(Item.published_at.desc(), Item.id.desc())).all()
    records = public_items.by_ids(session, ids)
    return [records[each] for each in ids if each in records]


def _entry(item: PublicItem, around: Surroundings) -> AlbumItem:
    count, window = len(item.photos), around.window(item.theft_from, item.theft_until)
    captioned = captions.CaptionedItem(item.title, item.public_number, (item.brand, item.model), window)
    return AlbumItem(
        number=item.public_number,
        title=item.title,
        caption=captions.item_caption(captioned, site_address=around.site_address, unit=item.unit.name),
        photos=tuple(
            AlbumPhoto(photo.public_id, captions.alternative(photo.alt_text, item.title, position, count))
            for position, photo in enumerate(item.photos, start=1)
        ),
        keywords=tuple(word for word in ("objet retrouvé", item.category.name_fr, item.brand, around.place) if word),
        told=told.of_item(item),
    )


def changed_since(items: Iterable[PublicItem], seen: Mapping[str, str]) -> list[str]:
    """The numbers of those of these items of which an album would say something else than it said. seen: its `told`."""
    return [
        item.public_number for item in items if seen.get(item.public_number, told.of_item(item)) != told.of_item(item)
    ]


def are_told_as_before(session: Session, items: Sequence[AlbumItem]) -> bool:
    """Whether an album would say of each of its items that is still published what it said when it was made."""
    at_present = told.at_this_moment(session, [item.number for item in items])
    return all(at_present.get(item.number, item.told) == item.told for item in items)
