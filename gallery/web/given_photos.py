"""Photos given for a search, on either site: decoded in memory, a few searches at a time, forgotten with the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from gallery import imaging, matching
from gallery.errors import PhotoRefused, PhotoTooDemanding
from gallery.matching import Box
from gallery.services import measures
from gallery.services.items import renditions
from gallery.web.errors import sentence_for
from gallery.web.resources import resources

MAX_NAME = 60
MAX_BOX = 80
# Of photos that are too slow to read, in one request: each has taken max_decode_seconds.
MAX_DEMANDING = 2


@dataclass(frozen=True)
class RefusedPhoto:
    """A photo that could not be read. number: its place among those sent, from 1; name: as the sender calls it."""

    number: int
    name: str
    sentence: str


@dataclass(frozen=True)
class NamedPhoto:
    """A photo that was read, and of which something is said nevertheless. number and name: as in RefusedPhoto."""

    number: int
    name: str


@dataclass(frozen=True)
class GivenPhotos:
    """What was sent: the pictures, the place of each among the files (from 0), those that could not be read, and those
    that look damaged.

    boxes: what was drawn around the object in each picture, as fractions of its sides, or None. names: of the pictures,
    as the sender calls them. screenshots: of which only the photo that they show is among the pictures.
    """

    pictures: Sequence[imaging.Picture] = ()
    places: Sequence[int] = ()
    boxes: Sequence[Box | None] = ()
    names: Sequence[str] = ()
    refused: Sequence[RefusedPhoto] = ()
    damaged: Sequence[NamedPhoto] = ()
    screenshots: Sequence[NamedPhoto] = ()


def read_photos(files: Sequence[FileStorage], boxes: Sequence[str] = ()) -> GivenPhotos:
    """Decode each photo; one that can't be read is named, and the others go on. boxes: as sent, in the same order.

    Before a place to search is taken, so that nobody waits for photos that are slow to read. After some of these the
    rest of what was sent is not read.
    """
    read: dict[int, imaging.Picture] = {}
    refused: list[RefusedPhoto] = []
    settings = resources().settings
    demanding: list[int] = []
    for place, file in enumerate(files):
        try:
            if len(demanding) == MAX_DEMANDING:
                refused.append(RefusedPhoto(place + 1, _name(file), _told_of_unread(*demanding)))
                continue
            with measures.part_of_search("decode"):
                read[place] = renditions.decode(file.stream.read(), settings)
        except PhotoRefused as refusal:
            demanding += [place + 1] if isinstance(refusal, PhotoTooDemanding) else []
            refused.append(RefusedPhoto(place + 1, _name(file), sentence_for(refusal)))
        finally:
            file.close()
    return GivenPhotos(
        pictures=tuple(read.values()),
        places=tuple(read),
        boxes=tuple(_box(boxes[place]) if place < len(boxes) else None for place in read),
        names=tuple(_name(files[place]) for place in read),
        refused=tuple(refused),
        damaged=tuple(NamedPhoto(place + 1, _name(files[place])) for place, each in read.items() if each.is_damaged),
    )


def without_screens(given: GivenPhotos) -> GivenPhotos:
    """The photos that screenshots show, in place of these: bars and buttons are no part of an object.

    One on which a box was drawn stays as it is, so that whoever sent it has the last word.
    """
    found = [
        None if box else matching.find_photo(imaging.as_array(picture))
        for picture, box in zip(given.pictures, given.boxes, strict=True)
    ]
    pictures = [
        imaging.cropped(picture, place) if place else picture
        for picture, place in zip(given.pictures, found, strict=True)
    ]
    named = zip(given.places, given.names, found, strict=True)
    screenshots = [NamedPhoto(number + 1, name) for number, name, place in named if place]
    return replace(given, pictures=tuple(pictures), screenshots=screenshots)


def _told_of_unread(first: int, second: int) -> str:
    return gettext(
        "Elle n’a pas été lue, car les photos %(first)s et %(second)s sont trop longues à ouvrir. Envoyez-la de "
        "nouveau sans elles.",
        first=first,
        second=second,
    )


def _name(file: FileStorage) -> str:
    return (file.filename or "")[-MAX_NAME:]


def _box(text: str) -> Box | None:
    """Left, top, right and bottom as fractions, such as "0.1,0.2,0.8,0.9"; None for what is no box."""
    try:
        left, top, right, bottom = (float(side) for side in text[:MAX_BOX].split(","))
    except ValueError:
        return None
    is_box = 0 <= left < right <= 1 and 0 <= top < bottom <= 1
    return (left, top, right, bottom) if is_box else None
