"""The words that an album begins with; an officer may change all of them. In French, like the pages they go to."""

from collections.abc import Sequence
from dataclasses import dataclass

from gallery.sharing.addresses import accounts_address, page_address, printed

ELLIPSIS = "…"
_KEEPER, _YOURS = "conservé par :", "Il est à vous ?"


@dataclass(frozen=True)
class CaptionedItem:
    """What a caption says of an object. details: brand, model and the like; window: of the thefts, in words."""

    title: str
    number: str
    details: Sequence[str] = ()
    window: str = ""


def item_caption(item: CaptionedItem, *, site_address: str, unit: str) -> str:
    """The caption of an object that a unit keeps; what is empty is left out."""
    known = ", ".join(each for each in item.details if each)
    lines = [item.title, known, f"Vol commis {item.window}." if item.window else ""]
    lines.append(f"Objet n° {item.number}, {_KEEPER} {unit}.")
    lines.append(f"{_YOURS} {page_address(site_address, item.number)}")
    return "\n".join(line for line in lines if line)


def said(caption: str, number: str) -> str:
    """What a caption says of its object, without the number and address that we propose at its end.

    >>> said("Bague en or\\nObjet n° 35-K7QM-4, conservé par : COB.\\nIl est à vous ? https://a.fr/o", "35-K7QM-4")
    'Bague en or'
    """
    proposed = (f"Objet n° {number}, {_KEEPER} ", f"{_YOURS} ")
    return "\n".join(line for line in caption.splitlines() if line.strip() and not line.startswith(proposed))


def alternative(alt_text: str, title: str, position: int, count: int) -> str:
    """What a photo shows: the officer's words, else the object's title and which photo of it this is."""
    return alt_text or (f"{title}, photo {position} sur {count}" if count > 1 else title)


def album_title(unit: str) -> str:
    """The title of an album, where nothing better is known."""
    return f"Objets retrouvés – {unit}"


def album_description(unit: str, *, count: int, phone: str, site_address: str) -> str:
    """What stands under the title of an album."""
    reach = f" ou au {phone}" if phone else ""
    return (
        f"{_objects(count)} par : {unit}. "
        f"Un objet est à vous ? Notez son numéro et demandez-le sur {site_address}{reach}. "
        "Ne publiez pas de preuve en commentaire (facture, numéro de série, gravure) : elle servirait à d’autres."
    )


def seeking(count: int) -> str:
    """What a cover and a film say about their number of objects."""
    return f"{count} objets cherchent leurs propriétaires" if count > 1 else "Un objet cherche son propriétaire"


def official_accounts(site_address: str) -> str:
    """Where anyone can tell a unit's account from a false one."""
    return f"Nos comptes officiels : {printed(accounts_address(site_address))}"


def post(unit: str, *, count: int, site_address: str, album_address: str = "") -> str:
    """The text of the publication that announces an album. album_address: of its page, if it has one."""
    page = f"Tous les objets de l’album : {album_address}\n" if album_address else ""
    return (
        f"{_objects(count)} {'cherche son propriétaire' if count == 1 else 'cherchent leurs propriétaires'}.\n\n"
        "Vous avez été victime d’un vol ? Regardez cet album et partagez-le.\n"
        f"{page}"
        f"Chaque photo porte un numéro et un code qui mènent à la fiche de l’objet sur {site_address}. "
        "Vous pouvez aussi y chercher avec une photo du vôtre.\n\n"
        f"{never_asked(unit)} {official_accounts(site_address)}"
    )


def never_asked(unit: str) -> str:
    """By what a false page can be told."""
    return f"{unit} : nous ne vous demanderons jamais d’argent ni vos codes."


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, within a number of characters.

    >>> shortened("Bague en or", 8)
    'Bague e…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def _objects(count: int) -> str:
    return "Un objet retrouvé" if count == 1 else f"{count} objets retrouvés"
