"""The gallery's filters as addresses carry them, and as the page offers them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict

from gallery.models import Colour
from gallery.services.gallery.browsing import Cursor, GalleryPart
from gallery.services.gallery.facet_index import ValueCount
from gallery.services.gallery.gallery_index import Filters
from gallery.services.gallery.index_entries import Facet, Sort
from gallery.services.gallery.public_records import PublicCategory
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.words.folding import LONGEST_KEY, fold
from gallery.services.words.tidying import tidy_line
from gallery.web import labels
from gallery.web.departements import DEPARTEMENTS
from gallery.web.stating import theft_days

PARAMETERS = {
    Facet.CATEGORY: "categorie",
    Facet.DEPARTEMENT: "departement",
    Facet.COLOUR: "couleur",
    Facet.BRAND: "marque",
    Facet.MATERIAL: "matiere",
    Facet.UNIT: "unite",
}
LEGENDS = {
    Facet.COLOUR: lazy_gettext("Couleur"),
    Facet.MATERIAL: lazy_gettext("Matière"),
    Facet.BRAND: lazy_gettext("Marque"),
    Facet.DEPARTEMENT: lazy_gettext("Département de l’unité"),
    Facet.UNIT: lazy_gettext("Unité"),
}
SORTS = {
    Sort.BEST: ("proches", lazy_gettext("Les plus proches de vos mots")),
    Sort.NEWEST: ("recents", lazy_gettext("Publiés récemment")),
    Sort.OLDEST: ("anciens", lazy_gettext("Publiés en premier")),
    Sort.STOLEN_LAST: ("vol", lazy_gettext("Volés récemment")),
    Sort.TITLE: ("titre", lazy_gettext("De A à Z")),
}
MARGINS = {
    0: lazy_gettext("ce jour-là"),
    7: lazy_gettext("à une semaine près"),
    31: lazy_gettext("à un mois près"),
    183: lazy_gettext("à six mois près"),
}
USUAL_MARGIN = 7
MAX_TEXT = 120
MAX_GIVEN = 1000
MAX_VALUE = LONGEST_KEY
MAX_VALUES = 20
SHOWN_VALUES = 8
# Of what officers write freely, where each value is rarer.
SHOWN_WRITTEN_VALUES = 12
WRITTEN = {Facet.BRAND, Facet.MATERIAL}
OFFERED_VALUES = 60

# What an address of the gallery may ask for besides words.
ARGUMENTS = *PARAMETERS.values(), "vol", "autour", "tri", "apres", "avant"

Categories = Mapping[str, PublicCategory]


@dataclass(frozen=True)
class Asked:
    """What an address of the gallery asks for. day_error: what is wrong with the day of the theft that it names."""

    filters: Filters
    sort: Sort = Sort.BEST
    cursor: Cursor | None = None
    day_error: str = ""

    @property
    def address(self) -> str:
        """The address that asks for it."""
        return url_for("public.items", **self.arguments)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of any address that asks for it."""
        filters, cursor = self.filters, self.cursor
        values: dict[str, Any] = {PARAMETERS[facet]: list(values) for facet, values in filters.chosen.items()}
        return {
            "mots": filters.text or None,
            **values,
            "vol": filters.stolen_on.isoformat() if filters.stolen_on else None,
            "autour": filters.margin_days if filters.stolen_on and filters.margin_days != USUAL_MARGIN else None,
            "tri": None if self.sort in (Sort.BEST, default_sort(filters)) else SORTS[self.sort][0],
            "apres": cursor.number if cursor and not cursor.backwards else None,
            "avant": cursor.number if cursor and cursor.backwards else None,
        }

    def at(self, cursor: Cursor | None) -> "Asked":
        """What was asked for, from another place on."""
        return replace(self, cursor=cursor)

    def sorted_by(self, sort: Sort) -> "Asked":
        """What was asked for in another order, from the first item on."""
        return replace(self, sort=sort, cursor=None)

    def choosing(self, facet: Facet, *values: str) -> "Asked":
        """What was asked for with these values of a facet, from the first item on; none takes the facet away."""
        return self._filtered(chosen={**self.filters.chosen, facet: values})

    def without(self, condition: str) -> "Asked":
        """What was asked for without one condition, from the first item on."""
        if condition in ("text", "stolen_on"):
            return self._filtered(**{condition: "" if condition == "text" else None})
        return self.choosing(Facet(condition))

    def only(self, condition: str) -> "Asked":
        """One of the conditions and no other."""
        others = (each for each in self.filters.conditions if each != condition)
        return reduce(Asked.without, others, self)

    def _filtered(self, **changes: object) -> "Asked":
        return replace(self, filters=replace(self.filters, **changes), cursor=None)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Offer:
    """A value that can be chosen. items: how many objects it shows; address: where it leads; is_written: in French."""

    label: str
    items: int = 0
    value: str = ""
    is_chosen: bool = False
    address: str = ""
    is_written: bool = False


@dataclass(frozen=True)
class Group:
    """The values of one facet: those shown at once, and the others."""

    name: str
    legend: str
    shown: Sequence[Offer]
    others: Sequence[Offer] = ()


