"""Which photos are damaged: the officer is asked for another one."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("item_photos", "lot_photos")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("is_damaged", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("is_damaged")
