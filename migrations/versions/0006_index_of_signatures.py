"""An index that holds all that a process asks of every signature, so that none of their megabytes is walked over."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_signatures_version", "signatures")
    op.create_index("ix_signatures_listed", "signatures", ["version", "photo_id", "made_at"])


def downgrade() -> None:
    op.drop_index("ix_signatures_listed", "signatures")
    op.create_index("ix_signatures_version", "signatures", ["version"])
