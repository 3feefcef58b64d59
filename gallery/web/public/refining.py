"""What the results of a search by photo can be narrowed by, in the page: the photos need not be sent again."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from flask_babel import lazy_gettext

from gallery.services.gallery.public_records import PublicItem
from gallery.services.search.search import FoundItem
from gallery.services.words.folding import fold
from gallery.web import labels
from gallery.web.public.filters import Group, Offer

# name in the page, legend, values of an item, words for a value
KINDS: Sequence[tuple[str, str, Callable[[PublicItem], Iterable[str]], Callable[[str, PublicItem], str]]] = (
    (
        "categorie",
        lazy_gettext("Catégorie"),
        lambda item: [item.category.code],
        lambda _, item: labels.category(item.category),
    ),
    (
        "departement",
        lazy_gettext("Département"),
        lambda item: [item.unit.departement],
        lambda value, _: labels.departement(value),
    ),
    ("couleur", lazy_gettext("Couleur"), lambda item: item.colours, lambda value, _: labels.colour(value)),
)


def refinements_of(found: Iterable[FoundItem]) -> list[Group]:
    """The values that the found items differ in, with how many have each, in the order of the language."""
    items = [each.item for each in found]
    groups = []
    for name, legend, values_of, words_for in KINDS:
        counts = Counter(value for item in items for value in values_of(item))
        words = {value: words_for(value, item) for item in items for value in values_of(item)}
        if len(counts) > 1:
            offers = [Offer(words[value], count, value) for value, count in counts.items()]
            groups.append(Group(name, str(legend), sorted(offers, key=lambda offer: fold(offer.label))))
    return groups
