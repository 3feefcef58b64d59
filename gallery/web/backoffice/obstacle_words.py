"""Why an object can't be public, and what an officer does about it."""

from flask_babel import lazy_gettext

from gallery.services.items.obstacles import Obstacle

OBSTACLES = {
    Obstacle.NO_PUBLIC_PHOTO: lazy_gettext("Aucune photo n’est visible du public."),
    Obstacle.CATEGORY_NEVER_PUBLIC: lazy_gettext("Les objets de cette catégorie ne sont jamais publiés."),
    Obstacle.CASE_NOT_AUTHORISED: lazy_gettext("La publication n’est pas autorisée pour cette affaire."),
    Obstacle.UNIT_UNREACHABLE: lazy_gettext("L’unité n’a ni téléphone ni adresse électronique publics."),
    Obstacle.TELLING_TITLE: lazy_gettext("Son titre dit ce que vous cachez du public : changez l’un ou l’autre."),
    Obstacle.UNREADABLE: lazy_gettext("Ce que l’unité avait caché de cet objet est illisible."),
    Obstacle.HANDED_BACK: lazy_gettext(
        "Il a été restitué. Pour le publier, annulez d’abord la restitution dans sa fiche."
    ),
    Obstacle.PROMISED: lazy_gettext(
        "Sa restitution a été accordée à un demandeur. Pour le publier, changez d’abord l’état de cette demande."
    ),
    Obstacle.FILE_ABSENT: lazy_gettext(
        "Le fichier d’une de ses photos est introuvable : ouvrez sa fiche, supprimez la photo qui ne s’affiche pas, "
        "puis ajoutez-la de nouveau."
    ),
}
REMEDIES = {
    Obstacle.NO_PUBLIC_PHOTO: lazy_gettext("Ajouter ou montrer une photo"),
    Obstacle.CATEGORY_NEVER_PUBLIC: lazy_gettext("Vérifier la catégorie"),
    Obstacle.CASE_NOT_AUTHORISED: lazy_gettext("Noter l’autorisation dans l’affaire"),
    Obstacle.UNIT_UNREACHABLE: lazy_gettext("Demandez à un administrateur de les ajouter."),
    Obstacle.TELLING_TITLE: lazy_gettext("Changer le titre, ou ne plus cacher ces mots"),
    Obstacle.UNREADABLE: lazy_gettext("L’écrire de nouveau"),
    Obstacle.PROMISED: lazy_gettext("Voir les demandes"),
}
