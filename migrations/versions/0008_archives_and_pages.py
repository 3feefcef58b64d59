"""Archives of Facebook albums that officers give; pages of units, and albums on their way there."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facebook_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("page_number", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_facebook_pages_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facebook_pages")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_facebook_pages_unit_id")),
    )
    op.create_table(
        "given_archives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "receiving",
                "reading",
                "read",
                "importing",
                "done",
                "refused",
                name="archivestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_given_archives_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_given_archives_category_id_categories")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_given_archives_officer_id_officers")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_given_archives_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_archives")),
        sa.UniqueConstraint("reference", name=op.f("uq_given_archives_reference")),
    )
    op.create_index("ix_given_archives_due", "given_archives", ["state", "leased_until"])
    op.create_index(op.f("ix_given_archives_unit_id"), "given_archives", ["unit_id"])
    op.create_table(
        "page_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("page_number", sa.String(length=32), nullable=False),
        sa.Column("album", sa.JSON(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "due", "stopped", "published", name="poststage", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.id"], name=op.f("fk_page_posts_posting_id_postings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_posts")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_page_posts_posting_id")),
    )
    op.create_index("ix_page_posts_due", "page_posts", ["stage", "leased_until"])
    op.create_table(
        "post_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("photo_public_id", sa.String(length=24), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "waiting", "sent", "refused", name="photooutcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("media_number", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["page_posts.id"], name=op.f("fk_post_photos_post_id_page_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_photos")),
        sa.UniqueConstraint("post_id", "position", name=op.f("uq_post_photos_post_id_position")),
    )


def downgrade() -> None:
    op.drop_table("post_photos")
    op.drop_table("page_posts")
    op.drop_table("given_archives")
    op.drop_table("facebook_pages")
