"""The sentences of the open questions, the same for every item of a category: none says anything of one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext

QUESTIONS: Mapping[str, Any] = {
    "engraved": lazy_gettext("Qu’est-ce qui est gravé, écrit ou collé dessus ?"),
    "damaged": lazy_gettext("Qu’est-ce qui est abîmé, réparé ou manquant ?"),
    "with_it": lazy_gettext("Qu’y avait-il avec (boîte, étui, papiers, clés) ?"),
    "since": lazy_gettext("Depuis quand l’aviez-vous ?"),
    "origin": lazy_gettext("D’où vient-il (achat, cadeau, héritage) ?"),
    "size": lazy_gettext("Quelle est sa taille ou sa longueur ?"),
    "fastening": lazy_gettext("Comment se ferme-t-il ou s’attache-t-il ?"),
    "worn_by": lazy_gettext("Qui le portait, et à quelles occasions ?"),
    "added": lazy_gettext("Qu’avez-vous ajouté, changé ou réparé ?"),
    "locked": lazy_gettext("Comment était-il rangé, attaché ou fermé ?"),
    "used_for": lazy_gettext("À quoi vous servait-il, et où ?"),
    "inside": lazy_gettext("Qu’y a-t-il dedans (image d’accueil, nom de l’appareil, comptes) ?"),
    "number": lazy_gettext("Quel est son numéro (de série, IMEI), si vous l’avez ?"),
    "accessories": lazy_gettext("Quels accessoires avait-il (coque, carte, chargeur) ?"),
    "underneath": lazy_gettext("Que voit-on au dos, en dessous ou à l’intérieur ?"),
    "stood_at": lazy_gettext("Où était-il chez vous ?"),
    "valued_by": lazy_gettext("A-t-il été restauré, estimé ou assuré ? Par qui ?"),
    "kept_at": lazy_gettext("Où était-il quand il a disparu ?"),
    "known_to": lazy_gettext("Qui d’autre le connaît bien ?"),
}
