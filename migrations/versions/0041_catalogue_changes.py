"""Which items each of the last changes of the gallery was of, so that a process reads these alone."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_changes",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_ids", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_catalogue_changes")),
    )


def downgrade() -> None:
    op.drop_table("catalogue_changes")
