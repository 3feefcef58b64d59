"""Photos that were public are told of only while they belong to an item that was public itself.

A photo that is moved to a draft was told of as that draft's. Nothing for SQLite, which has no such view.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

VIEW = (
    "CREATE OR REPLACE VIEW former_photos WITH (security_barrier) AS"
    " SELECT item_photos.id AS photo_id, item_photos.item_id, item_photos.renditions"
    " FROM item_photos JOIN items ON items.id = item_photos.item_id"
    " WHERE items.status != 'published' AND item_photos.is_private IS false AND item_photos.shown_at IS NOT NULL"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(f"{VIEW} AND items.published_at IS NOT NULL")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(VIEW)
