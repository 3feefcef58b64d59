"""What each waiting photo seems to show of people and their papers, as kinds; null: not looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot_photos", sa.Column("private_kinds", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lot_photos") as batch:
        batch.drop_column("private_kinds")
