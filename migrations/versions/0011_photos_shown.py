"""When the public could see each photo first.

Of what is there already: the photos of published items, and those of former ones that were there when they were
published and are not hidden. A photo that can't be told from one that never was public counts as never shown.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.add_column(sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    items = sa.table("items", sa.column("id"), sa.column("status"), sa.column("published_at"))
    photos = sa.table(
        "item_photos", sa.column("item_id"), sa.column("is_private", sa.Boolean), sa.column("created_at"), sa.column("shown_at")
    )
    published_at = sa.select(items.c.published_at).where(items.c.id == photos.c.item_id).scalar_subquery()
    is_published = photos.c.item_id.in_(sa.select(items.c.id).where(items.c.status == "published"))
    op.execute(
        photos.update()
        .where(photos.c.is_private.is_(sa.false()), sa.or_(is_published, photos.c.created_at <= published_at))
        .values(shown_at=published_at)
    )


def downgrade() -> None:
    with op.batch_alter_table("item_photos") as batch:
        batch.drop_column("shown_at")
