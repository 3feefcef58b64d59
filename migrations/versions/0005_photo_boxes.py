"""The box that an officer draws around the object in a photo."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.add_column(sa.Column("box", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.drop_column("box")
