"""Keys: what a file is kept under, and what a key says of its file."""

import hashlib
import re
from datetime import date
from pathlib import PurePath

TRASH = "trash/"
IDENTITY = "identity.json"
# Written over and over to see that the store can be: one file.
PROBE = "ready"


def sha256_of(data: bytes) -> str:
    """Digest by which a file is known, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def original_key(sha256: str) -> str:
    """Key of an officer's file, byte for byte."""
    return f"originals/{sha256[:2]}/{sha256}"


def archive_key(reference: str) -> str:
    """Key of an archive that an officer has given, until it is dealt with."""
    return f"archives/{reference}"


def archive_of(key: str) -> str | None:
    """The reference of the archive that a key was made of; None for another file."""
    found = re.fullmatch(r"archives/([0-9a-f]{12})", key)
    return found[1] if found else None


def export_key(reference: str) -> str:
    """Key of the file of an album that an officer has asked for, until it is forgotten."""
    return f"exports/{reference}"


def export_of(key: str) -> str | None:
    """The reference of the album's file that a key was made of; None for another file."""
    found = re.fullmatch(r"exports/([0-9a-f]{12})", key)
    return found[1] if found else None


def rendition_key(digest: str, name: str) -> str:
    """Key of one derivative ("320.webp", ..., "share.jpg") of the picture of this digest."""
    return f"renditions/{digest[:2]}/{digest}/{name}"


def digest_of(key: str) -> str | None:
    """The digest that a key was made of; None for a file that is not ours."""
    match key.split("/"):
        case ["originals", start, digest] | ["renditions", start, digest, _] if start == digest[:2]:
            return digest
    return None


def trash_key(key: str, day: date) -> str:
    """Where the file under a key lies once it was thrown away on that day."""
    return f"{TRASH}{day.isoformat()}/{key}"


def is_passing(folder: PurePath) -> bool:
    """Whether a folder of a store goes once it is empty: that of one photo's renditions, and those of the trash."""
    match folder.parts:
        case ("renditions", _, _) | ("trash", _, *_):
            return True
    return False


def thrown_away(key: str) -> tuple[date, str] | None:
    """When the file under a key of the trash was thrown away, and its key before; None for another file."""
    found = re.fullmatch(r"trash/(\d{4}-\d\d-\d\d)/(.+)", key)
    return (date.fromisoformat(found[1]), found[2]) if found else None
