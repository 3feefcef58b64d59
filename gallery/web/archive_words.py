"""Why an archive of Facebook albums can't be taken, in words."""

from flask_babel import lazy_gettext

from gallery.services.facebook.album_archive import ArchiveFault

ARCHIVE_FAULTS = {
    ArchiveFault.NOT_A_ZIP: lazy_gettext(
        "Ce fichier n’est pas une archive ZIP. Choisissez celui que Facebook vous a donné."
    ),
    ArchiveFault.DAMAGED: lazy_gettext("Cette archive est abîmée ou incomplète. Téléchargez-la de nouveau."),
    ArchiveFault.LOCKED: lazy_gettext(
        "Cette archive est protégée par un mot de passe. Envoyez celle que Facebook vous a donnée."
    ),
    ArchiveFault.STRANGE_NAME: lazy_gettext(
        "Cette archive désigne des fichiers hors d’elle-même : elle ne vient pas de Facebook."
    ),
    ArchiveFault.LINK: lazy_gettext(
        "Cette archive contient des liens à la place de fichiers : elle ne vient pas de Facebook."
    ),
    ArchiveFault.SAME_NAME: lazy_gettext(
        "Cette archive contient deux fichiers du même nom : elle ne vient pas de Facebook."
    ),
    ArchiveFault.TOO_MANY_FILES: lazy_gettext("Cette archive contient trop de fichiers. Demandez-en une par période."),
    ArchiveFault.INFLATED: lazy_gettext(
        "Une fois ouverte, cette archive serait démesurée : elle ne vient pas de Facebook."
    ),
    ArchiveFault.PAGES: lazy_gettext("Cette archive est au format HTML. Demandez à Facebook la même au format JSON."),
    ArchiveFault.NO_ALBUM: lazy_gettext(
        "Cette archive ne contient ni album ni publication. Demandez à Facebook les publications de la page."
    ),
}
