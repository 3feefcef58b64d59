"""A segment as files that processes map: one copy in the machine's memory, however many search it.

Written aside and renamed, so that what is there is whole. Files of this machine only: nothing of them comes from a
stranger, and arrays are read without pickle.
"""

import secrets
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, cast, get_args, get_type_hints

import numpy as np
import numpy.typing as npt

from gallery.errors import SignatureUnreadable
from gallery.matching.catalogue.segment import Segment

Arrays = Mapping[str, npt.NDArray[Any]]


def write_segment(segment: Segment, folder: Path, *, more: Arrays) -> None:
    """Write a segment, and more arrays under names of their own, as a folder that is not there yet."""
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    partial.mkdir(parents=True)
    try:
        for name, array in (*_named(segment, "segment"), *more.items()):
            np.save(partial / f"{name}.npy", array, allow_pickle=False)
        partial.rename(folder)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def map_segment(folder: Path) -> tuple[Segment, Callable[[str], npt.NDArray[Any]]]:
    """Map the segment of a folder, and a reader of its other arrays; raise SignatureUnreadable when it is damaged."""

    def load(name: str) -> npt.NDArray[Any]:
        try:
            return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError, EOFError) as error:
            raise SignatureUnreadable(f"{folder.name}: {name}") from error

    written = frozenset(path.name for path in folder.glob("*.npy"))
    segment: Segment = _built(Segment, "segment", load, written)
    return segment, load


def _named(value: Any, name: str) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for field in fields(value):
        part, place = getattr(value, field.name), f"{name}.{field.name}"
        if is_dataclass(part):
            yield from _named(part, place)
        elif part is not None:
            yield place, part


def _built(kind: Any, name: str, load: Callable[[str], npt.NDArray[Any]], written: Collection[str]) -> Any:
    """Read a value of this kind: an array, or a dataclass of such values; None for an optional one without files."""
    if NoneType in get_args(kind):
        if not any(file.startswith(f"{name}.") for file in written):
            return None
        (kind,) = set(get_args(kind)) - {NoneType}
    if not is_dataclass(kind):
        return load(name)
    hints = get_type_hints(kind)
    parts = {each.name: _built(hints[each.name], f"{name}.{each.name}", load, written) for each in fields(kind)}
    return cast(type, kind)(**parts)
