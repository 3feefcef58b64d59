"""What numbers look like, so that a misread one is found; the forms that made something, so that none does it twice."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LOOKS = ("exhibit", "serial")


def upgrade() -> None:
    with op.batch_alter_table("items") as batch:
        for each in LOOKS:
            batch.add_column(sa.Column(f"{each}_look_key", sa.String(64), nullable=True))
            batch.create_index(f"ix_items_{each}_look", ["unit_id", f"{each}_look_key"])
    op.create_table(
        "sent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_sent_forms_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_forms")),
        sa.UniqueConstraint("officer_id", "digest", name=op.f("uq_sent_forms_officer_id_digest")),
    )
    op.create_index(op.f("ix_sent_forms_sent_at"), "sent_forms", ["sent_at"])


def downgrade() -> None:
    op.drop_table("sent_forms")
    with op.batch_alter_table("items") as batch:
        for each in LOOKS:
            batch.drop_index(f"ix_items_{each}_look")
            batch.drop_column(f"{each}_look_key")
