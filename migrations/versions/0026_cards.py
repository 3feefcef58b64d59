"""Numbers on cards, what a photo hides, and the groups of photos that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_numbers",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_card_numbers_unit_id_units")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_card_numbers")),
    )
    op.create_index(op.f("ix_card_numbers_unit_id"), "card_numbers", ["unit_id"])
    with op.batch_alter_table("item_photos") as batch:
        batch.add_column(sa.Column("hidden", sa.JSON(), nullable=True))
    with op.batch_alter_table("photo_lots") as batch:
        batch.add_column(sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("undo", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("lot_photos") as batch:
        batch.add_column(sa.Column("number", sa.String(length=16), nullable=False, server_default=""))
        batch.add_column(sa.Column("hidden", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("moved_to", sa.String(length=16), nullable=True))
    # Rows that are there have got their values; the program gives those of new ones.
    with op.batch_alter_table("photo_lots") as batch:
        batch.alter_column("words", server_default=None)
        batch.alter_column("undo", server_default=None)
    with op.batch_alter_table("lot_photos") as batch:
        batch.alter_column("number", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("lot_photos") as batch:
        batch.drop_column("moved_to")
        batch.drop_column("hidden")
        batch.drop_column("number")
    with op.batch_alter_table("photo_lots") as batch:
        batch.drop_column("undo")
        batch.drop_column("words")
    with op.batch_alter_table("item_photos") as batch:
        batch.drop_column("hidden")
    op.drop_table("card_numbers")
