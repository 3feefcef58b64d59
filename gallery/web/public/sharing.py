"""Links by which an item's page is passed on: plain ones, without any script of a network."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext

from gallery.services.gallery.public_records import PublicItem
from gallery.web import labels, languages


@dataclass(frozen=True)
class ShareLink:
    """Where a page is passed on. name: of the network, or what is done."""

    name: str
    address: str


def address_of(item: PublicItem) -> str:
    """The address of an item's page, from outside."""
    return labels.absolute(url_for("public.item", number=item.public_number))


def in_each_language(path: str) -> list[tuple[str, str]]:
    """The addresses of a page in each language, by its code, and the one for those who speak neither."""
    bare = languages.without(path)
    found = [(language, labels.absolute(prefix + bare)) for language, prefix in languages.PREFIXES.items()]
    return [*found, ("x-default", labels.absolute(bare))]


def links(item: PublicItem) -> list[ShareLink]:
    """Where an item's page is passed on."""
    sentence = gettext(
        "Objet volé et retrouvé : %(title)s (numéro %(number)s). Le reconnaissez-vous ?",
        title=item.title,
        number=item.public_number,
    )
    return links_to(address_of(item), sentence)


def links_to(address: str, sentence: str) -> list[ShareLink]:
    """By mail first, then the networks that families use."""
    page, words = quote(address, safe=""), quote(sentence, safe="")
    return [
        ShareLink(gettext("Courriel"), f"mailto:?subject={words}&body={words}%0A%0A{page}"),
        ShareLink("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={page}"),
        ShareLink("WhatsApp", f"https://wa.me/?text={words}%20{page}"),
        ShareLink("X", f"https://x.com/intent/post?text={words}&url={page}"),
    ]


def structured_data(item: PublicItem) -> dict[str, object]:
    """The item for search engines: a page about a thing, https://schema.org/ItemPage, with only what it shows.

    No Product: that is for sale, and search engines ask for its price. Of an image they ask whose it is.
    """
    photos = [
        labels.absolute(url_for("public.photo", public_id=photo.public_id, name=photo.share.name))
        for photo in item.photos
    ]
    colours = ", ".join(labels.colour(each) for each in item.colours)
    words = (item.object_type, item.brand, item.model, item.materials, colours, item.distinguishing_features)
    thing = {
        "@type": "Thing",
        "name": item.title,
        "identifier": item.public_number,
        "image": photos,
        "description": ". ".join(each for each in words if each),
    }
    return {
        "@context": "https://schema.org",
        "@type": "ItemPage",
        "name": item.title,
        "url": address_of(item),
        "primaryImageOfPage": {"@type": "ImageObject", "contentUrl": photos[0], "creditText": item.unit.name},
        "breadcrumb": _way_to(item),
        "mainEntity": {name: value for name, value in thing.items() if value},
    }


def _way_to(item: PublicItem) -> dict[str, object]:
    steps = [
        (gettext("Tous les objets"), url_for("public.items")),
        (labels.category(item.category), url_for("public.items", categorie=item.category.code)),
        (item.title, url_for("public.item", number=item.public_number)),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": labels.absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }
