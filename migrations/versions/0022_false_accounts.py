"""Accounts that claim to be a unit's and are not."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "false_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_false_accounts")),
        sa.UniqueConstraint("address", name=op.f("uq_false_accounts_address")),
        sa.UniqueConstraint("reference", name=op.f("uq_false_accounts_reference")),
    )


def downgrade() -> None:
    op.drop_table("false_accounts")
