"""What the journal says was done with claims, and what a claim's state is called at the desk."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from gallery.models import ClaimState

# By how many times in a row.
CLAIM_ACTIONS: dict[str, Callable[[int], str]] = {
    "file_claim": lambda _times: gettext("a enregistré ce qu’un demandeur a envoyé"),
    "read_claim": lambda times: ngettext(
        "a lu la demande d’une personne", "a lu %(num)d fois la demande d’une personne", times
    ),
    "claim_under_review": lambda _times: gettext("a mis la demande à l’étude"),
    "claim_proofs_asked": lambda _times: gettext("a demandé des pièces"),
    "claim_with_magistrate": lambda _times: gettext("a transmis la demande au magistrat"),
    "claim_agreed": lambda _times: gettext("a noté l’accord du magistrat"),
    "claim_not_established": lambda _times: gettext("a noté que la demande n’est pas établie"),
    "claim_returned": lambda _times: gettext("a noté la restitution au demandeur"),
    "claim_let_go": lambda _times: gettext("a mis fin à la demande pour laquelle l’objet était retiré"),
    "claimant_told": lambda _times: gettext("a prévenu le demandeur"),
    "release_claim": lambda _times: gettext("a sorti une demande de la quarantaine"),
    "erase_claim": lambda _times: gettext("a effacé une demande"),
}
STATES: Mapping[ClaimState, Any] = {
    ClaimState.RECEIVED: lazy_gettext("reçue"),
    ClaimState.UNDER_REVIEW: lazy_gettext("à l’étude"),
    ClaimState.PROOFS_ASKED: lazy_gettext("pièces demandées"),
    ClaimState.WITH_MAGISTRATE: lazy_gettext("transmise au magistrat"),
    ClaimState.AGREED: lazy_gettext("accord de restitution"),
    ClaimState.NOT_ESTABLISHED: lazy_gettext("non établie"),
    ClaimState.RETURNED: lazy_gettext("objet rendu"),
}
PROOFS: Mapping[str, Any] = {
    "invoice": lazy_gettext("une facture ou un ticket"),
    "own_photo": lazy_gettext("une photo de l’objet chez vous"),
    "worn_photo": lazy_gettext("une photo où l’on vous voit avec l’objet"),
    "box_papers": lazy_gettext("la boîte, le certificat ou la notice, en photo"),
    "number": lazy_gettext("le numéro de série, sur un papier ou la boîte"),
    "complaint": lazy_gettext("le récépissé de votre plainte"),
    "detail": lazy_gettext("plus de détails sur l’objet, en quelques mots"),
}
