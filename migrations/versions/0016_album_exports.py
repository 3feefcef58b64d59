"""Files of albums that the worker makes; a post that is being sent has a stage of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def word(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "album_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("network", word("facebook", "x", "flickr", "dailymotion", "press", name="network"), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("album", sa.JSON(), nullable=False),
        sa.Column("album_digest", sa.String(length=64), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("state", word("waiting", "making", "ready", "failed", name="exportstate"), nullable=False),
        sa.Column("fault", word("withdrawn", "no_film", "broken", name="exportfault"), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_album_exports_officer_id_officers")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_album_exports_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_album_exports")),
        sa.UniqueConstraint("reference", name=op.f("uq_album_exports_reference")),
    )
    op.create_index("ix_album_exports_due", "album_exports", ["state", "leased_until"])
    op.create_index(op.f("ix_album_exports_unit_id"), "album_exports", ["unit_id"])
    _stages("due", "sending", "stopped", "published")
    op.execute("UPDATE page_posts SET stage = 'sending', fault = '' WHERE fault = 'posting'")


def downgrade() -> None:
    op.execute("UPDATE page_posts SET stage = 'due', fault = 'posting' WHERE stage = 'sending'")
    _stages("due", "stopped", "published")
    op.drop_table("album_exports")


def _stages(*values: str) -> None:
    words = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("page_posts") as batch:
        batch.drop_constraint(op.f("ck_page_posts_poststage"), type_="check")
        batch.create_check_constraint(op.f("ck_page_posts_poststage"), f"stage IN ({words})")
