"""Where the object is in a photo, so that a square cut out of it for the gallery never cuts the object."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item_photos", sa.Column("object_box", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.drop_column("object_box")
