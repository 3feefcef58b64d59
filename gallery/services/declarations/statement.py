"""What a victim says of one theft: values without rows, as they are sealed, dropped and read again.

Whoever reads one back must not trust it: the process that dropped it stands open to everybody.
"""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from gallery.errors import StatementInvalid
from gallery.models import Colour
from gallery.services.days import day_in_paris
from gallery.services.declarations import shapes

USUAL_DAYS, MAX_DAYS = 365, 731
MAX_PHOTOS = 8
MAX_PHOTO_BYTES = 1024 * 1024
# Characters of each text.
LENGTHS: Mapping[str, int] = {
    "name": 120, "email": 254, "telephone": 40, "departement": 3, "commune": 120, "complaint_number": 60,
    "category_code": 32, "shape": 32, "words": 600, "brand": 120, "serial_number": 80, "phrase": 80, "language": 2,
}  # fmt: skip


def latest_end(declared_at: datetime) -> date:
    """The last day of a search, however often it is prolonged."""
    return day_in_paris(declared_at) + timedelta(days=MAX_DAYS)


def can_end_later(ends_on: date, latest: date) -> bool:
    """Whether prolonging gains more than the day by which the longest search of the form is shorter."""
    return latest - ends_on > timedelta(days=1)


@dataclass(frozen=True)
class Contact:
    """How to reach somebody: by e-mail or telephone, or both."""

    name: str = ""
    email: str = ""
    telephone: str = ""

    @property
    def can_be_reached(self) -> bool:
        """Whether there is any way."""
        return bool(self.email or self.telephone)


@dataclass(frozen=True)
class Theft:
    """When and where. Days: both ends included, None when unknown; complaint_number: empty where there is none."""

    first_day: date | None = None
    last_day: date | None = None
    departement: str = ""
    commune: str = ""
    complaint_number: str = ""


@dataclass(frozen=True)
class StatedObject:
    """One stolen object. colours: values of `Colour`; photos: JPEG, no metadata, 8 at most; shape: a drawing."""

    category_code: str = ""
    words: str = ""
    brand: str = ""
    serial_number: str = ""
    colours: tuple[str, ...] = ()
    photos: tuple[bytes, ...] = ()
    shape: str = ""


@dataclass(frozen=True)
class Statement:
    """One theft with its objects. helper: who fills it in for the victim; phrase: chosen, to recognise our mails by."""

    theft: Theft
    objects: tuple[StatedObject, ...]
    contact: Contact
    ends_on: date
    consented_at: datetime
    helper: Contact | None = None
    phrase: str = ""
    language: str = "fr"


def check(statement: Statement, *, max_objects: int, max_photos: int, today: date) -> None:
    """Raise StatementInvalid for one that nobody could be told of, that looks for nothing, or that is too much."""
    theft, objects = statement.theft, statement.objects
    faults = {
        "contact": not statement.contact.can_be_reached,
        "helper": statement.helper is not None and not statement.helper.can_be_reached,
        "objects": not 0 < len(objects) <= max_objects or any(not _says_anything(each) for each in objects),
        "photos": sum(len(each.photos) for each in objects) > max_photos
        or any(len(each.photos) > MAX_PHOTOS for each in objects),
        "colours": any(not set(each.colours) <= set(Colour) for each in objects),
        "shape": any(not shapes.is_known(each.shape) for each in objects),
        "days": any(day is not None and day > today for day in (theft.first_day, theft.last_day))
        or bool(theft.first_day and theft.last_day and theft.first_day > theft.last_day),
        "ends_on": not today <= statement.ends_on <= today + timedelta(days=MAX_DAYS),
    }
    for name, is_wrong in faults.items():
        if is_wrong:
            raise StatementInvalid(name)


def check_object(stated: StatedObject, *, is_new: bool) -> None:
    """Raise StatementInvalid for an object that says nothing or too much; for a known one, without a photo."""
    if len(stated.photos) > MAX_PHOTOS:
        raise StatementInvalid("photos")
    if not set(stated.colours) <= set(Colour):
        raise StatementInvalid("colours")
    if not shapes.is_known(stated.shape):
        raise StatementInvalid("shape")
    if not (_says_anything(stated) if is_new else stated.photos):
        raise StatementInvalid("objects")


def object_fields(stated: StatedObject) -> dict[str, Any]:
    """An object as JSON can hold it."""
    return asdict(stated) | {"photos": [base64.b64encode(photo).decode() for photo in stated.photos]}


def object_from_fields(given: Mapping[str, Any]) -> StatedObject:
    """Read what `object_fields` made; raise StatementInvalid for anything else."""
    try:
        return _object(given)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StatementInvalid("form") from error


def to_fields(statement: Statement) -> dict[str, Any]:
    """The statement as JSON can hold it."""
    made = asdict(statement) | {"objects": [object_fields(each) for each in statement.objects]}
    for holder, name in ((made["theft"], "first_day"), (made["theft"], "last_day"), (made, "ends_on")):
        holder[name] = holder[name] and holder[name].isoformat()
    return made | {"consented_at": statement.consented_at.isoformat()}


def from_fields(given: Mapping[str, Any]) -> Statement:
    """Read what `to_fields` made; raise StatementInvalid for anything else."""
    try:
        said = given["theft"]
        texts: dict[str, Any] = _texts(Theft, said)
        theft = Theft(_day(said["first_day"]), _day(said["last_day"]), **texts)
        consented_at = datetime.fromisoformat(given["consented_at"])
        if consented_at.tzinfo is None:
            raise StatementInvalid("consented_at")
        return Statement(
            theft=theft,
            objects=tuple(_object(each) for each in given["objects"]),
            contact=Contact(**_texts(Contact, given["contact"])),
            helper=Contact(**_texts(Contact, given["helper"])) if given["helper"] else None,
            ends_on=date.fromisoformat(given["ends_on"]),
            consented_at=consented_at,
            **_texts(Statement, given),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StatementInvalid("form") from error


def _object(given: Mapping[str, Any]) -> StatedObject:
    photos = tuple(base64.b64decode(each, validate=True) for each in given["photos"])
    if any(len(photo) > MAX_PHOTO_BYTES for photo in photos):
        raise StatementInvalid("photos")
    colours = tuple(str(each)[:16] for each in given["colours"])
    return StatedObject(colours=colours, photos=photos, **_texts(StatedObject, given))


def _texts(kind: type, given: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a kind of value, each no longer than it may be."""
    read = {}
    for name in (each.name for each in fields(kind) if each.name in LENGTHS):
        # What was sealed before there were drawings has none.
        text = given.get(name, "") if name == "shape" else given[name]
        if not isinstance(text, str) or len(text) > LENGTHS[name] or "\0" in text:
            raise StatementInvalid(name)
        read[name] = text
    return read


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _says_anything(each: StatedObject) -> bool:
    return bool(
        each.category_code or each.words or each.brand or each.serial_number or each.shape or each.photos
    )  # fmt: skip
