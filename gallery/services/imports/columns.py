"""The columns of a list: what a spreadsheet says of objects, read by imports and written by exports."""

import unicodedata

from gallery.services.items import withholding

# Column of the file -> field of ItemDescription or ItemSecrets. Case, accents and spaces around do not matter.
DESCRIPTION_COLUMNS = {
    "titre": "title",
    "type": "object_type",
    "matériaux": "materials",
    "dimensions": "measurements",
    "inscriptions": "inscriptions",
    "signes particuliers": "distinguishing_features",
    "sujet": "subject",
    "époque": "period",
    "auteur": "maker",
    "marque": "brand",
    "modèle": "model",
    "état": "state_as_found",
}
SECRET_COLUMNS = {
    "numéro de série": "serial_number",
    "numéro de scellé": "exhibit_number",
    "signes réservés": "withheld_details",
}
# As long as a form takes them.
SEALED_NUMBERS = ("numéro de série", "numéro de scellé")
KEY, PHOTOS, CATEGORY, COLOURS, CASE, WITHHELD = (
    "clé",
    "photos",
    "catégorie",
    "couleurs",
    "numéro de procédure",
    "caché du public",
)
# In the order in which an export writes them.
PUBLIC = (KEY, PHOTOS, CATEGORY, *DESCRIPTION_COLUMNS, COLOURS)
# What nobody but officers of the unit may read.
CONFIDENTIAL = (CASE, *SECRET_COLUMNS, WITHHELD)
ALL = (*PUBLIC, *CONFIDENTIAL)
LONG_TEXTS = ("inscriptions", "signes particuliers", "état", "signes réservés")
# What a spreadsheet takes for numbers and days unless told otherwise.
NUMBERS = ("numéro de série", "numéro de scellé", CASE, KEY)
# Between the photos of a cell, and between its colours.
SEPARATOR = "|"
# What a cell of WITHHELD says where every heading is public.
NOTHING_WITHHELD = "rien"
WITHHELD_HEADINGS = {column: field for column, field in DESCRIPTION_COLUMNS.items() if field in withholding.FIELDS}


def comparable(text: str) -> str:
    """A word as it is compared: without accents, case and spaces around.

    >>> comparable(" Numéro de Série ")
    'numero de serie'
    """
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).casefold().split())


def find(name: str) -> str | None:
    """The column that a header's cell means, whatever its accents and capitals; None when there is none.

    >>> find(" Numero de SERIE "), find("prix")
    ('numéro de série', None)
    """
    return _BY_WORD.get(comparable(name))


_BY_WORD = {comparable(each): each for each in ALL}
