"""Daily work in the back office: numbers found without opening items, saved input, second factor, sessions."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("items") as batch:
        batch.add_column(sa.Column("exhibit_key", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("serial_key", sa.String(length=64), nullable=True))
        batch.create_index("ix_items_exhibit", ["unit_id", "exhibit_key"])
        batch.create_index("ix_items_serial", ["unit_id", "serial_key"])
    with op.batch_alter_table("officers") as batch:
        batch.add_column(sa.Column("tf_primary_method", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("tf_totp_secret", sa.String(length=255), nullable=True))
        batch.add_column(sa.Column("mf_recovery_codes", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("tf_last_counter", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("public_id", sa.String(length=24), nullable=True))
    officers = sa.table("officers", sa.column("id", sa.Integer), sa.column("public_id", sa.String))
    connection = op.get_bind()
    for (row_id,) in connection.execute(sa.select(officers.c.id)).all():
        named = officers.update().where(officers.c.id == row_id).values(public_id=secrets.token_urlsafe(12))
        connection.execute(named)
    with op.batch_alter_table("officers") as batch:
        batch.alter_column("public_id", existing_type=sa.String(length=24), nullable=False)
        batch.create_unique_constraint(op.f("uq_officers_public_id"), ["public_id"])
    op.create_table(
        "form_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_form_drafts_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint("officer_id", "subject", name=op.f("uq_form_drafts_officer_id_subject")),
    )
    op.create_table(
        "access_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_access_links_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_links_digest")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_access_links_officer_id")),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_desk_sessions_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_desk_sessions_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_desk_sessions_public_id")),
    )
    op.create_index(op.f("ix_desk_sessions_officer_id"), "desk_sessions", ["officer_id"])


def downgrade() -> None:
    op.drop_table("desk_sessions")
    op.drop_table("access_links")
    op.drop_table("form_drafts")
    with op.batch_alter_table("officers") as batch:
        batch.drop_constraint(op.f("uq_officers_public_id"), type_="unique")
        batch.drop_column("public_id")
        batch.drop_column("tf_last_counter")
        batch.drop_column("mf_recovery_codes")
        batch.drop_column("tf_totp_secret")
        batch.drop_column("tf_primary_method")
    with op.batch_alter_table("items") as batch:
        batch.drop_index("ix_items_serial")
        batch.drop_index("ix_items_exhibit")
        batch.drop_column("serial_key")
        batch.drop_column("exhibit_key")
