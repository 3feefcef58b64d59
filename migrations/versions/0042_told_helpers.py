"""Whether somebody helps a victim, and when they were told of each piece of news."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OBJECT = "(SELECT declaration_id FROM declared_objects WHERE declared_objects.id = proposals.object_id)"
# What a mail has told the helper of, and what the victim knew before there was a call list for helpers.
KNOWN = """
    UPDATE {table} SET helper_told_at = coalesce(told_at, (
        SELECT told_until FROM declared_addresses
        WHERE declared_addresses.declaration_id = {declaration} AND person = 'helper' AND told_until >= {table}.{at}
    ))
"""
# Of a claim's state its own row says that it was seen.
SEEN = """
    UPDATE declaration_messages SET helper_told_at = (
        SELECT seen_at FROM claims WHERE claims.id = claim_id AND seen_at >= declaration_messages.at
    ) WHERE helper_told_at IS NULL AND claim_id IS NOT NULL
"""


def upgrade() -> None:
    # The contact is sealed: the worker looks at each.
    op.add_column("declarations", sa.Column("has_helper", sa.Boolean(), nullable=True))
    for table, declaration, at in (
        ("declaration_messages", "declaration_messages.declaration_id", "at"),
        ("proposals", OBJECT, "decided_at"),
    ):
        op.add_column(table, sa.Column("helper_told_at", sa.DateTime(timezone=True), nullable=True))
        op.execute(KNOWN.format(table=table, declaration=declaration, at=at))
    op.execute(SEEN)


def downgrade() -> None:
    for table in ("proposals", "declaration_messages"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("helper_told_at")
    with op.batch_alter_table("declarations") as batch:
        batch.drop_column("has_helper")
