"""Mails to victims: addresses to be confirmed, deliveries, and the references that `/verifier` knows."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_references",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_references")),
    )
    op.create_table(
        "declared_addresses",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("state", _word("addressstate", "waiting", "confirmed", "refused"), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code_reference", sa.String(length=16), nullable=False),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declarations.id"],
            name=op.f("fk_declared_addresses_declaration_id_declarations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_declared_addresses")),
    )
    op.create_index(op.f("ix_declared_addresses_address_key"), "declared_addresses", ["address_key"])
    op.create_table(
        "declaration_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("kind", _word("mailkind", "code", "found"), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", _word("mailstate", "due", "deferred", "sent", "refused"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declarations.id"],
            name=op.f("fk_declaration_mails_declaration_id_declarations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_mails")),
        sa.UniqueConstraint("reference", name=op.f("uq_declaration_mails_reference")),
    )
    op.create_index(op.f("ix_declaration_mails_declaration_id"), "declaration_mails", ["declaration_id"])
    op.create_index("ix_declaration_mails_due", "declaration_mails", ["state", "next_try_at"])


def downgrade() -> None:
    for name in ("declaration_mails", "declared_addresses", "mail_references"):
        op.drop_table(name)


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
