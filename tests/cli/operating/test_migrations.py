"""The rule of docs/operations.md, "Upgrades": what an older program uses is taken away in a step of its own, marked."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click.testing import Result
from sqlalchemy import Engine, text

from gallery.cli import schema
from gallery.database import open_engine
from gallery.services.schema import MIGRATIONS, known_revisions
from tests import databases

# Before the rule was made.
FORMER = {"0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0010", "0011"}
FILES = sorted(path for path in (MIGRATIONS / "versions").glob("*.py") if path.name[:4] not in FORMER)
TAKING = {"drop_column", "drop_table", "rename_table"}
IN_SQL = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL)\b", re.IGNORECASE)


def takes_away(source: str) -> Iterator[str]:
    """What the upgrade of a migration does that an older program may not live with."""
    upgrade = next(each for each in ast.parse(source).body if getattr(each, "name", "") == "upgrade")
    for node in ast.walk(upgrade):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (found[0] for found in IN_SQL.finditer(node.value))
        if isinstance(node, ast.Call):
            yield from _by_call(node)


def _by_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", "")
    given = {each.arg: each.value for each in call.keywords}
    narrows = isinstance(given.get("nullable"), ast.Constant) and given["nullable"].value is False
    if name in TAKING or (name == "alter_column" and ({"new_column_name", "type_"} & given.keys() or narrows)):
        yield name


def is_marked(source: str) -> bool:
    return bool(re.search(r'^takes_away = "..+"', source, re.MULTILINE))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_takes_something_away_is_marked(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    taken = list(takes_away(source))
    assert not taken or is_marked(source), f"{taken}: two steps, or takes_away (docs/operations.md, Upgrades)"


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_table("items")',
        'op.rename_table("items", "objects")',
        'op.execute("ALTER TABLE items DROP COLUMN title")',
        'batch.alter_column("title", new_column_name="name")',
        'batch.alter_column("title", nullable=False)',
        'batch.alter_column("title", type_=sa.Integer())',
    ],
)
def test_the_rule_sees_what_takes_away(line: str) -> None:
    assert list(takes_away(f"def upgrade():\n    {line}\n\ndef downgrade():\n    pass\n"))


def test_the_rule_lets_additions_pass() -> None:
    down = 'def downgrade():\n    op.drop_table("b")\n'
    added = 'def upgrade():\n    op.add_column("items", sa.Column("a", nullable=False))\n\n' + down
    assert not list(takes_away(added))


def test_files_are_named_by_their_revisions() -> None:
    revisions = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert tuple(reversed(revisions)) == known_revisions()


def test_migrating_notes_the_last_one_that_took_something_away(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    schema.upgrade(address)
    taking = [path.name[:4] for path in FILES if is_marked(path.read_text(encoding="utf-8"))]
    with open_engine(address).connect() as connection:
        assert connection.scalar(text("SELECT revision FROM schema_reach")) == (taking or ["0001"])[-1]


@pytest.mark.parametrize(("reach", "status"), [("0011", 0), ("9999", 2)], ids=["gained only", "lost something"])
def test_a_program_that_was_put_back_migrates_nothing(
    flask: Callable[..., Result], engine: Engine, reach: str, status: int
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("DELETE FROM schema_reach"))
        connection.execute(text("INSERT INTO schema_reach (id, revision) VALUES (1, :reach)"), {"reach": reach})
    done = flask("migrate")
    databases.begin_anew(engine)
    assert (done.exit_code, "9999" in done.stderr) == (status, status == 2), done.output
