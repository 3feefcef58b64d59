"""When a worker last took the turn to keep house, apart from how its sweep ended."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("database_identity", sa.Column("sweep_begun_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("database_identity") as batch:
        batch.drop_column("sweep_begun_at")
