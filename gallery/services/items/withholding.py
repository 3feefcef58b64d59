"""Headings of a description that the public does not see, although it sees the others: they lie in the sealed value.

So no column that a public page, a package, an index or a search reads has them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Category, Item
from gallery.sealing import Sealer
from gallery.services.items.items import ItemDescription, ItemSecrets, open_secrets
from gallery.services.items.singulars import name_of_one
from gallery.services.words.folding import IGNORED, WRITTEN, fold, stem, words_of

# What is written of a thing, but for the title and the category that every list of the gallery is made of, and for the
# colours, which its photos show.
FIELDS = (
    "object_type",
    "brand",
    "model",
    "materials",
    "measurements",
    "inscriptions",
    "distinguishing_features",
    "subject",
    "period",
    "maker",
    "state_as_found",
)
# What only an owner may know of a thing that anybody could describe from its photo.
BY_DEFAULT = ("inscriptions", "distinguishing_features")
ASKED_AT_ONCE = 500
# Where a heading names several things; a comma or full stop within a number parts nothing.
PARTING = re.compile(r"[;()/\n\r]|[,.](?!\d)")
# Letters and digits: « or » alone is a word of many a title.
SHORTEST_PART = 3
SAID_OF_MANY = IGNORED | {
    "a",
    "vers",
    "environ",
    "siecle",
    "siecles",
    "annee",
    "annees",
    "epoque",
    "debut",
    "milieu",
    "fin",
    "style",
    "marque",
    "modele",
}


def withhold(
    description: ItemDescription, secret: ItemSecrets, fields: tuple[str, ...]
) -> tuple[ItemDescription, ItemSecrets]:
    """Description and secrets with these headings among the secrets, and all others public."""
    texts = {name: getattr(description, name) or secret.withheld.get(name, "") for name in FIELDS}
    public: dict[str, Any] = {name: "" if name in fields else text for name, text in texts.items()}
    kept = {name: texts[name] for name in FIELDS if name in fields}
    return replace(description, **public), replace(secret, withheld=kept)


def by_default(
    description: ItemDescription, secret: ItemSecrets, category: Category
) -> tuple[ItemDescription, ItemSecrets]:
    """Description and secrets of an object of this category, as they are kept when no officer has chosen."""
    return withhold(description, secret, BY_DEFAULT if category.withholds else ())


def told_by_title(title: str, hidden: Mapping[str, str], category: Category) -> list[str]:
    """What a title, which the public sees, still says of hidden texts: of each all of it, or else parts of it.

    category: of the object; what its name says is public.

    >>> hidden = {"materials": "Or 18 carats, diamant", "brand": "Bi", "object_type": "bijou", "period": "XIXe siècle"}
    >>> told_by_title("Bijou du XIXe, or 18 carats", hidden, Category(name_fr="Bijoux"))
    ['Or 18 carats', 'XIXe']
    """
    said, public = _words(title), {*words_of(category.name_fr, name_of_one(category))}
    told: list[str] = []
    for text in hidden.values():
        parts = [part for part in map(_telling, PARTING.split(text)) if len("".join(_words(part))) >= SHORTEST_PART]
        told += [text] if _says(said, text) else [part for part in parts if _says(said, part)]
    return [each for each in dict.fromkeys(told) if not {*map(stem, _words(each))} <= public]


def telling_titles(session: Session, numbers: Sequence[str], *, sealer: Sealer) -> list[str]:
    """The numbers of those of these items whose title says what is withheld of them, in the order given."""
    telling: set[str] = set()
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        some = select(Item).where(Item.public_number.in_(numbers[start : start + ASKED_AT_ONCE]))
        found = ((item, open_secrets(item, sealer)) for item in session.scalars(some))
        telling |= {
            item.public_number for item, secret in found if told_by_title(item.title, secret.withheld, item.category)
        }
    return [number for number in numbers if number in telling]


def _says(words: Sequence[str], text: str) -> bool:
    """Whether these words have those of a text among them, one after the other."""
    return bool(_words(text)) and f" {' '.join(_words(text))} " in f" {' '.join(words)} "


def _words(text: str) -> list[str]:
    return [fold(word) for word in WRITTEN.findall(text)]


def _telling(part: str) -> str:
    """A part of a text without the words at its ends that are said of many things."""
    words = [word for word in WRITTEN.finditer(part) if fold(word[0]) not in SAID_OF_MANY]
    return part[words[0].start() : words[-1].end()] if words else ""
