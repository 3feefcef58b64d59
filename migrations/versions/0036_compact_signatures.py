"""The part of a declared photo's signature that new items are compared with, sealed apart."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("declared_photos", sa.Column("sealed_compact", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("declared_photos") as batch:
        batch.drop_column("sealed_compact")
