"""How soon a process that starts answers, and what it holds: python -m bench restart [FOLDER] [--size N].

A SQLite database of published photos; one process after the other starts on it, first without a snapshot of the
catalogue, then with one. The limit: 10 seconds to the first answer with 100,000 photos.
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from bench.crowd import crowd
from gallery import matching
from gallery.database import Base, open_engine, session_factory
from gallery.matching.evaluation.dataset import read_galleries, read_picture
from gallery.models import (
    Case,
    Item,
    ItemPhoto,
    ItemStatus,
    SignatureState,
    StoredSignature,
    Unit,
    UnitKind,
)
from gallery.services import revision
from gallery.services.items import categories
from gallery.services.search.memory import MemoryCatalogue
from gallery.services.transaction import atomic

REAL_PHOTOS = 120
AT_ONCE = 1000
WITHDRAWN = 7
MEBIBYTE = 2**20
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def main(arguments: list[str]) -> None:
    """Print seconds and megabytes."""
    parser = argparse.ArgumentParser(prog="bench restart", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--size", type=int, default=100_000)
    options = parser.parse_args(arguments)
    real = real_signatures(options.folder)
    with tempfile.TemporaryDirectory() as folder:
        address, snapshots = f"sqlite:///{folder}/gallery.sqlite3", Path(folder) / "catalogue"
        fill(address, real, options.size)
        print(f"{options.size} photos")
        _in_process(_start, "without a snapshot", address, snapshots, real[0])
        _in_process(_write, "writing the snapshot", address, snapshots, real[0])
        _in_process(_start, "with the snapshot", address, snapshots, real[0])


def _in_process(act: object, name: str, *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=act, args=(name, *arguments))  # type: ignore[arg-type]
    process.start()
    process.join()


def _start(name: str, address: str, snapshots: Path, asked: matching.Signature) -> None:
    """Answer one search, then one after an item was withdrawn, after a change that names no items, and after none."""
    sessions = session_factory(open_engine(address))
    searched = MemoryCatalogue(sessions, snapshots)

    def seconds() -> float:
        started = time.perf_counter()
        matching.rank([asked], searched.current())
        return time.perf_counter() - started

    times = [seconds()]
    for items in ([WITHDRAWN], None):
        with sessions() as session, atomic(session):
            session.execute(update(Item).where(Item.id == WITHDRAWN).values(status=ItemStatus.WITHDRAWN))
            revision.touch(session) if items is None else revision.touch_items(session, items)
        times.append(seconds())
    times.append(seconds())
    own, mapped = memory()
    told = "first answer after {:.1f} s, with one item withdrawn {:.2f} s, any change {:.2f} s, no change {:.2f} s"
    print(f"{name}: {told.format(*times)}; {own} MiB of its own, {mapped} MiB mapped from files", flush=True)


def memory() -> tuple[int, int]:
    """MiB that this process alone has, and those of files, which all processes that map them have together."""
    lines = dict(line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    resident, anonymous = (int(lines[name].split()[0]) for name in ("Rss", "Anonymous"))
    return anonymous // 1024, (resident - anonymous) // 1024


def _write(name: str, address: str, snapshots: Path, _asked: matching.Signature) -> None:
    started = time.perf_counter()
    MemoryCatalogue(session_factory(open_engine(address)), snapshots).write_snapshot(min_new=1, now=datetime.now(UTC))
    size = sum(path.stat().st_size for path in snapshots.rglob("*.npy"))
    print(f"{name}: {time.perf_counter() - started:.1f} s, {size / MEBIBYTE:.0f} MiB", flush=True)


def real_signatures(folder: Path) -> list[matching.Signature]:
    """Signatures of some photos of the labelled sets."""
    paths = list(dict.fromkeys(one.path for gallery in read_galleries(folder) for one in gallery.photographs))
    return [matching.describe(read_picture(path)) for path in paths[:: max(1, len(paths) // REAL_PHOTOS)]]


def fill(address: str, real: Sequence[matching.Signature], size: int) -> None:
    """Make a database of this many published photos like these, with their details, each of an item of its own."""
    details = cycle([signature.details_bytes() for signature in real])
    store(address, ((each.compact(), next(details)) for each in crowd(real, size)), size)


def store(address: str, signatures: Iterator[tuple[bytes, bytes]], size: int) -> None:
    """Make a database of published photos with the first of these, (compact, details), each of an item of its own."""
    engine = open_engine(address)
    Base.metadata.create_all(engine)
    with session_factory(engine)() as session:
        case = make_case(session)
        for first in range(0, size, AT_ONCE):
            with atomic(session):
                store_more(session, case, first + 1, list(islice(signatures, min(AT_ONCE, size - first))))
    engine.dispose()


def store_more(session: Session, case: Case, first: int, signatures: Sequence[tuple[bytes, bytes]]) -> None:
    """Add published photos with these, (compact, details), numbered from `first` on; inside atomic()."""
    numbered = list(enumerate(signatures, first))
    session.execute(insert(Item), [_item(number, case) for number, _ in numbered])
    session.execute(insert(ItemPhoto), [_photo(number) for number, _ in numbered])
    session.execute(insert(StoredSignature), [_signature(number, *each) for number, each in numbered])


def make_case(session: Session) -> Case:
    """Make what published photos belong to."""
    with atomic(session):
        categories.ensure_categories(session)
        unit = Unit(code="BENCH", name="Bench", kind=UnitKind.GENDARMERIE, departement="35")
        case = Case(reference="bench", unit=unit, sealed=b"", created_at=NOW)
        session.add(case)
        revision.touch(session)
    return case


def _item(number: int, case: Case) -> dict[str, object]:
    return {
        "id": number, "public_number": f"35-{number}", "unit_id": case.unit_id, "case_id": case.id, "category_id": 1,
        "status": ItemStatus.PUBLISHED, "title": "Objet", "sealed": b"", "created_at": NOW, "updated_at": NOW,
        "published_at": NOW, "version": 1,
    }  # fmt: skip


def _signature(number: int, compact: bytes, details: bytes) -> dict[str, object]:
    return {
        "id": number, "photo_id": number, "version": matching.current_version(), "made_at": NOW,
        "compact": compact, "details": details,
    }  # fmt: skip


def _photo(number: int) -> dict[str, object]:
    return {
        "id": number, "public_id": str(number), "item_id": number, "position": 0, "original_sha256": f"{number:064}",
        "original_bytes": 1, "media_type": "image/jpeg", "width": 1, "height": 1, "rendition_digest": f"{number:064}",
        "renditions": [], "signature_state": SignatureState.DONE, "created_at": NOW,
    }  # fmt: skip
