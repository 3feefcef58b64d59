"""The words by which items are found: written with the item, from its public columns only, and looked up."""

import enum
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, Text, cast, func, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from gallery.models import WORD_VECTOR, Category, Colour, Item, ItemWords
from gallery.services.words.folding import words_of
from gallery.services.words.kinds import kin_of

MAX_WORDS = 8
SHORTEST_BEGINNING = 3
FILLED_AT_ONCE = 500
SEARCHED_COLUMNS = (
    "title", "object_type", "brand", "model", "maker", "materials", "inscriptions", "distinguishing_features",
    "subject", "period", "measurements", "state_as_found",
)  # fmt: skip
COLOUR_WORDS = {
    Colour.BLACK: "noir black",
    Colour.WHITE: "blanc blanche white",
    Colour.GREY: "gris grise grey gray",
    Colour.SILVER: "argenté silver",
    Colour.GOLD: "doré gold golden",
    Colour.BROWN: "marron brun brune brown",
    Colour.BEIGE: "beige",
    Colour.RED: "rouge red",
    Colour.ORANGE: "orange",
    Colour.YELLOW: "jaune yellow",
    Colour.GREEN: "vert green",
    Colour.BLUE: "bleu blue",
    Colour.PURPLE: "violet violette mauve purple",
    Colour.PINK: "rose pink",
    Colour.MULTICOLOURED: "multicolore multicoloured",
}


@dataclass(frozen=True)
class FoundWord:
    """Where one word of a question is.

    stem: as it is searched. item_ids: rows of the items that have it; near_ids: of those that have a longer word that
    begins with it, or another name of such a thing. category_codes: of the categories whose name has it.
    """

    stem: str
    item_ids: np.ndarray
    near_ids: np.ndarray
    category_codes: frozenset[str] = frozenset()

    def is_in(self, item_id: int, category_code: str) -> bool:
        """Whether an item has the word, under whichever name."""
        return category_code in self.category_codes or item_id in self.item_ids or item_id in self.near_ids


def write(item: Item) -> None:
    """Bring the words of an item up to its public columns, in the transaction that changes them."""
    colours = [COLOUR_WORDS[Colour(each)] for each in item.colours]
    words = " ".join(words_of(*(getattr(item, name) for name in SEARCHED_COLUMNS), *colours))
    if item.words is None:
        item.words = ItemWords(words=words)
    else:
        item.words.words = words


def fill_missing(session: Session) -> None:
    """Write the words of the items that have none: those that an earlier version recorded; inside atomic()."""
    missing = select(Item).outerjoin(Item.words).where(ItemWords.item_id.is_(None)).limit(FILLED_AT_ONCE)
    while items := session.scalars(missing).all():
        for item in items:
            write(item)
        session.flush()


class Among(enum.Enum):
    """Whose words are looked up. The public site's role may ask for those of published items only."""

    ALL = "all"
    PUBLISHED = "published"


def find(session: Session, question: str, *, among: Among = Among.ALL) -> list[FoundWord]:
    """Where each telling word of a question is; a question without words: none."""
    in_names = _categories_by_word(session)
    return [_found(session, word, in_names.get(word, ()), among) for word in words_of(question)[:MAX_WORDS]]


def _found(session: Session, word: str, category_codes: Collection[str], among: Among) -> FoundWord:
    exact = _rows_with(session, [word], among)
    beginning = [f"{word}*"] if len(word) >= SHORTEST_BEGINNING else []
    others = [*beginning, *sorted(kin_of(word))]
    near = _rows_with(session, others, among) if others else exact[:0]
    return FoundWord(word, exact, near, frozenset(category_codes))


def _categories_by_word(session: Session) -> dict[str, list[str]]:
    """Codes of the categories whose name, in either language, has a word."""
    found: dict[str, list[str]] = {}
    for code, *names in session.execute(select(Category.code, Category.name_fr, Category.name_en)):
        for word in words_of(*names):
            found.setdefault(word, []).append(code)
    return found


def _rows_with(session: Session, words: Collection[str], among: Among) -> np.ndarray:
    """Row ids, in no order, of the items that have one of these words; "mont*": a word that begins so."""
    if session.get_bind().dialect.name == "sqlite":
        # One text of all ids: a common word is in thousands of items, and a row object each would take longest.
        wanted = text("SELECT group_concat(rowid) FROM item_words_index WHERE item_words_index MATCH :words")
        asked = " OR ".join(f'"{word.rstrip("*")}"{"*" if word.endswith("*") else ""}' for word in words)
        ids = session.scalar(wanted, {"words": asked})
    else:
        parts = (f"'{word.rstrip('*')}'{':*' if word.endswith('*') else ''}" for word in words)
        ids = session.scalar(_asked_of_postgresql(" | ".join(parts), among))
    return np.fromstring(ids or "", dtype=np.int64, sep=",")


def _asked_of_postgresql(words: str, among: Among) -> Select[str | None]:
    if among is Among.PUBLISHED:
        return select(func.published_items_with_words(words))
    ids = func.string_agg(cast(ItemWords.item_id, Text), ",")
    return select(ids).where(WORD_VECTOR.bool_op("@@")(cast(words, TSQUERY)))
