"""What somebody did, as the journal says it, by how many times in a row."""

from collections.abc import Callable, Mapping

from flask_babel import gettext, ngettext

from gallery.web.backoffice.claims.claim_words import CLAIM_ACTIONS
from gallery.web.backoffice.declaration_words import DECLARATION_ACTIONS

# What may be done by somebody who is not one of ours.
STRANGERS = {"sign_in_failed", "code_failed", "confirmation_failed", "made_to_wait"}
# By how many times in a row.
ACTIONS: Mapping[str, Callable[[int], str]] = (
    DECLARATION_ACTIONS
    | CLAIM_ACTIONS
    | {
        "create": lambda _times: gettext("a créé la fiche"),
        "add_photo": lambda times: ngettext("a ajouté une photo", "a ajouté %(num)d photos", times),
        "export_list": lambda times: ngettext("a exporté une liste", "a exporté %(num)d listes", times),
        "export_sealed_list": lambda times: ngettext(
            "a exporté une liste avec ce qui est réservé à l’unité",
            "a exporté %(num)d listes avec ce qui est réservé à l’unité",
            times,
        ),
        "import_list": lambda _times: gettext("a importé une liste dans l’affaire"),
        "print_cards": lambda _times: gettext("a imprimé des étiquettes"),
        "reserve_numbers": lambda _times: gettext("a réservé des numéros pour photographier"),
        "vouch_for_photos": lambda _times: gettext(
            "a vérifié les photos : rien ni personne de privé, couvertes par l’autorisation"
        ),
        "drop_photos": lambda times: ngettext("a déposé une photo", "a déposé %(num)d photos", times),
        "remove_waiting_photos": lambda _times: gettext("a retiré des photos en attente"),
        "forget_waiting_photos": lambda _times: gettext("a effacé des photos qui attendaient depuis longtemps"),
        "delete_photo": lambda times: ngettext("a supprimé une photo", "a supprimé %(num)d photos", times),
        "restore_photo": lambda times: ngettext("a rétabli une photo", "a rétabli %(num)d photos", times),
        "erase_photo": lambda times: ngettext("a détruit une photo", "a détruit %(num)d photos", times),
        "hide_photo": lambda times: ngettext("a masqué une photo", "a masqué %(num)d photos", times),
        "show_photo": lambda times: ngettext("a montré une photo", "a montré %(num)d photos", times),
        "turn_photo": lambda times: ngettext("a tourné une photo", "a tourné des photos", times),
        "box_photo": lambda times: ngettext("a entouré l’objet d’une photo", "a entouré l’objet de photos", times),
        "redact_photo": lambda times: ngettext(
            "a caché une partie d’une photo", "a caché des parties de photos", times
        ),
        "unredact_photo": lambda times: ngettext(
            "a montré de nouveau une partie d’une photo", "a montré de nouveau des parties de photos", times
        ),
        "describe_again": lambda times: ngettext(
            "a fait analyser de nouveau une photo", "a fait analyser de nouveau des photos", times
        ),
        "give_photo": lambda times: ngettext(
            "a déplacé une photo vers un autre objet", "a déplacé %(num)d photos vers un autre objet", times
        ),
        "receive_photo": lambda times: ngettext(
            "a apporté une photo d’un autre objet", "a apporté %(num)d photos d’un autre objet", times
        ),
        "edit_photo": lambda times: ngettext("a décrit une photo", "a décrit des photos", times),
        "choose_cover": lambda _times: gettext("a choisi la photo de couverture"),
        "place_photo": lambda _times: gettext("a changé l’ordre des photos"),
        "publish": lambda _times: gettext("a publié l’objet"),
        "move": lambda _times: gettext("a changé la place dans la liste"),
        "give_link": lambda _times: gettext("a donné un lien pour choisir un mot de passe"),
        "make_administrator": lambda _times: gettext("a fait de ce compte un compte d’administrateur"),
        "choose_password": lambda _times: gettext("a choisi un mot de passe"),
        "disable": lambda _times: gettext("a fermé le compte"),
        "enable": lambda _times: gettext("a rouvert le compte"),
        "reset_second_factor": lambda _times: gettext("a retiré le code de connexion"),
        "hand_back": lambda _times: gettext("a noté la restitution de l’objet"),
        "take_back": lambda _times: gettext("a annulé la restitution de l’objet"),
        "share": lambda _times: gettext("a préparé l’objet pour les réseaux"),
        "connect_page": lambda _times: gettext("a relié une page Facebook à l’unité"),
        "disconnect_page": lambda _times: gettext("a détaché la page Facebook de l’unité"),
        "take_down": lambda _times: gettext("a noté que l’objet est retiré d’un réseau"),
        "withdraw": lambda _times: gettext("a retiré l’objet de la galerie publique"),
        "change_password": lambda _times: gettext("a changé de mot de passe"),
        "second_factor_on": lambda _times: gettext("a activé le code de connexion"),
        "second_factor_off": lambda _times: gettext("a désactivé le code de connexion"),
        "new_recovery_codes": lambda _times: gettext("a fait de nouveaux codes de secours"),
        "use_recovery_code": lambda _times: gettext("s’est connecté avec un code de secours"),
        "show_recovery_codes": lambda times: ngettext(
            "a affiché ses codes de secours", "a affiché %(num)d fois ses codes de secours", times
        ),
        "sign_in": lambda _times: gettext("s’est connecté"),
        "sign_in_failed": lambda times: ngettext(
            "a essayé un mauvais mot de passe", "a essayé %(num)d mauvais mots de passe", times
        ),
        "code_failed": lambda times: ngettext("a essayé un mauvais code", "a essayé %(num)d mauvais codes", times),
        "confirmation_failed": lambda times: ngettext(
            "s’est trompé de mot de passe en confirmant",
            "s’est trompé %(num)d fois de mot de passe en confirmant",
            times,
        ),
        "made_to_wait": lambda times: ngettext(
            "a dû attendre avant un essai", "a dû attendre avant %(num)d essais", times
        ),
        "refused": lambda times: ngettext("s’est vu refuser une page", "s’est vu refuser %(num)d pages", times),
        "limited": lambda times: ngettext("a fait trop de demandes", "a fait %(num)d demandes de trop", times),
        "download_original": lambda times: ngettext(
            "a téléchargé un original", "a téléchargé %(num)d originaux", times
        ),
        "read_sealed": lambda times: ngettext(
            "a lu des informations confidentielles", "a lu %(num)d fois des informations confidentielles", times
        ),
        "add_account": lambda times: ngettext(
            "a ajouté un compte officiel", "a ajouté %(num)d comptes officiels", times
        ),
        "check_account": lambda times: ngettext(
            "a vérifié un compte officiel", "a vérifié des comptes officiels", times
        ),
        "remove_account": lambda times: ngettext(
            "a retiré un compte officiel", "a retiré des comptes officiels", times
        ),
        "report_account": lambda _times: gettext("a signalé un faux compte"),
        "unreport_account": lambda _times: gettext("a retiré un compte de la liste des faux"),
        "declare_no_account": lambda _times: gettext("a déclaré un département sans compte officiel"),
        "withdraw_no_account": lambda _times: gettext("a retiré la déclaration d’un département sans compte officiel"),
    }
)
