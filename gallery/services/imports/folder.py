"""A folder of photos and its list, planned: what a list may describe is never taken without its description.

Nothing is decoded here. What waits, and for which row, is said photo by photo.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from gallery.errors import FieldInvalid, GalleryError
from gallery.services.imports import columns, lists, rows, tables
from gallery.services.imports.lists import FolderFiles
from gallery.services.imports.names import Photos
from gallery.services.imports.nearness import NearNames
from gallery.services.imports.plan import Defaults, KnownWords, Plan, PlannedItem, Refusal
from gallery.services.imports.refusals import (
    CellFault,
    CellRefused,
    ListRefused,
    PhotoLikeListed,
    PhotoMayBeListed,
    PhotoUnlisted,
    RowRefused,
    RowSharesPhoto,
)
from gallery.services.imports.rows import Row, Rows
from gallery.services.items.items import ItemDescription, ItemSecrets

MAX_LIST_BYTES = 32 * 1024 * 1024


def read_folder(
    files: FolderFiles,
    given: Path | None = None,
    *,
    vocabulary: KnownWords,
    defaults: Defaults,
    takes_unlisted: bool = True,
) -> Plan:
    """Plan an item for each row of the list, then one for each photo that no row names or may mean.

    given: the list, instead of the one in the folder. takes_unlisted: else photos that no row names are refused. Raises
    ListUnclear, FieldInvalid for a list that can't be read, and ListRefused, with what is wrong with its rows too, for
    columns that can't be told. A wrong cell is a refusal.
    """
    chosen = lists.choose(files, given)
    photos = Photos(files.folder, files.photos)
    read = _rows(chosen) if chosen else Rows((), ())
    listed = _Listed(photos, read.rows, vocabulary, defaults)
    if read.faults:
        raise ListRefused((*read.faults, *listed.refusals))
    others = tuple(path.name for path in files.lists if chosen is None or path.resolve() != chosen.resolve())
    alone, refusals = [], list(listed.refusals)
    for path in files.photos:
        if path in listed.named:
            continue
        error = _why_not(path, listed, others, photos) or (None if takes_unlisted else PhotoUnlisted())
        if error is None:
            alone.append(_alone(path, photos, defaults))
        else:
            refusals.append(Refusal(photos.name_of(path), error))
    return Plan((*listed.items, *alone), tuple(refusals), listed.held, has_list=chosen is not None)


class _Listed:
    """What the rows of a list become. named: photos of rows, refused ones too; held: photo -> the refused rows.

    unclear: refused rows of which nobody can tell what photo they mean.
    """

    def __init__(self, photos: Photos, given: Sequence[Row], vocabulary: KnownWords, defaults: Defaults) -> None:
        self.refusals: list[Refusal] = []
        self.unclear: list[str] = []
        self._held: dict[PurePath, list[str]] = {}
        self._photos = photos
        accepted: dict[object, PlannedItem] = {}
        near = NearNames()
        for row in given:
            try:
                item = rows.planned(row, photos, vocabulary, defaults, near)
                _check_new(item, accepted)
                accepted[_identity(item)] = item
            except RowRefused as refused:
                self._refuse(row, refused.refusals)
        self.items = self._without_shared(list(accepted.values()))
        self.named = {path for item in self.items for path in item.photos} | set(self._held)

    @property
    def held(self) -> Mapping[PurePath, tuple[str, ...]]:
        """Photos that wait, with the sources of the rows that they wait for."""
        return {path: tuple(sources) for path, sources in self._held.items()}

    def _refuse(self, row: Row, refusals: Iterable[Refusal]) -> None:
        self.refusals += refusals
        meant = [self._photos.meant_by(name) for name in row.names]
        if row.has_moved or not meant or not all(meant):
            self.unclear.append(row.source)
        self._hold(row.source, (path for paths in meant for path in paths))

    def _hold(self, source: str, paths: Iterable[PurePath]) -> None:
        for path in paths:
            sources = self._held.setdefault(path, [])
            if source not in sources:
                sources.append(source)

    def _without_shared(self, items: list[PlannedItem]) -> list[PlannedItem]:
        """The items none of whose photos a refused row may mean; those that go are refused rows in their turn."""
        while shared := [item for item in items if any(path in self._held for path in item.photos)]:
            for item in shared:
                sources = dict.fromkeys(source for path in item.photos for source in self._held.get(path, ()))
                self.refusals.append(Refusal(item.source, RowSharesPhoto(tuple(sources))))
            for item in shared:
                self._hold(item.source, item.photos)
            items = [item for item in items if item not in shared]
        return items


def _why_not(path: Path, listed: _Listed, others: tuple[str, ...], photos: Photos) -> GalleryError | None:
    """Why a photo that no row names is not taken alone; None when nothing can describe it."""
    if listed.unclear or others:
        return PhotoMayBeListed((*listed.unclear, *others))
    like = [other for other in photos.like(path) if other in listed.named]
    return PhotoLikeListed(photos.name_of(like[0])) if like else None


def _check_new(item: PlannedItem, accepted: Mapping[object, PlannedItem]) -> None:
    if _identity(item) in accepted:
        column = columns.KEY if item.key else columns.PHOTOS
        raise RowRefused((Refusal(item.source, CellRefused(column, _called(item), CellFault.USED_TWICE), column),))


def _identity(item: PlannedItem) -> object:
    return item.key or next(iter(item.photos), item.source)


def _called(item: PlannedItem) -> str:
    return item.key or item.photos[0].name


def _rows(file: Path) -> Rows:
    if file.stat().st_size > MAX_LIST_BYTES:
        raise FieldInvalid(f"list (over {MAX_LIST_BYTES // 2**20} MB)", file.name)
    return rows.rows_of(tables.read(file.read_bytes(), name=file.name), name=file.name)


def _alone(path: Path, photos: Photos, defaults: Defaults) -> PlannedItem:
    return PlannedItem(
        source=photos.name_of(path),
        key=None,
        photos=(path,),
        category_code=defaults.category_code,
        case_number=defaults.case_number,
        description=ItemDescription(title=defaults.title),
        secret=ItemSecrets(),
    )
