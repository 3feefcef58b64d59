"""Which categories keep inscriptions and distinguishing features from the public until an officer says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Those for which the program did so before anybody could choose.
WITHHOLDING = ("jewellery", "watches", "phones")


def upgrade() -> None:
    with op.batch_alter_table("categories") as batch:
        batch.add_column(sa.Column("withholds", sa.Boolean(), nullable=False, server_default=sa.false()))
    categories = sa.table("categories", sa.column("code", sa.String), sa.column("withholds", sa.Boolean))
    op.execute(categories.update().where(categories.c.code.in_(WITHHOLDING)).values(withholds=True))


def downgrade() -> None:
    with op.batch_alter_table("categories") as batch:
        batch.drop_column("withholds")
