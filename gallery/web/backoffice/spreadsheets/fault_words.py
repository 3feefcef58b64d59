"""What is wrong with a list, in words: the row, the column, what stands there, and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from gallery.errors import FieldInvalid, GalleryError
from gallery.services.imports.plan import Refusal
from gallery.services.imports.refusals import CellFault, CellRefused, PhotoAmbiguous, PhotoNotInFolder

SHOWN = 80
# How the files of Excel and LibreOffice begin, pictures and PDF, and after four bytes what telephones make.
WORKBOOKS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PICTURES, HEIC = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"%PDF-"), b"ftyp"


@dataclass(frozen=True)
class ShownFault:
    """One thing that is wrong. row: as the spreadsheet counts them; value: what stands there, cut."""

    row: str
    column: str
    value: str
    sentence: str


def shown(refusal: Refusal) -> ShownFault:
    """A refusal as the page tells it."""
    value = str(getattr(refusal.error, "value", "") or getattr(refusal.error, "name", ""))
    if getattr(refusal.error, "fault", None) in VALUELESS:
        value = ""
    return ShownFault(refusal.source.rpartition(":")[2], refusal.column, value[:SHOWN], _sentence(refusal.error))


def no_list(data: bytes) -> str:
    """What a file is that was taken for a list, told by its beginning, and what to do; empty: it may be a list."""
    if data.startswith(WORKBOOKS):
        return gettext(
            "C’est un classeur, pas une liste. Dans Excel ou LibreOffice, « Enregistrer sous », puis le type "
            "« CSV UTF-8 »."
        )
    if data.startswith(PICTURES) or data[4:8] == HEIC:
        return gettext("C’est une photo ou un PDF, pas une liste. Choisissez le fichier CSV de votre tableur.")
    return "" if data.strip() else gettext("Ce fichier est vide. Enregistrez de nouveau la liste dans votre tableur.")


def unreadable(error: FieldInvalid) -> str:
    """Why a file is no list at all, and what to do about it."""
    if isinstance(error, CellRefused):
        return _sentence(error)
    if error.field.startswith("encoding"):
        return gettext(
            "Les accents de ce fichier ne se lisent pas. Dans votre tableur : « Enregistrer sous », puis le type "
            "« CSV UTF-8 »."
        )
    return gettext(
        "Ce fichier n’est pas un tableau complet, à partir de la ligne %(row)s : un guillemet y est ouvert sans être "
        "fermé, ou un signe illisible s’y trouve. Enregistrez-le de nouveau en « CSV UTF-8 ».",
        row=error.field.rpartition(":")[2],
    )


def _sentence(error: GalleryError) -> str:
    if isinstance(error, CellRefused):
        known = " " + gettext("Est-ce « %(known)s » ?", known=error.known) if error.known else ""
        return FAULTS[error.fault](error) + known
    return PHOTOS[type(error)](error)


def _photo_absent(error: PhotoNotInFolder) -> str:
    sentence = gettext("Aucune photo en attente dans l’affaire ne porte ce nom : déposez-la, ou corrigez le nom.")
    near = " " + gettext("Est-ce « %(known)s » ?", known=error.near) if error.near else ""
    return sentence + near


VALUELESS = (
    CellFault.ABSENT,
    CellFault.MOVED,
    CellFault.COLUMN_ABSENT,
    CellFault.TOO_MANY_ROWS,
    CellFault.TOO_MANY_WORDS,
)
PHOTOS: Mapping[type[GalleryError], Callable[[Any], str]] = {
    PhotoNotInFolder: _photo_absent,
    PhotoAmbiguous: lambda _: gettext(
        "Plusieurs photos en attente portent ce nom : donnez à la place leur numéro dans la colonne « clé »."
    ),
}
FAULTS: Mapping[CellFault, Callable[[CellRefused], str]] = {
    CellFault.ABSENT: lambda _: gettext("Cette case est vide, et ne doit pas l’être."),
    CellFault.UNKNOWN: lambda _: gettext("Ce mot n’est pas connu ici : prenez l’un de ceux que proposent les fiches."),
    CellFault.OUTSIDE: lambda _: gettext("Donnez le nom du fichier seul, sans son dossier."),
    CellFault.TOO_LONG: lambda error: gettext(
        "Ce texte dépasse %(limit)s caractères : raccourcissez-le.", limit=error.limit
    ),
    CellFault.TOO_MANY_WORDS: lambda error: gettext(
        "Il y a plus de %(limit)s noms ou mots dans cette case : enlevez-en.", limit=error.limit
    ),
    CellFault.ERROR: lambda _: gettext("Le tableur signale ici une erreur de calcul : tapez la valeur."),
    CellFault.ROUNDED: lambda _: gettext(
        "Le tableur a arrondi ce nombre : mettez la colonne au format « Texte », puis retapez-le."
    ),
    CellFault.CUT: lambda _: gettext(
        "Le tableur a peut-être changé la fin de ce nombre en zéros. Vérifiez-le. S’il se termine vraiment ainsi, "
        "tapez deux apostrophes devant : ''1234567890123450."
    ),
    CellFault.DAY: lambda _: gettext(
        "Le tableur a fait une date de cette valeur : mettez la colonne au format « Texte », puis retapez-la."
    ),
    CellFault.MOVED: lambda _: gettext(
        "Cette ligne a plus de cases que de colonnes : un séparateur de trop les a décalées."
    ),
    CellFault.USED_TWICE: lambda _: gettext("Une autre ligne désigne déjà le même objet ou la même photo."),
    CellFault.OTHER_CASE: lambda _: gettext(
        "C’est le numéro d’une autre affaire : importez cette ligne depuis sa page."
    ),
    CellFault.COLUMN_UNKNOWN: lambda _: gettext("Cette colonne n’est pas connue : corrigez son nom, ou retirez-la."),
    CellFault.COLUMN_TWICE: lambda _: gettext("Deux colonnes portent ce nom : gardez-en une."),
    CellFault.COLUMN_ABSENT: lambda _: gettext("Cette colonne manque à la liste."),
    CellFault.TOO_MANY_ROWS: lambda error: gettext(
        "La liste a plus de %(limit)s lignes : partagez-la en plusieurs.", limit=error.limit
    ),
    CellFault.NOT_A_DRAFT: lambda _: gettext("Cet objet n’est plus un brouillon : pour le changer, ouvrez sa fiche."),
    CellFault.OF_OTHER_CASE: lambda _: gettext("Cet objet est dans une autre affaire : ouvrez sa fiche."),
    CellFault.KEY_OF_OTHER_CASE: lambda _: gettext(
        "Cette clé désigne déjà un objet d’une autre affaire : donnez-en une autre à cette ligne."
    ),
    CellFault.CARD_SHOWN: lambda _: gettext(
        "Une carte illisible semble visible sur cette photo : dans la table de tri, cachez-la, ou dites que ce n’en est"
        " pas une."
    ),
    CellFault.NUMBER_TAKEN: lambda _: gettext(
        "Un objet porte déjà le numéro de cette carte : pour le compléter, écrivez ce numéro dans la colonne « clé » ;"
        " ajoutez-lui ses nouvelles photos dans la table de tri."
    ),
    CellFault.UNREADABLE: lambda _: gettext(
        "Ce que l’unité avait caché de cet objet est illisible : ouvrez sa fiche, elle dit quoi faire."
    ),
}
