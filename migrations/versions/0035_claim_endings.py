"""Lines that a victim is told name the claim that they are about; drops that no key opens are set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("declaration_messages") as batch:
        batch.add_column(sa.Column("claim_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_declaration_messages_claim_id_claims"), "claims", ["claim_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_declaration_messages_claim_id"), "declaration_messages", ["claim_id"])
    op.add_column("declaration_inbox", sa.Column("unreadable_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_declaration_inbox_unreadable_at"), "declaration_inbox", ["unreadable_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_declaration_inbox_unreadable_at"), "declaration_inbox")
    with op.batch_alter_table("declaration_inbox") as batch:
        batch.drop_column("unreadable_at")
    op.drop_index(op.f("ix_declaration_messages_claim_id"), "declaration_messages")
    with op.batch_alter_table("declaration_messages") as batch:
        batch.drop_constraint(op.f("fk_declaration_messages_claim_id_claims"), type_="foreignkey")
        batch.drop_column("claim_id")
