"""How an installation goes to another database or another store: copied, read back and compared; can be stopped.

What is half moved says whose it is, so that a second run goes on with it and nothing else is ever written over.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, inspect, select, text, tuple_

from gallery.errors import CopyDiffers, FileAbsent, TargetNotEmpty
from gallery.services.backups import rows
from gallery.services.backups.encryption import digest_of, temporary
from gallery.services.backups.making import Progress
from gallery.services.backups.restoring import check_empty
from gallery.services.schema import HALF_MOVED
from gallery.storage import PhotoStore


def let_nobody_write(connection: Connection) -> None:
    """Keep other writers out of the source until the transaction ends; on SQLite it is a writer's own already."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(shape.name for shape in rows.shapes())
        connection.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))


def is_begun(connection: Connection, identity: str) -> bool:
    """Whether a move of this database into this one was begun; raise TargetNotEmpty for anything else than that."""
    if not inspect(connection).has_table(HALF_MOVED.name):
        check_empty(connection)
        return False
    whose = connection.scalar(select(HALF_MOVED.c.identity))
    if whose != identity:
        raise TargetNotEmpty(f"half of database {whose}")
    return True


def begin(connection: Connection, identity: str) -> None:
    """Empty new tables of what came with them, and say whose the rows will be."""
    for shape in reversed(rows.shapes()):
        connection.execute(delete(shape.clause))
    HALF_MOVED.create(connection)
    connection.execute(HALF_MOVED.insert().values(identity=identity))


def copy(lines: Sequence[str], shape: rows.TableShape, to: Connection) -> int:
    """Write those of these rows that are not there yet, and compare all; return how many. Raises CopyDiffers."""
    before = _there(lines, shape, to)
    missing = [line for line in lines if _key(shape, line) not in before]
    rows.write(to, shape, missing)
    now = _there(lines, shape, to)
    for line in lines:
        if now[_key(shape, line)] != line:
            raise CopyDiffers(f"the table {shape.name}, row {_key(shape, line)}")
    return len(missing)


def end(connection: Connection, counted: Sequence[tuple[rows.TableShape, rows.RowTally]]) -> None:
    """Compare whole tables, let numbers go on, and forget that this was a move; raise CopyDiffers."""
    for shape, tally in counted:
        if rows.tally(connection, shape) != tally:
            raise CopyDiffers(f"the table {shape.name}")
        rows.continue_numbers(connection, shape)
    HALF_MOVED.drop(connection)


def move_files(store: PhotoStore, to: PhotoStore, identity: str, told: Progress) -> tuple[int, int]:
    """Copy every file, the trash too, and read each back; return how many there are and how many were written."""
    owner = to.identity()
    if owner != identity and (owner is not None or next(iter(to.files()), None) is not None):
        raise TargetNotEmpty("the new store")
    to.claim(identity)
    seen = written = 0
    for key in _keys(store):
        with temporary() as content, temporary() as copied:
            store.copy_into(key, content)
            if not _is_same(to, key, digest_of(content)):
                to.put_file(key, content)
                written += 1
                to.copy_into(key, copied)
                if digest_of(copied) != digest_of(content):
                    raise CopyDiffers(key)
        seen += 1
        told("files", 1)
    return seen, written


def _keys(store: PhotoStore) -> Iterator[str]:
    yield from (file.key for file in store.files())
    yield from (key for key, _, _ in store.trash())


def _is_same(store: PhotoStore, key: str, digest: bytes) -> bool:
    try:
        with temporary() as held:
            store.copy_into(key, held)
            return digest_of(held) == digest
    except FileAbsent:
        return False


def _there(lines: Sequence[str], shape: rows.TableShape, to: Connection) -> dict[tuple[Any, ...], str]:
    keys = [_key(shape, line) for line in lines]
    clause = shape.clause
    wanted = select(clause).where(tuple_(*(clause.c[name] for name in shape.key)).in_(keys))
    found = [rows.line_of(row) for row in to.execute(wanted)]
    return {_key(shape, line): line for line in found}


def _key(shape: rows.TableShape, line: str) -> tuple[Any, ...]:
    values = rows.values_of(shape, line)
    return tuple(values[name] for name in shape.key)
