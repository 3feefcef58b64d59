"""Mails to victims and to who helps them, what each was told, and numbers that say when declarations have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PERSONS = ("victim", "helper")


def upgrade() -> None:
    op.create_table(
        "declaration_changes",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_declaration_changes")),
    )
    with op.batch_alter_table("declaration_messages") as batch:
        batch.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_declaration_messages_untold", "declaration_messages", ["kind", "told_at"])
    op.create_index("ix_declarations_declared_at", "declarations", ["declared_at"])
    addresses, mails = _emptied("declared_addresses"), _emptied("declaration_mails")
    _make_addresses(
        sa.Column("person", _word("addressee", *PERSONS), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=True),
        key=("declaration_id", "person"),
    )
    _make_mails(("code", "found", "ending"), sa.Column("person", _word("addressee", *PERSONS), nullable=False))
    _fill("declared_addresses", [{**each, "person": "victim", "told_until": None} for each in addresses])
    _fill("declaration_mails", [{**each, "person": "victim"} for each in mails])


def downgrade() -> None:
    addresses, mails = _emptied("declared_addresses"), _emptied("declaration_mails")
    _make_addresses(key=("declaration_id",))
    _make_mails(("code", "found"))
    _fill("declared_addresses", [_without_person(each) for each in addresses if each["person"] == "victim"])
    kept = [each for each in mails if each["person"] == "victim" and each["kind"] != "ending"]
    _fill("declaration_mails", [_without_person(each) for each in kept])
    op.drop_index("ix_declarations_declared_at", "declarations")
    op.drop_index("ix_declaration_messages_untold", "declaration_messages")
    with op.batch_alter_table("declaration_messages") as batch:
        batch.drop_column("told_at")
    op.drop_table("declaration_changes")


def _emptied(name: str) -> list[dict[str, object]]:
    """The rows of a table, which is gone afterwards: SQLite can change neither a key nor what a column may hold."""
    connection = op.get_bind()
    rows = sa.Table(name, sa.MetaData(), autoload_with=connection)
    found = [dict(each) for each in connection.execute(sa.select(rows)).mappings()]
    op.drop_table(name)
    return found


def _fill(name: str, rows: list[dict[str, object]]) -> None:
    connection = op.get_bind()
    if rows:
        connection.execute(sa.insert(sa.Table(name, sa.MetaData(), autoload_with=connection)), rows)
    if name == "declaration_mails" and connection.dialect.name == "postgresql":
        connection.execute(sa.text(NUMBERED_ON))


NUMBERED_ON = """
    SELECT setval(pg_get_serial_sequence('declaration_mails', 'id'), (SELECT coalesce(max(id), 0) + 1
    FROM declaration_mails), false)
"""


def _without_person(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in ("person", "told_until")}


def _make_addresses(*more: "sa.Column[object]", key: tuple[str, ...]) -> None:
    op.create_table(
        "declared_addresses",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        *more,
        sa.Column("state", _word("addressstate", "waiting", "confirmed", "refused"), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code_reference", sa.String(length=16), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_mail_at", sa.DateTime(timezone=True), nullable=True),
        _of_declaration("declared_addresses"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_declared_addresses")),
    )
    op.create_index(op.f("ix_declared_addresses_address_key"), "declared_addresses", ["address_key"])


def _make_mails(kinds: tuple[str, ...], *more: "sa.Column[object]") -> None:
    op.create_table(
        "declaration_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        *more,
        sa.Column("kind", _word("mailkind", *kinds), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", _word("mailstate", "due", "deferred", "sent", "refused"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        _of_declaration("declaration_mails"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_mails")),
        sa.UniqueConstraint("reference", name=op.f("uq_declaration_mails_reference")),
    )
    op.create_index(op.f("ix_declaration_mails_declaration_id"), "declaration_mails", ["declaration_id"])
    op.create_index("ix_declaration_mails_due", "declaration_mails", ["state", "next_try_at"])


def _of_declaration(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_declaration_id_declarations")
    return sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=name, ondelete="CASCADE")


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
