"""How much an item resembles a declared object without its serial number, which is what the victim is told."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposals", sa.Column("told_level", sa.String(length=32), nullable=True))
    # Others rest on the number as far as anybody knows, until they are compared again.
    op.execute(
        "UPDATE proposals SET told_level = level WHERE CAST(evidence AS VARCHAR(2000)) NOT LIKE '%serial_number%'"
    )


def downgrade() -> None:
    with op.batch_alter_table("proposals") as batch:
        batch.drop_column("told_level")
