"""The signed list of what a package holds, by which anyone can tell whether a picture of it is the unit's.

`manifest.json` is what was signed, byte for byte; `manifest.sig` is the Ed25519 signature of it (RFC 8032), in base64.
"""

import base64
import binascii
import enum
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import imagehash
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from PIL import Image

from gallery.errors import ManifestInvalid
from gallery.sharing.archive import PIECE, Content, PackageFile, pieces_of
from gallery.sharing.authenticity.unpacking import BROKEN, COMPRESSIONS, MAX_INFLATION, SMALL

NAME, SIGNATURE_NAME = "manifest.json", "manifest.sig"
VERSION = 1
# Recompressed and resized copies stay under 20 of 256 bits, other pictures are near 128. Forged copies are as near as
# honest ones, 0 to 4 bits for another telephone in the band: the hash finds the file to compare with, no more.
RESEMBLING_BITS = 40
_SIDE = 16
# Some 300 bytes a file.
MAX_MANIFEST_BYTES = 64 * 2**20


class Finding(enum.StrEnum):
    """What a file is, beside a manifest. Only IDENTICAL says that nothing was changed."""

    IDENTICAL = "identical"
    RESEMBLING = "resembling"
    ALTERED = "altered"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ManifestLine:
    """One file. item: number, or "" for a file of no item; hash: 256 bits in hexadecimal, or "" for no picture."""

    path: str
    item: str
    sha256: str
    hash: str


@dataclass(frozen=True)
class Manifest:
    """What a package holds, who made it, where and when (ISO 8601)."""

    site: str
    owner: str
    network: str
    made_at: str
    lines: tuple[ManifestLine, ...]

    def to_bytes(self) -> bytes:
        """What is signed."""
        table = {"version": VERSION, **asdict(self)}
        return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True).encode()


def line_of(path: str, content: Content, *, item: str = "") -> ManifestLine:
    """The line of a file of a package."""
    perceptual = str(_hash_of(_opened(content))) if isinstance(content, bytes) and path.endswith(".jpg") else ""
    return ManifestLine(path, item, _sha256(pieces_of(content)), perceptual)


def sign(manifest: Manifest, signing_key: str) -> Iterator[PackageFile]:
    """The two files that end a package. signing_key: 32 bytes in base64."""
    data = manifest.to_bytes()
    yield PackageFile(NAME, data)
    yield PackageFile(SIGNATURE_NAME, base64.b64encode(_private(signing_key).sign(data)) + b"\n")


def public_key_of(signing_key: str) -> str:
    """What the site publishes of its key, in base64."""
    return base64.b64encode(_private(signing_key).public_key().public_bytes_raw()).decode()


def opened(data: bytes, signature: bytes, public_keys: Sequence[str]) -> Manifest:
    """The manifest, if one of these keys has signed it; raise ManifestInvalid."""
    if not any(_has_signed(key, data, signature) for key in public_keys):
        raise ManifestInvalid("signature")
    try:
        table = json.loads(data)
        lines = tuple(ManifestLine(**line) for line in table.pop("lines"))
        if table.pop("version") != VERSION:
            raise ManifestInvalid("version")
        return Manifest(lines=lines, **table)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestInvalid("content") from error


def of_package(path: Path, public_keys: Sequence[str]) -> tuple[Manifest, dict[str, Finding]]:
    """A package's manifest, and what each file is; raise ManifestInvalid when it can't be read or isn't ours."""
    try:
        with zipfile.ZipFile(path) as package:
            _check(package.infolist(), path.stat().st_size)
            data, signature = (b"".join(_pieces(package, name)) for name in (NAME, SIGNATURE_NAME))
            manifest = opened(data, signature, public_keys)
            names = set(package.namelist()) - {NAME, SIGNATURE_NAME}
            return manifest, dict(_compared(package, names, {line.path: line for line in manifest.lines}))
    except (KeyError, *BROKEN) as error:
        raise ManifestInvalid("package") from error


def find(data: bytes, manifest: Manifest, *, shown: Callable[[], Image.Image]) -> tuple[Finding, ManifestLine | None]:
    """Which file of a manifest a file is, or else resembles, whatever was changed in it.

    shown: gives what it shows, upright, and is asked when the bytes are no file's: a stranger's are decoded elsewhere.
    """
    digest = hashlib.sha256(data).hexdigest()
    for line in manifest.lines:
        if line.sha256 == digest:
            return Finding.IDENTICAL, line
    mine = _hash_of(shown())
    pictures = [line for line in manifest.lines if line.hash]
    near = min(pictures, key=lambda line: mine - imagehash.hex_to_hash(line.hash), default=None)
    if near is not None and mine - imagehash.hex_to_hash(near.hash) <= RESEMBLING_BITS:
        return Finding.RESEMBLING, near
    return Finding.UNKNOWN, None


def _opened(jpeg: bytes) -> Image.Image:
    """A picture of ours, reduced."""
    image = Image.open(BytesIO(jpeg), formats=["JPEG"])
    image.draft("L", (_SIDE * 16, _SIDE * 16))
    return image


def _hash_of(image: Image.Image) -> imagehash.ImageHash:
    """Hash of 256 bits; close for copies of another size or quality."""
    return imagehash.phash(image, hash_size=_SIDE)


def _check(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse a package of which another program may read something else than we do, or which would fill the memory."""
    signed = [entry.file_size for entry in entries if entry.filename in (NAME, SIGNATURE_NAME)]
    is_sound = (
        len({entry.filename for entry in entries}) == len(entries)
        and all(entry.compress_type in COMPRESSIONS for entry in entries)
        and sum(entry.file_size for entry in entries) <= max(SMALL, size * MAX_INFLATION)
        and sum(signed) <= MAX_MANIFEST_BYTES
    )
    if not is_sound:
        raise ManifestInvalid("package")


def _pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """An entry, never more at once than a piece: asked for the whole, zipfile inflates it whatever its header says."""
    with package.open(name) as file:
        yield from iter(partial(file.read, PIECE), b"")


def _compared(
    package: zipfile.ZipFile, names: set[str], lines: Mapping[str, ManifestLine]
) -> Iterator[tuple[str, Finding]]:
    for name in sorted(names | lines.keys()):
        if name not in names:
            yield name, Finding.MISSING
        elif name not in lines:
            yield name, Finding.UNKNOWN
        else:
            is_same = _sha256(_pieces(package, name)) == lines[name].sha256
            yield name, Finding.IDENTICAL if is_same else Finding.ALTERED


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _has_signed(public_key: str, data: bytes, signature: bytes) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature.strip(), validate=True), data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _private(signing_key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(signing_key, validate=True))
