"""What waiting photos look like, which they resemble, and who has vouched for what was published."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NEW = (
    sa.Column("described_digest", sa.String(length=64), nullable=False, server_default=""),
    sa.Column("description_attempts", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
    sa.Column("together", sa.String(length=24), nullable=True),
    sa.Column("likely_category", sa.String(length=32), nullable=False, server_default=""),
    sa.Column("likely_colours", sa.JSON(), nullable=False, server_default="[]"),
)


def upgrade() -> None:
    op.create_table(
        "waiting_signatures",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("compact", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["lot_photos.id"], name=op.f("fk_waiting_signatures_photo_id_lot_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_waiting_signatures")),
    )
    op.create_table(
        "waiting_resemblances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("item_photo_id", sa.Integer(), nullable=False),
        sa.Column("likelihood", sa.String(length=16), nullable=False),
        sa.Column("is_same_photo", sa.Boolean(), nullable=False),
        sa.Column("is_ignored", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["lot_photos.id"], name=op.f("fk_waiting_resemblances_photo_id_lot_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_photo_id"],
            ["item_photos.id"],
            name=op.f("fk_waiting_resemblances_item_photo_id_item_photos"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_resemblances")),
        sa.UniqueConstraint("photo_id", "item_photo_id", name=op.f("uq_waiting_resemblances_photo_id_item_photo_id")),
    )
    op.create_index(op.f("ix_waiting_resemblances_item_photo_id"), "waiting_resemblances", ["item_photo_id"])
    op.create_table(
        "publication_checks",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consulted_by", sa.String(length=120), nullable=False),
        sa.Column("consulted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_publication_checks_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_publication_checks_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_publication_checks")),
    )
    op.create_index(op.f("ix_publication_checks_officer_id"), "publication_checks", ["officer_id"])
    with op.batch_alter_table("lot_photos") as batch:
        for column in NEW:
            batch.add_column(column)
    # Rows that are there have got their values; the program gives those of new ones.
    with op.batch_alter_table("lot_photos") as batch:
        for column in NEW:
            if column.server_default is not None:
                batch.alter_column(column.name, server_default=None)
    with op.batch_alter_table("photo_lots") as batch:
        batch.add_column(sa.Column("made", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("photo_lots") as batch:
        batch.alter_column("made", server_default=None)
    # The last acts were kept in another form; what they have done stays.
    op.execute("UPDATE photo_lots SET undo = '[]'")


def downgrade() -> None:
    op.execute("UPDATE photo_lots SET undo = '[]'")
    with op.batch_alter_table("photo_lots") as batch:
        batch.drop_column("made")
    with op.batch_alter_table("lot_photos") as batch:
        for column in reversed(NEW):
            batch.drop_column(column.name)
    op.drop_table("publication_checks")
    op.drop_table("waiting_resemblances")
    op.drop_table("waiting_signatures")
