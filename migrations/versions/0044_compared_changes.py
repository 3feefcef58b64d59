"""Of which items a change concerns what a search compares, and nothing that the gallery lists."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty in a row that a program of the version before writes: it does not say, and all is looked at.
    op.add_column("catalogue_changes", sa.Column("photo_item_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("catalogue_changes") as batch:
        batch.drop_column("photo_item_ids")
