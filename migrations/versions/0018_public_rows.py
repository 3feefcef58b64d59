"""On PostgreSQL the public site's role reads rows that are public, and no others (docs/operations.md).

Nothing for SQLite, which isolates nothing. What is here is a copy of gallery/models/public_rows.py at that day.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NETWORKS = "facebook|x|twitter|instagram|youtube|flickr|dailymotion|linkedin|tiktok"
VIEWS = {
    "former_items": "SELECT items.id, items.public_number, items.published_at FROM items"
    " WHERE items.status != 'published' AND items.published_at IS NOT NULL",
    "former_photos": "SELECT item_photos.id AS photo_id, item_photos.item_id, item_photos.renditions"
    " FROM item_photos JOIN items ON items.id = item_photos.item_id"
    " WHERE items.status != 'published' AND item_photos.is_private IS false AND item_photos.shown_at IS NOT NULL",
    "returned_items": "SELECT count(*) AS number FROM items WHERE items.status = 'returned'",
    "public_posts": "SELECT postings.id, posted_items.item_id, postings.address, postings.made_at FROM postings"
    " JOIN posted_items ON posted_items.posting_id = postings.id JOIN items ON items.id = posted_items.item_id"
    " WHERE items.status = 'published' AND posted_items.taken_down_at IS NULL AND postings.address != ''"
    f" AND postings.address ~ '^https://([a-z0-9-]+\\.)*({NETWORKS})\\.com/'",
}
PUBLIC_ROWS = {
    "items": "status = 'published'",
    "cases": "EXISTS (SELECT FROM items WHERE items.case_id = cases.id AND items.status = 'published')",
    "item_photos": "NOT is_private"
    " AND EXISTS (SELECT FROM items WHERE items.id = item_photos.item_id AND items.status = 'published')",
    "signatures": "EXISTS (SELECT FROM item_photos WHERE item_photos.id = signatures.photo_id AND NOT is_private)"
    " OR EXISTS (SELECT FROM former_photos WHERE former_photos.photo_id = signatures.photo_id)",
}
IS_OF_THE_DESK = "(SELECT has_table_privilege('officers', 'SELECT'))"
FUNCTION = """
CREATE OR REPLACE FUNCTION published_items_with_words(asked text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT string_agg(CAST(w.item_id AS text), ',') FROM item_words w JOIN items i ON i.id = w.item_id
    WHERE i.status = 'published' AND array_to_tsvector(string_to_array(w.words, ' ')) @@ CAST(asked AS tsquery)
$$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    run = op.get_bind().exec_driver_sql
    for name, rows in VIEWS.items():
        run(f"CREATE VIEW {name} WITH (security_barrier) AS {rows}")
    for name, rows in PUBLIC_ROWS.items():
        run(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        run(f"CREATE POLICY public_rows ON {name} FOR SELECT USING ({rows})")
        run(f"CREATE POLICY desk_rows ON {name} USING ({IS_OF_THE_DESK}) WITH CHECK ({IS_OF_THE_DESK})")
    run(FUNCTION)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    run = op.get_bind().exec_driver_sql
    run("DROP FUNCTION published_items_with_words")
    for name in PUBLIC_ROWS:
        run(f"DROP POLICY desk_rows ON {name}")
        run(f"DROP POLICY public_rows ON {name}")
        run(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")
    for name in reversed(VIEWS):
        run(f"DROP VIEW {name}")
