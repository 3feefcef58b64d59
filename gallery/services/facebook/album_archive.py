"""The ZIP archive that Facebook gives to a page's owner: read where it lies, with suspicion; nothing is unpacked.

It knows files and their names; what the albums say is read by `facebook_albums`.
"""

import enum
import io
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePath, PurePosixPath
from typing import IO

from gallery.errors import ArchiveRefused, PhotoNotInArchive, PhotoTooLarge, PhotoUnreadable
from gallery.sharing.authenticity.unpacking import BROKEN, COMPRESSIONS, MAX_INFLATION, SMALL

# Where the albums lie in every generation of the archive; what comes before has changed its name several times.
ALBUM = re.compile(r"(?:^|/)(?:posts|photos_and_videos)/album/[^/]+\.json$")
# What the page has posted, in an album or not, and the photos that Facebook assigns to none.
POSTS = re.compile(r"(?:^|/)posts/(?:your_posts|profile_posts|your_uncategorized_photos)[^/]*\.json$")
PHOTO = re.compile(r"(?:^|/)(?:posts/media|photos_and_videos)/.*\.(?:jpe?g|png|webp|gif|heic)$", re.IGNORECASE)
PAGES = re.compile(r"\.html?$")
MAX_FILES = 100_000
# What zipfile reads at once: the list of the files, some 100 bytes each.
MAX_AT_ONCE = 16 * 1024 * 1024
PIECE = 1024 * 1024
MAX_ALBUM_BYTES = 16 * 1024 * 1024
MAX_ALBUMS_BYTES = 64 * 1024 * 1024


class ArchiveFault(enum.StrEnum):
    """Why an archive is not taken."""

    NOT_A_ZIP = "not_a_zip"
    DAMAGED = "damaged"
    LOCKED = "locked"
    STRANGE_NAME = "strange_name"
    LINK = "link"
    SAME_NAME = "same_name"
    TOO_MANY_FILES = "too_many_files"
    INFLATED = "inflated"
    PAGES = "pages"
    NO_ALBUM = "no_album"


class AlbumArchive:
    """An archive of one or several parts, each an open ZIP file; raises ArchiveRefused when it can't be trusted."""

    def __init__(self, parts: Sequence[IO[bytes]]) -> None:
        self._members: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = {}
        for part in parts:
            opened = _opened(part)
            members = [member for member in opened.infolist() if not _is_of_macos(member)]
            _check(members, _size_of(part))
            for member in members:
                self._members.setdefault(_name_of(member), (opened, member))
        self._albums = sorted(filter(ALBUM.search, self._members), key=_natural)
        self._posts = sorted(filter(POSTS.search, self._members), key=_natural)
        if not self._albums and not self._posts:
            has_pages = any(PAGES.search(name) for name in self._members)
            raise ArchiveRefused(ArchiveFault.PAGES if has_pages else ArchiveFault.NO_ALBUM)

    def albums(self) -> Iterable[tuple[str, bytes]]:
        """Name and content of each file that describes an album, in the archive's order; raise ArchiveRefused."""
        return self._contents(self._albums)

    def posts(self) -> Iterable[tuple[str, bytes]]:
        """Name and content of each file that lists posts, with or without photos."""
        return self._contents(self._posts)

    def photos(self) -> set[PurePosixPath]:
        """Every photo that the page has put online, whatever lists it."""
        return {PurePosixPath(name) for name in self._members if PHOTO.search(name)}

    def _contents(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        left = MAX_ALBUMS_BYTES
        for name in names:
            try:
                content = self._read(name, min(left, MAX_ALBUM_BYTES))
            except PhotoTooLarge as error:
                raise ArchiveRefused(ArchiveFault.INFLATED) from error
            except PhotoUnreadable as error:
                raise ArchiveRefused(ArchiveFault.DAMAGED) from error
            left -= len(content)
            yield name, content

    def find(self, address: str, *, album: str) -> PurePosixPath | None:
        """The photo that the file of an album names so: from the archive's root, or from a folder that leads there."""
        above = [f"{folder}/" for folder in PurePosixPath(album).parents if str(folder) != "."]
        names = (f"{folder}{address}" for folder in ("", *above))
        return next((PurePosixPath(name) for name in names if name in self._members), None)

    def read_photo(self, path: PurePath, *, limit_bytes: int) -> bytes:
        """The bytes of a photo; raise PhotoTooLarge before reading too many, PhotoUnreadable, PhotoNotInArchive."""
        return self._read(str(path), limit_bytes)

    def _read(self, name: str, limit_bytes: int) -> bytes:
        if name not in self._members:
            raise PhotoNotInArchive
        part, member = self._members[name]
        if member.file_size > limit_bytes:
            raise PhotoTooLarge(limit_megabytes=limit_bytes // 2**20)
        try:
            with part.open(member) as file:
                # In pieces: asked for all, zipfile inflates 1 GiB before it cuts that to the declared size.
                return b"".join(iter(partial(file.read, PIECE), b""))
        except BROKEN as error:
            raise PhotoUnreadable from error


class _Guarded(io.RawIOBase):
    """A file of which no more is read at once than a list of files of a likely length."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if size > MAX_AT_ONCE:
            raise ArchiveRefused(ArchiveFault.TOO_MANY_FILES)
        return self._file.read(size)


def _opened(part: IO[bytes]) -> zipfile.ZipFile:
    try:
        part.seek(0)
        if part.read(2) != b"PK":
            raise ArchiveRefused(ArchiveFault.NOT_A_ZIP)
        return zipfile.ZipFile(_Guarded(part))
    except BROKEN as error:
        raise ArchiveRefused(ArchiveFault.DAMAGED) from error


def _check(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_FILES:
        raise ArchiveRefused(ArchiveFault.TOO_MANY_FILES)
    for member in members:
        fault = _fault_of(member)
        if fault is not None:
            raise ArchiveRefused(fault)
    if len({_name_of(member) for member in members}) < len(members):
        raise ArchiveRefused(ArchiveFault.SAME_NAME)
    if sum(member.file_size for member in members) > max(SMALL, size * MAX_INFLATION):
        raise ArchiveRefused(ArchiveFault.INFLATED)


def _fault_of(member: zipfile.ZipInfo) -> ArchiveFault | None:
    name = _slashed(member.orig_filename)
    if name.startswith("/") or name[1:2] == ":" or "\0" in name or ".." in name.split("/"):
        return ArchiveFault.STRANGE_NAME
    if stat.S_ISLNK(member.external_attr >> 16):
        return ArchiveFault.LINK
    if member.flag_bits & 0x1:
        return ArchiveFault.LOCKED
    # Other methods could ask for gigabytes of memory, and Facebook uses none.
    return None if member.compress_type in COMPRESSIONS else ArchiveFault.DAMAGED


def _is_of_macos(member: zipfile.ZipInfo) -> bool:
    """What a Mac adds to a folder that it packs again: nothing of Facebook's, though it is named as if it were."""
    folders, _, file = _name_of(member).rpartition("/")
    return "__MACOSX" in folders.split("/") or file.startswith("._") or file == ".DS_Store"


def _name_of(member: zipfile.ZipInfo) -> str:
    return _slashed(member.filename)


def _slashed(name: str) -> str:
    """A name with the slashes that Windows turns when it packs a folder again."""
    return name.replace("\\", "/")


def _size_of(part: IO[bytes]) -> int:
    return part.seek(0, io.SEEK_END)


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts album/2.json before album/10.json."""
    return [(int(digits or 0), rest) for digits, rest in re.findall(r"(\d{0,9})(\D+)", name)]
