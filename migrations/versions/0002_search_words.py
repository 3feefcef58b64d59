"""The words by which the public finds an item; `flask migrate` fills them in for the items that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FULL_TEXT = (
    "CREATE VIRTUAL TABLE item_words_index USING fts5(words, content='item_words', content_rowid='item_id')",
    """CREATE TRIGGER item_words_added AFTER INSERT ON item_words BEGIN
        INSERT INTO item_words_index(rowid, words) VALUES (new.item_id, new.words); END""",
    """CREATE TRIGGER item_words_removed AFTER DELETE ON item_words BEGIN
        INSERT INTO item_words_index(item_words_index, rowid, words) VALUES ('delete', old.item_id, old.words); END""",
    """CREATE TRIGGER item_words_changed AFTER UPDATE ON item_words BEGIN
        INSERT INTO item_words_index(item_words_index, rowid, words) VALUES ('delete', old.item_id, old.words);
        INSERT INTO item_words_index(rowid, words) VALUES (new.item_id, new.words); END""",
)


def upgrade() -> None:
    op.create_table(
        "item_words",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_words_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_words")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)
    else:
        op.execute(
            "CREATE INDEX ix_item_words_vector ON item_words"
            " USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE item_words_index")
    op.drop_table("item_words")
