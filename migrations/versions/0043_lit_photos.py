"""Whether a lamp hides a part of a photo's object, as describing it has told."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLES = ("item_photos", "lot_photos")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("lit_share", sa.Double(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("lit_share")
