"""The words that a list may use for categories and colours."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from gallery.services.imports.columns import comparable
from gallery.services.imports.plan import KnownWords
from gallery.services.items import categories
from gallery.services.items.singulars import name_of_one

# Those that another ending than that of a feminine or plural makes (services.words.folding.stem).
FEMININES = {"blanc": "blanche", "violet": "violette"}


def known(session: Session, colours: Mapping[str, str]) -> KnownWords:
    """Codes and names of all categories and colours, as people write them, too. colours: word of each code."""
    words = {
        each.code: (each.code, each.name_fr, each.name_en, name_of_one(each), each.name_fr.split(" et ")[0])
        for each in categories.all_in_order(session)
    }
    forms = {FEMININES[word]: code for code, word in colours.items() if word in FEMININES}
    return KnownWords(
        categories={comparable(word): code for code, said in words.items() for word in said},
        colours={comparable(word): code for code, word in colours.items()} | {code: code for code in colours} | forms,
    )
