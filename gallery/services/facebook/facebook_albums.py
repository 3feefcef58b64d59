"""What the albums of a Facebook archive say, as the plan of an import: one draft a photo, in the album's order.

Read of each photo: where its file is, its caption, the day it was posted. Never read: comments, tags, places, whatever
the camera noted. Field names as several generations of archives have them; untried against a real page's archive.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from gallery.errors import ArchiveRefused, PhotoInNoAlbum, PhotoNotInArchive
from gallery.models import Item
from gallery.services.days import day_in_paris
from gallery.services.facebook.album_archive import AlbumArchive, ArchiveFault
from gallery.services.imports.plan import Defaults, Origin, Plan, PlannedItem, Refusal
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.words.tidying import tidy_text

LONGEST_TITLE: int = Item.__table__.c["title"].type.length  # type: ignore[attr-defined]
LONGEST_TEXT = 5000
LONGEST_ALBUM = 160
LONGEST_CASE = 60
VIDEOS = {".mp4", ".mov", ".m4v", ".avi", ".webm", ".3gp"}
CASE = "Album Facebook {name}"
UNNAMED = "sans nom"
POSTS = "Publications hors album"


@dataclass(frozen=True)
class ArchivedAlbum:
    """An album as the archive has it, or a post. source: the file that describes it."""

    source: str
    name: str
    description: str
    photos: Sequence[Mapping[str, Any]]


def read_plan(archive: AlbumArchive, defaults: Defaults) -> Plan:
    """Plan an item for each photo of each album, once; raise ArchiveRefused.

    defaults.case_number empty: a case an album, which carries its name.
    """
    items: dict[PurePosixPath, PlannedItem] = {}
    refusals = list[Refusal]()
    for album in (*albums_in(archive), *posts_in(archive)):
        for photo in album.photos:
            address = _text(photo.get("uri"))
            if not address or PurePosixPath(address).suffix.lower() in VIDEOS:
                continue
            path = archive.find(str(photo["uri"]), album=album.source) or archive.find(address, album=album.source)
            if path is None:
                refusals.append(Refusal(f"{album.name}, {PurePosixPath(address).name}", PhotoNotInArchive()))
            elif path not in items:
                items[path] = _item(path, photo, album, defaults)
    unlisted = archive.photos() - items.keys()
    refusals += [Refusal(path.name, PhotoInNoAlbum()) for path in sorted(unlisted)]
    return Plan(tuple(items.values()), tuple(refusals))


def albums_in(archive: AlbumArchive) -> Iterator[ArchivedAlbum]:
    """Each album with its words mended; raise ArchiveRefused for a file that is none."""
    for source, content in archive.albums():
        album = _parsed(content)
        if not isinstance(album, dict):
            raise ArchiveRefused(ArchiveFault.DAMAGED)
        yield ArchivedAlbum(
            source=source,
            name=_shortened(_line(_text(album.get("name"))), LONGEST_ALBUM) or UNNAMED,
            description=_text(album.get("description")),
            photos=_dicts(album.get("photos")),
        )


def posts_in(archive: AlbumArchive) -> Iterator[ArchivedAlbum]:
    """What the page has posted with photos, each post as an album; raise ArchiveRefused for a file that is none."""
    for source, content in archive.posts():
        for post in _entries(_parsed(content)):
            data = [each for part in _dicts(post.get("attachments")) for each in _dicts(part.get("data"))]
            photos = [media for each in data if isinstance(media := each.get("media"), dict)]
            words = [_text(each.get("post")) for each in _dicts(post.get("data"))]
            # Photos that are in no post stand in the list themselves.
            photos = photos or ([post] if "uri" in post else [])
            yield ArchivedAlbum(source, POSTS, "", [_with_words(photo, words) for photo in photos])


def _entries(listed: object) -> Sequence[dict[str, Any]]:
    """The posts of a file: a list, or in newer archives the list under the file's own name."""
    if isinstance(listed, dict):
        return next((_dicts(each) for each in listed.values() if isinstance(each, list)), [])
    return _dicts(listed)


def _with_words(photo: Mapping[str, Any], words: Sequence[str]) -> Mapping[str, Any]:
    """A photo with the words of its post where it has none of its own; both are mended already or will be."""
    own = _text(photo.get("description"))
    return {**photo, "description": own or next(filter(None, words), ""), "title": ""}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArchiveRefused(ArchiveFault.DAMAGED) from error


def mended(text: str) -> str:
    """A text of the archive as it was written: its UTF-8 was read as Latin-1. What can't be so is left.

    >>> mended("Bague de fianc\\u00c3\\u00a9e"), mended("déjà bien")
    ('Bague de fiancée', 'déjà bien')
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _item(path: PurePosixPath, photo: Mapping[str, Any], album: ArchivedAlbum, defaults: Defaults) -> PlannedItem:
    title, rest = _title_and_rest(_caption(photo, album))
    return PlannedItem(
        source=f"{album.name}, {path.name}",
        key=None,
        photos=(path,),
        category_code=defaults.category_code,
        case_number=defaults.case_number or _shortened(CASE.format(name=album.name), LONGEST_CASE),
        description=ItemDescription(title=title or defaults.title, distinguishing_features=rest),
        secret=ItemSecrets(),
        origin=Origin(album.name, _day(photo.get("creation_timestamp"))),
    )


def _caption(photo: Mapping[str, Any], album: ArchivedAlbum) -> str:
    """The photo's own words: Facebook gives a photo without any the album's."""
    for field in ("description", "title"):
        words = _text(photo.get(field))
        if words and words not in (album.name, album.description):
            return words
    return ""


def _title_and_rest(caption: str) -> tuple[str, str]:
    """The first line, and what follows it; the whole caption follows a first line that is too long for a title."""
    first, _, rest = caption.partition("\n")
    if len(_line(first)) > LONGEST_TITLE:
        rest = caption
    return _shortened(_line(first), LONGEST_TITLE), _shortened(rest.strip(), LONGEST_TEXT)


def _text(value: object) -> str:
    """A text mended and tidy; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    return tidy_text(mended(value))


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str, longest: int) -> str:
    """A text shortened between two words, with an ellipsis, where it is too long."""
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    return f"{start[: start.rfind(' ')] if ' ' in start[longest // 2 :] else start}…"


def _day(timestamp: object) -> str:
    """The day of a Unix time in Paris, in ISO form; empty for what is none."""
    if not isinstance(timestamp, int | float) or isinstance(timestamp, bool) or timestamp <= 0:
        return ""
    try:
        return day_in_paris(datetime.fromtimestamp(timestamp, UTC)).isoformat()
    except (OverflowError, OSError, ValueError):
        return ""
