"""What looks like a flood waits for officers: by what it is known, and what they have said of it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("declarations") as batch:
        batch.add_column(sa.Column("contact_key", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("verdict", _verdict(), nullable=True))
        batch.add_column(sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_declarations_contact_key", "declarations", ["contact_key", "declared_at"])
    op.create_index(op.f("ix_declarations_verdict"), "declarations", ["verdict"])
    with op.batch_alter_table("claims") as batch:
        batch.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("verdict", _verdict(), nullable=True))
        batch.add_column(sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_claims_claimed_at", "claims", ["claimed_at"])
    op.create_index(op.f("ix_claims_held_at"), "claims", ["held_at"])
    op.create_index(op.f("ix_claims_verdict"), "claims", ["verdict"])


def downgrade() -> None:
    for name in ("verdict", "held_at", "claimed_at"):
        op.drop_index(f"ix_claims_{name}", "claims")
    for name in ("verdict", "contact_key"):
        op.drop_index(f"ix_declarations_{name}", "declarations")
    with op.batch_alter_table("claims") as batch:
        batch.drop_constraint(op.f("ck_claims_verdict"), type_="check")
        for name in ("judged_at", "verdict", "held_at"):
            batch.drop_column(name)
    with op.batch_alter_table("declarations") as batch:
        batch.drop_constraint(op.f("ck_declarations_verdict"), type_="check")
        for name in ("judged_at", "verdict", "contact_key"):
            batch.drop_column(name)


def _verdict() -> sa.Enum:
    return sa.Enum("release", "bury", name="verdict", native_enum=False, create_constraint=True, length=32)
