"""Official accounts with who checked them, départements without any, and the pages of albums."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["units.id"], name=op.f("fk_official_accounts_checked_by_id_units")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_official_accounts_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_accounts")),
        sa.UniqueConstraint("address", name=op.f("uq_official_accounts_address")),
        sa.UniqueConstraint("reference", name=op.f("uq_official_accounts_reference")),
    )
    op.create_index(op.f("ix_official_accounts_unit_id"), "official_accounts", ["unit_id"])
    op.create_table(
        "accountless_departements",
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["units.id"], name=op.f("fk_accountless_departements_checked_by_id_units")
        ),
        sa.PrimaryKeyConstraint("departement", name=op.f("pk_accountless_departements")),
    )
    op.create_table(
        "album_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.id"], name=op.f("fk_album_pages_posting_id_postings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_album_pages")),
        sa.UniqueConstraint("code", "posting_id", name=op.f("uq_album_pages_code_posting_id")),
    )
    op.create_index(op.f("ix_album_pages_posting_id"), "album_pages", ["posting_id"])
    # No form and no command has ever filled this column, and what it holds was checked by nobody.
    with op.batch_alter_table("units") as batch:
        batch.drop_column("official_accounts")


def downgrade() -> None:
    with op.batch_alter_table("units") as batch:
        batch.add_column(sa.Column("official_accounts", sa.JSON(), nullable=False, server_default="[]"))
    op.drop_table("album_pages")
    op.drop_table("accountless_departements")
    op.drop_table("official_accounts")
