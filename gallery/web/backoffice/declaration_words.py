"""What the journal says was done with the declarations of victims."""

from collections.abc import Callable

from flask_babel import gettext, ngettext

# By how many times in a row.
DECLARATION_ACTIONS: dict[str, Callable[[int], str]] = {
    "file_declaration": lambda _times: gettext("a enregistré la déclaration d’une victime"),
    "read_declaration": lambda times: ngettext(
        "a lu la déclaration d’une victime", "a lu %(num)d fois la déclaration d’une victime", times
    ),
    "prolong_declaration": lambda _times: gettext("a prolongé la déclaration d’une victime"),
    "close_declaration": lambda _times: gettext("a clos la déclaration d’une victime"),
    "end_declaration": lambda _times: gettext("a mis fin à une déclaration arrivée à son terme"),
    "erase_declaration": lambda _times: gettext("a effacé la déclaration d’une victime"),
    "add_to_declaration": lambda _times: gettext("a ajouté un objet ou des photos à une déclaration"),
    "ask_copy": lambda _times: gettext("a demandé une copie des données d’une déclaration"),
    "copy_declaration": lambda _times: gettext("a remis au déclarant une copie de ses données"),
    "release_declaration": lambda _times: gettext("a sorti une déclaration de la quarantaine"),
    "direct_on": lambda _times: gettext("a réglé l’unité pour montrer sans attendre un agent"),
    "direct_off": lambda _times: gettext("a réglé l’unité pour qu’un agent décide"),
    "release_flood": lambda _times: gettext("a laissé passer ce qui attendait en quarantaine"),
    "bury_flood": lambda _times: gettext("a écarté ce qui attendait en quarantaine"),
    "take_back_flood": lambda _times: gettext("a repris ce qui était écarté de la quarantaine"),
    "replace_code": lambda _times: gettext("a donné un nouveau code à une victime"),
    "proposal_shown": lambda times: ngettext("a montré un objet au déclarant", "a montré %(num)d objets", times),
    "proposal_dismissed": lambda times: ngettext("a écarté un rapprochement", "a écarté %(num)d rapprochements", times),
    "proposal_later": lambda _times: gettext("a gardé un rapprochement pour plus tard"),
    "victim_told": lambda _times: gettext("a prévenu le déclarant"),
    "victim_told_of_end": lambda _times: gettext("a prévenu le déclarant de la fin de sa recherche"),
    "helper_told": lambda _times: gettext("a prévenu l’aidant"),
    "victim_mailed": lambda times: ngettext("a écrit au déclarant", "a écrit %(num)d fois au déclarant", times),
    "address_confirmed": lambda _times: gettext("a confirmé l’adresse électronique du déclarant"),
    "mail_refused": lambda _times: gettext("n’a pas pu écrire au déclarant : le prévenir par téléphone"),
}
