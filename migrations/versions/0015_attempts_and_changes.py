"""Attempts to sign in, which wait longer each time; when credentials were changed that the officer has not read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_counts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attempt_counts")),
    )
    op.create_index(op.f("ix_attempt_counts_last_at"), "attempt_counts", ["last_at"])
    with op.batch_alter_table("officers") as batch:
        batch.add_column(sa.Column("changes_unread_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("officers") as batch:
        batch.drop_column("changes_unread_since")
    op.drop_table("attempt_counts")
