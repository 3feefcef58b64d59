"""How Alembic meets the database: through `gallery.cli.schema`, or from the developer's `alembic` command."""

from alembic import context
from sqlalchemy import Connection, Enum
from sqlalchemy.types import TypeDecorator

from gallery import models
from gallery.cli.schema import writing_connection
from gallery.config import load_settings


def render_type(kind: str, value: object, _context: object) -> str | bool:
    """Write a column type of ours as the plain type below it: a migration must not change with the code."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{value.impl_instance!r}"
    if kind == "type" and isinstance(value, Enum):
        words = ", ".join(repr(word) for word in value.enums)
        return (
            f"sa.Enum({words}, name={value.name!r}, native_enum=False, create_constraint=True, length={value.length})"
        )
    return False


def run(connection: Connection) -> None:
    """Migrate on this connection, inside the transaction that it has begun."""
    context.configure(
        connection=connection,
        target_metadata=models.Item.metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_server_default=True,
        include_name=lambda name, kind, _: kind != "table" or not str(name).startswith(models.FULL_TEXT_TABLE),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with writing_connection(load_settings(()).database_address) as opened:
        run(opened)
