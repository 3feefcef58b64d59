"""The fields in which somebody says how to be reached."""

from collections.abc import Mapping

from flask_babel import gettext

from gallery.errors import AddressInvalid, FieldInvalid
from gallery.services.declarations.statement import Contact
from gallery.services.people import addresses, telephones


def contact_in(texts: Mapping[str, str], errors: dict[str, str], prefix: str = "", *, needed: bool) -> Contact:
    """The contact that was written, with sentences in `errors` where something is wrong or, if needed, missing."""
    name, email, phone = (texts[f"{prefix}{each}"] for each in ("nom", "courriel", "telephone"))
    if email:
        try:
            email = addresses.normalised(email)
        except AddressInvalid:
            errors[f"{prefix}courriel"] = gettext("Cette adresse n’est pas complète. Exemple : nom@exemple.fr")
    if phone:
        try:
            phone = telephones.tidied(phone)
        except FieldInvalid:
            errors[f"{prefix}telephone"] = gettext("Ce numéro n’est pas complet. Exemple : 06 12 34 56 78")
    if (needed or name) and not (email or phone):
        errors.setdefault(f"{prefix}courriel", gettext("Donnez une adresse électronique ou un numéro de téléphone."))
    return Contact(name, email, phone)
