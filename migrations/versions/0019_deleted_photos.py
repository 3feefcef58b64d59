"""Deleted photos, which can be had back for a day: they belong to no item meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.alter_column("item_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "deleted_photos",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_condemned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_deleted_photos_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["item_photos.id"], name=op.f("fk_deleted_photos_photo_id_item_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_deleted_photos")),
    )
    op.create_index(op.f("ix_deleted_photos_item_id"), "deleted_photos", ["item_id"])


def downgrade() -> None:
    op.drop_table("deleted_photos")
    op.execute("DELETE FROM signatures WHERE photo_id IN (SELECT id FROM item_photos WHERE item_id IS NULL)")
    op.execute("DELETE FROM item_photos WHERE item_id IS NULL")
    with op.batch_alter_table("item_photos") as batch:
        batch.alter_column("item_id", existing_type=sa.Integer(), nullable=False)
