"""What the public site's role may read on PostgreSQL, row by row. SQLite isolates nothing.

Policies leave the rows that are public. What is told of rows that no longer are lies in views of a few columns; words
are looked up by a function, as no index of them may be used beneath a policy. The owner of the tables bypasses all
policies, as does whoever may read the officers' accounts. docs/operations.md has what is granted.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, FromClause, MetaData, Select, column, event, func, select, table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from gallery.database import Base
from gallery.models.items import Item, ItemPhoto, ItemStatus
from gallery.models.postings import PostedItem, Posting

# The networks of sharing/account_addresses.py: what else was typed in may be meant for officers only.
ON_A_NETWORK = (
    r"^https://([a-z0-9-]+\.)*(facebook|x|twitter|instagram|youtube|flickr|dailymotion|linkedin|tiktok)\.com/"
)


@dataclass(frozen=True)
class View:
    """A few columns of rows, some of which are not public: a view with the rights of its owner, or the same query."""

    name: str
    rows: Select[*tuple[Any, ...]]
    # A last condition, which SQLite does not know.
    only: str = ""

    def of(self, session: Session) -> FromClause:
        """What to select from."""
        if session.get_bind().dialect.name == "postgresql":
            return table(self.name, *(column(each.name, each.type) for each in self.rows.selected_columns))
        return self.rows.subquery(self.name)

    def statement(self) -> str:
        """What makes it on PostgreSQL."""
        rows = self.rows.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]
        return f"CREATE OR REPLACE VIEW {self.name} WITH (security_barrier) AS {rows}{self.only}"


# That an item of this number was public once, and since when.
FORMER_ITEMS = View(
    "former_items",
    select(Item.id, Item.public_number, Item.published_at).where(
        Item.status != ItemStatus.PUBLISHED, Item.published_at.is_not(None)
    ),
)
# The photos that the public could see once, and that no officer has hidden since: for `/verifier`. Of items that were
# public themselves: a photo may have been moved to a draft.
FORMER_PHOTOS = View(
    "former_photos",
    select(ItemPhoto.id.label("photo_id"), ItemPhoto.item_id, ItemPhoto.renditions)
    .join(Item, Item.id == ItemPhoto.item_id)
    .where(
        Item.status != ItemStatus.PUBLISHED,
        ItemPhoto.is_private.is_(False),
        ItemPhoto.shown_at.is_not(None),
        Item.published_at.is_not(None),
    ),
)
RETURNED_ITEMS = View(
    "returned_items", select(func.count().label("number")).select_from(Item).where(Item.status == ItemStatus.RETURNED)
)
PUBLIC_POSTS = View(
    "public_posts",
    select(Posting.id, PostedItem.item_id, Posting.address, Posting.made_at)
    .join(PostedItem, PostedItem.posting_id == Posting.id)
    .join(Item, Item.id == PostedItem.item_id)
    .where(
        Item.status == ItemStatus.PUBLISHED,
        PostedItem.taken_down_at.is_(None),
        Posting.address != "",
    ),
    only=f" AND postings.address ~ '{ON_A_NETWORK}'",
)
VIEWS = (FORMER_ITEMS, FORMER_PHOTOS, RETURNED_ITEMS, PUBLIC_POSTS)

# Which rows the public site's role reads, by table.
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


def statements() -> list[str]:
    """What makes views, policies and the function; can be repeated."""
    made = [view.statement() for view in VIEWS]
    for name, rows in PUBLIC_ROWS.items():
        made += [
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS public_rows ON {name}",
            f"DROP POLICY IF EXISTS desk_rows ON {name}",
            f"CREATE POLICY public_rows ON {name} FOR SELECT USING ({rows})",
            f"CREATE POLICY desk_rows ON {name} USING ({IS_OF_THE_DESK}) WITH CHECK ({IS_OF_THE_DESK})",
        ]
    return [*made, FUNCTION]


def _guard(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        for statement in statements():
            connection.exec_driver_sql(statement)


def _unguard(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        for name in PUBLIC_ROWS:
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS public_rows ON {name}")
        for view in VIEWS:
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name} CASCADE")
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS published_items_with_words")


event.listen(Base.metadata, "after_create", _guard)
event.listen(Base.metadata, "before_drop", _unguard)
