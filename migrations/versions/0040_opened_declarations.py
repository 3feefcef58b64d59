"""In which browsers a declaration is open, sealed to the secret in the browser's cookie."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_declarations",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("locator", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_opened_declarations")),
    )
    op.create_index(op.f("ix_opened_declarations_locator"), "opened_declarations", ["locator"])
    op.create_index(op.f("ix_opened_declarations_ends_at"), "opened_declarations", ["ends_at"])


def downgrade() -> None:
    op.drop_table("opened_declarations")