def read(arguments: "MultiDict[str, str]", categories: Categories) -> Asked:
    """What an address asks for; what it says that makes no sense is left out, and a wrong day is told."""
    known: dict[Facet, Collection[str]] = {
        Facet.CATEGORY: categories.keys(), Facet.DEPARTEMENT: DEPARTEMENTS.keys(), Facet.COLOUR: set(Colour)
    }  # fmt: skip
    chosen = {}
    for facet, name in PARAMETERS.items():
        values = [value[:MAX_VALUE] for value in arguments.getlist(name)[:MAX_VALUES] if value]
        chosen[facet] = tuple(dict.fromkeys(each for each in values if each in known.get(facet, values)))
    theft = theft_days.read(arguments.get("vol"))
    margin = arguments.get("autour", USUAL_MARGIN, type=int)
    filters = Filters(
        text=tidy_line(arguments.get("mots", "")[:MAX_GIVEN])[:MAX_TEXT].strip(),
        chosen=chosen,
        stolen_on=theft.day,
        margin_days=margin if margin in MARGINS else USUAL_MARGIN,
    )
    sorts = {SORTS[sort][0]: sort for sort in sorts_for(filters)}
    sort = sorts.get(arguments.get("tri", ""), default_sort(filters))
    return Asked(filters, sort, _cursor(arguments), theft.error)


def default_sort(filters: Filters) -> Sort:
    """The order of a page whose address names none."""
    return Sort.BEST if filters.text else Sort.NEWEST


def sorts_for(filters: Filters) -> list[Sort]:
    """The orders that are offered: the best answers first only where there are words to answer."""
    return [sort for sort in SORTS if filters.text or sort is not Sort.BEST]


def groups(asked: Asked, page: GalleryPart, categories: Categories) -> list[Group]:
    """The facets beside the list; the category has its own place above it."""
    return [_group(facet, asked, page.counts[facet], categories) for facet in LEGENDS if page.counts[facet]]


def category_offers(asked: Asked, page: GalleryPart, categories: Categories) -> list[Offer]:
    """The most frequent category, then the others in the administrator's order: links that keep the other filters."""
    chosen = asked.filters.chosen.get(Facet.CATEGORY, ())
    counts = {each.value: each.items for each in page.counts[Facet.CATEGORY]}
    offers = [
        Offer(
            labels.category(record), counts.get(code, 0), code, code in chosen,
            asked.choosing(Facet.CATEGORY, code).address,
        )
        for code, record in categories.items()
        if code in counts or code in chosen
    ]  # fmt: skip
    most = max((offer.items for offer in offers), default=0)
    return sorted(offers, key=lambda offer: offer.items < most)


def in_force(asked: Asked, categories: Categories, names: Mapping[str, str]) -> list[Offer]:
    """The conditions in force, each with the address that removes it. names: as `written` gives them."""
    filters, found = asked.filters, []
    if filters.text:
        found.append(Offer(f"« {filters.text} »", address=asked.without("text").address))
    if filters.stolen_on:
        when = gettext("vol du %(day)s", day=labels.day(filters.stolen_on))
        if filters.margin_days:
            when += f", {MARGINS[filters.margin_days]}"
        found.append(Offer(when, address=asked.without("stolen_on").address))
    for facet, values in filters.chosen.items():
        for value in values:
            rest = [each for each in values if each != value]
            label = _label(facet, value, names.get(value, value), categories)
            address = asked.choosing(facet, *rest).address
            found.append(Offer(label, address=address, is_written=facet is Facet.MATERIAL))
    return found


def written(page: GalleryPart) -> dict[str, str]:
    """Brands, materials and units by key, as the items write them."""
    facets = (Facet.BRAND, Facet.MATERIAL, Facet.UNIT)
    return {each.value: each.label for facet in facets for each in page.counts[facet]}


def _group(facet: Facet, asked: Asked, counts: Sequence[ValueCount], categories: Categories) -> Group:
    chosen = asked.filters.chosen.get(facet, ())
    offers = [
        Offer(_label(facet, each.value, each.label, categories), each.items, each.value, each.value in chosen)
        for each in sorted(counts, key=lambda each: -each.items)[:OFFERED_VALUES]
    ]
    known = {offer.value for offer in offers}
    labels_of = {each.value: each.label for each in counts}
    items_of = {each.value: each.items for each in counts}
    offers += [
        Offer(_label(facet, value, labels_of.get(value, value), categories), items_of.get(value, 0), value, True)
        for value in chosen
        if value not in known
    ]
    shown = SHOWN_WRITTEN_VALUES if facet in WRITTEN else SHOWN_VALUES
    first = [each for place, each in enumerate(offers) if place < shown or each.is_chosen]
    others = [each for each in offers if each not in first]
    return Group(PARAMETERS[facet], str(LEGENDS[facet]), first, sorted(others, key=lambda each: fold(each.label)))


def _label(facet: Facet, value: str, written: str, categories: Categories) -> str:
    match facet:
        case Facet.CATEGORY:
            return labels.category(categories[value])
        case Facet.DEPARTEMENT:
            return labels.departement(value)
        case Facet.COLOUR:
            return labels.colour(value)
    return written


def _cursor(arguments: "MultiDict[str, str]") -> Cursor | None:
    for name in ("apres", "avant"):
        number = read_public_number(arguments.get(name, "")[:MAX_VALUE])
        if number is not None:
            return Cursor(number, backwards=name == "avant")
    return None
