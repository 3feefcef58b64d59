"""Whose the stores are: the database's identity, files that were released, and how the last sweep of each store ended."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REFUSALS = ("of_another_database", "unknown", "too_many")


def word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "database_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_database_identity")),
    )
    op.create_table(
        "released_files",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_released_files")),
    )
    op.create_index(op.f("ix_released_files_released_at"), "released_files", ["released_at"])
    op.create_table(
        "sweep_reports",
        sa.Column("store", word("storename", "public", "private"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refusal", word("sweeprefusal", *REFUSALS), nullable=True),
        sa.Column("unexplained", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("store", name=op.f("pk_sweep_reports")),
    )


def downgrade() -> None:
    op.drop_table("sweep_reports")
    op.drop_table("released_files")
    op.drop_table("database_identity")
