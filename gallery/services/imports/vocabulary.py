"""The words that a list may use for categories and colours."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from gallery.services.imports.columns import comparable
from gallery.services.imports.plan import KnownWords
from gallery.services.items import categories
from gallery.services.items.singulars import name_of_one

# Those made by an ending that is neither a feminine's nor a plural's (services.words.folding.stem).
FEMININES = {"blanc": "blanche", "violet": "violette"}


def known(session: Session, colours: Mapping[str, str]) -> KnownWords:
    """Codes and names of all categories and colours, as people write them, too. colours: word of each code."""
    all_of_them = categories.all_in_order(session)
    looser = [(each.code, (each.name_fr.split(" et ")[0], name_of_one(each))) for each in all_of_them]
    exact = [(each.code, (each.name_en, each.name_fr, each.code)) for each in all_of_them]
    forms = {FEMININES[word]: code for code, word in colours.items() if word in FEMININES}
    return KnownWords(
        # Exact names last, so that they win: "Jardin" is the category of that name where there is one.
        categories={comparable(word): code for code, words in looser + exact for word in words},
        colours={comparable(word): code for code, word in colours.items()} | {code: code for code in colours} | forms,
    )
