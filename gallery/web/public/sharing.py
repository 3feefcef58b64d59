"""Links by which an item's page is passed on: plain ones, without any script of a network."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext

from gallery.services.gallery.public_records import PublicItem
from gallery.web import labels


@dataclass(frozen=True)
class ShareLink:
    """Where a page is passed on. name: of the network, or what is done."""

    name: str
    address: str


def address_of(item: PublicItem) -> str:
    """The address of an item's page, from outside."""
    return labels.absolute(url_for("public.item", number=item.public_number))


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
    """The item for search engines (https://schema.org/Product): only what the page itself shows."""
    photos = [
        labels.absolute(url_for("public.photo", public_id=photo.public_id, name=photo.share.name))
        for photo in item.photos
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": item.title,
        "url": address_of(item),
        "identifier": item.public_number,
        "image": photos,
        "category": labels.category(item.category),
        "brand": {"@type": "Brand", "name": item.brand} if item.brand else None,
        "model": item.model,
        "material": item.materials,
        "color": ", ".join(labels.colour(each) for each in item.colours),
        "description": item.distinguishing_features,
    }
    return {name: value for name, value in data.items() if value}
