"""Why a publication on Facebook stands still, in words."""

from flask_babel import lazy_gettext

from gallery.models import DOUBTFUL
from gallery.services.facebook import sender
from gallery.services.facebook.graph import GraphFault

FAULTS = {
    GraphFault.TOKEN.value: lazy_gettext(
        "Le jeton de la page a expiré ou n’est plus valable. Demandez à l’administrateur d’en donner un nouveau."
    ),
    GraphFault.PERMISSION.value: lazy_gettext(
        "Le jeton ne permet pas de publier sur cette page. Demandez à l’administrateur d’en donner un qui le permette."
    ),
    GraphFault.PAGE.value: lazy_gettext("Facebook ne connaît pas cette page. Vérifiez son numéro."),
    GraphFault.RATE.value: lazy_gettext("Facebook demande d’attendre. L’envoi reprendra tout seul."),
    GraphFault.PHOTO.value: lazy_gettext("Facebook a refusé une photo."),
    GraphFault.REFUSED.value: lazy_gettext(
        "Facebook a refusé la publication. Regardez si la page a reçu un avertissement, puis reprenez."
    ),
    GraphFault.TEMPORARY.value: lazy_gettext("Facebook ne fonctionne pas bien en ce moment."),
    GraphFault.NETWORK.value: lazy_gettext("Facebook n’a pas répondu : la connexion a été coupée."),
    DOUBTFUL: lazy_gettext(
        "La réponse de Facebook s’est perdue : la publication est peut-être en ligne. Regardez sur la page. "
        "Si elle y est, notez son adresse ci-dessous ; sinon, reprenez."
    ),
    sender.NOTHING_LEFT: lazy_gettext(
        "Il n’y a plus rien à montrer : les objets ne sont plus publics, ou Facebook a refusé toutes les photos."
    ),
    sender.CHANGED: lazy_gettext(
        "Des objets de cet album ont été modifiés entre-temps : rien de plus n’est parti. Relisez l’album, puis "
        "publiez-le de nouveau."
    ),
    sender.NOTED: lazy_gettext("Une adresse avait été notée pour cet album : l’envoi s’est arrêté là."),
    sender.NO_PAGE: lazy_gettext("L’unité n’a plus de page Facebook reliée."),
}


def fault(word: str) -> str:
    """Why it stands still or waits; empty when it does not."""
    return str(FAULTS.get(word, ""))
