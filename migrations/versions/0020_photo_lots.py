"""Photos that wait in a case before they belong to an item."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_photo_lots_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_lots")),
        sa.UniqueConstraint("case_id", name=op.f("uq_photo_lots_case_id")),
    )
    op.create_table(
        "lot_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("taken", sa.String(length=24), nullable=False),
        sa.Column("camera", sa.String(length=16), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("rendition_digest", sa.String(length=64), nullable=False),
        sa.Column("renditions", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["photo_lots.id"], name=op.f("fk_lot_photos_lot_id_photo_lots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_photos")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lot_photos_public_id")),
        sa.UniqueConstraint("lot_id", "original_sha256", name=op.f("uq_lot_photos_lot_id_original_sha256")),
    )
    op.create_index(op.f("ix_lot_photos_original_sha256"), "lot_photos", ["original_sha256"])
    op.create_index(op.f("ix_lot_photos_rendition_digest"), "lot_photos", ["rendition_digest"])


def downgrade() -> None:
    op.drop_table("lot_photos")
    op.drop_table("photo_lots")
