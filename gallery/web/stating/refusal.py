"""The sentence for what the worker would refuse, though no field of the form is known to be wrong."""

from flask_babel import gettext


def cannot_be_sent() -> str:
    """Said where the form comes back with all that was written."""
    return gettext(
        "Quelque chose dans ce formulaire ne peut pas être envoyé : souvent un texte trop long. Raccourcissez ce "
        "que vous avez écrit, puis renvoyez le formulaire."
    )
