"""Which files of both stores the rows of a database name, as one of its snapshots has them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from itertools import groupby
from typing import IO, Any

from sqlalchemy import Connection, Select, and_, literal, select

from gallery.models import AlbumExport, ArchiveState, ExportState, GivenArchive, Item, ItemPhoto, ItemStatus, LotPhoto
from gallery.services.albums import signing_keys
from gallery.storage import archive_key, export_key, original_key, rendition_key

WITH_FILE = (ArchiveState.READING, ArchiveState.READ, ArchiveState.IMPORTING)
AT_ONCE = 1000


@dataclass(frozen=True)
class NamedFile:
    """A file that a row names, and in which stores it lies. changes: it may have other bytes tomorrow.

    may_lack: its absence is no loss, as it can be made again: what shows a photo as it was goes before its row does.
    """

    key: str
    in_private: bool
    in_public: bool = False
    changes: bool = False
    may_lack: bool = False


def named_files(connection: Connection) -> Iterator[NamedFile]:
    """Each file once for each table that names it."""
    for photo in (ItemPhoto, LotPhoto):
        for digest in _column(connection, select(photo.original_sha256).distinct()):
            yield NamedFile(original_key(digest), in_private=True)
    yield from _renditions(connection, _of_items())
    yield from _renditions(connection, _of_lots())
    for reference in _column(connection, select(GivenArchive.reference).where(GivenArchive.state.in_(WITH_FILE))):
        yield NamedFile(archive_key(reference), in_private=True)
    ready = select(AlbumExport.reference).where(AlbumExport.state == ExportState.READY)
    for reference in _column(connection, ready):
        yield NamedFile(export_key(reference), in_private=True, may_lack=True)
    yield NamedFile(signing_keys.KEY, in_private=False, in_public=True, changes=True)


def write_down(files: Iterable[NamedFile], into: IO[bytes]) -> None:
    """Write a list of files that `written_down` reads."""
    for file in files:
        into.write(json.dumps(astuple(file)).encode() + b"\n")


def written_down(in_file: IO[bytes]) -> Iterator[NamedFile]:
    """What `write_down` wrote."""
    in_file.seek(0)
    for line in in_file:
        yield NamedFile(*json.loads(line))


def _of_items() -> Select[*tuple[Any, ...]]:
    is_public = and_(Item.status == ItemStatus.PUBLISHED, ItemPhoto.is_private.is_(False))
    wanted = select(ItemPhoto.rendition_digest, ItemPhoto.renditions, is_public.label("is_public"))
    # A deleted photo has no item, and can be had back for a day.
    return wanted.join(Item, Item.id == ItemPhoto.item_id, isouter=True).order_by(ItemPhoto.rendition_digest)


def _of_lots() -> Select[*tuple[Any, ...]]:
    wanted = select(LotPhoto.rendition_digest, LotPhoto.renditions, literal(False).label("is_public"))
    return wanted.order_by(LotPhoto.rendition_digest)


def _renditions(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> Iterator[NamedFile]:
    with connection.execute(wanted, execution_options={"yield_per": AT_ONCE}) as found:
        for digest, rows in groupby(found, key=lambda row: row.rendition_digest):
            of_digest = list(rows)
            names = {size.name for row in of_digest for size in row.renditions}
            is_public = any(row.is_public for row in of_digest)
            for name in sorted(names):
                yield NamedFile(rendition_key(digest, name), in_private=True, in_public=is_public)


def _column(connection: Connection, wanted: Select[str]) -> Iterator[str]:
    with connection.execute(wanted, execution_options={"yield_per": AT_ONCE}) as found:
        yield from found.scalars()
