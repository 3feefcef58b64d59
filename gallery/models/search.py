"""The words by which the public finds an item, and what each database needs to look them up quickly."""

from sqlalchemy import DDL, ForeignKey, Index, Table, Text, event, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gallery.database import Base

# SQLite keeps the full-text index as tables of its own, which are no tables of ours.
FULL_TEXT_TABLE = "item_words_index"


class ItemWords(Base):
    """The words of an item's public columns, normalised by services.words.folding and separated by spaces."""

    __tablename__ = "item_words"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


# Made of the words as they are: PostgreSQL's own parser would cut some of them in another way than SQLite does.
WORD_VECTOR = func.array_to_tsvector(func.string_to_array(ItemWords.words, " ", type_=ARRAY(Text)))
Index("ix_item_words_vector", WORD_VECTOR, postgresql_using="gin").ddl_if(dialect="postgresql")

_TABLE = ItemWords.__table__
assert isinstance(_TABLE, Table)
_ADD = "INSERT INTO item_words_index(rowid, words) VALUES (new.item_id, new.words);"
_REMOVE = "INSERT INTO item_words_index(item_words_index, rowid, words) VALUES ('delete', old.item_id, old.words);"
for _statement in (
    "CREATE VIRTUAL TABLE item_words_index USING fts5(words, content='item_words', content_rowid='item_id')",
    f"CREATE TRIGGER item_words_added AFTER INSERT ON item_words BEGIN {_ADD} END",
    f"CREATE TRIGGER item_words_removed AFTER DELETE ON item_words BEGIN {_REMOVE} END",
    f"CREATE TRIGGER item_words_changed AFTER UPDATE ON item_words BEGIN {_REMOVE} {_ADD} END",
):
    event.listen(_TABLE, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
_drop = DDL("DROP TABLE IF EXISTS item_words_index").execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
event.listen(_TABLE, "before_drop", _drop)
