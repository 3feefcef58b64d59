"""The words that a list may use for categories and colours."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from gallery.services.imports.columns import comparable
from gallery.services.imports.plan import KnownWords
from gallery.services.items import categories


def known(session: Session, colours: Mapping[str, str]) -> KnownWords:
    """Codes and names of all categories and colours. colours: word of each code."""
    all_categories = categories.all_in_order(session)
    words = {each.code: (each.code, each.name_fr, each.name_en) for each in all_categories}
    return KnownWords(
        categories={comparable(word): code for code, said in words.items() for word in said},
        colours={comparable(word): code for code, word in colours.items()} | {code: code for code in colours},
    )
