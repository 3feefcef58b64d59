"""What to ask for instead where a question to the gallery finds nothing."""

from flask_babel import gettext

from gallery.services.gallery.browsing import GalleryPart, Looser
from gallery.services.gallery.gallery_index import Filters
from gallery.services.gallery.index_entries import Facet
from gallery.web.public.filters import MARGINS, Asked, Offer


def loosenings(asked: Asked, page: GalleryPart, looser: Looser | None) -> list[Offer]:
    """What to do when nothing was found: first a less exact day, then what to leave out, best first.

    Where no single condition is to blame, one condition to keep.
    """
    offers = [
        Offer(_loosened(condition, asked.filters.text), items, address=asked.without(condition).address)
        for condition, items in page.total_without.items()
        if items
    ] or [
        Offer(_alone(condition, asked.filters), items, address=asked.only(condition).address)
        for condition, items in page.total_with_only.items()
        if items
    ]
    gentle = [Offer(_gentle(looser), looser.items, address=Asked(looser.filters, asked.sort).address)] if looser else []
    return gentle + sorted(offers, key=lambda offer: -offer.items)


def _gentle(looser: Looser) -> str:
    return gettext("Vol %(margin)s", margin=MARGINS[looser.filters.margin_days])


def _loosened(condition: str, text: str) -> str:
    return {
        "text": gettext("Sans les mots « %(words)s »", words=text),
        "stolen_on": gettext("Sans la date du vol"),
        Facet.CATEGORY.value: gettext("Dans toutes les catégories"),
        Facet.DEPARTEMENT.value: gettext("Dans tous les départements"),
        Facet.COLOUR.value: gettext("De toutes les couleurs"),
        Facet.BRAND.value: gettext("De toutes les marques"),
        Facet.MATERIAL.value: gettext("Dans toutes les matières"),
        Facet.UNIT.value: gettext("Dans toutes les unités"),
    }[condition]


def _alone(condition: str, filters: Filters) -> str:
    return {
        "text": gettext("Avec les mots « %(words)s » seulement", words=filters.text),
        "stolen_on": gettext("Avec la date du vol seulement"),
        Facet.CATEGORY.value: gettext("Avec la catégorie seulement"),
        Facet.DEPARTEMENT.value: gettext("Avec le département seulement"),
        Facet.COLOUR.value: gettext("Avec la couleur seulement"),
        Facet.BRAND.value: gettext("Avec la marque seulement"),
        Facet.MATERIAL.value: gettext("Avec la matière seulement"),
        Facet.UNIT.value: gettext("Avec l’unité seulement"),
    }[condition]
