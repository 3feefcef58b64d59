"""The single table from domain errors to HTTP status and French sentence, and the sentences of HTTP's own."""

from flask_babel import lazy_gettext

from gallery import errors
from gallery.errors import photos

ANSWERS: dict[type[errors.GalleryError], tuple[int, str]] = {
    errors.PhotoUnreadable: (
        400,
        lazy_gettext(
            "Ce fichier n’est pas une photo lisible, ou il est abîmé. Choisissez une photo JPEG, PNG ou HEIC."
        ),
    ),
    photos.FileEmpty: (
        400,
        lazy_gettext("Ce fichier est vide : la photo a été mal copiée. Copiez-la de nouveau, puis envoyez-la."),
    ),
    photos.FileIsVideo: (
        400,
        lazy_gettext(
            "C’est une vidéo, pas une photo. Arrêtez-la sur l’objet, faites une capture d’écran, puis envoyez la "
            "capture."
        ),
    ),
    photos.FileIsDocument: (
        400,
        lazy_gettext(
            "C’est un document, pas une photo. Ouvrez-le, faites une capture d’écran de ce qu’il faut montrer, puis "
            "envoyez la capture."
        ),
    ),
    photos.FileIsArchive: (
        400,
        lazy_gettext(
            "C’est un dossier compressé (ZIP…), pas une photo. Ouvrez-le, puis choisissez les photos qu’il contient."
        ),
    ),
    errors.PhotoIsRaw: (
        400,
        lazy_gettext(
            "Cette photo est au format brut de l’appareil (RAW : exportez en JPEG). Ouvrez-la avec le logiciel de "
            "l’appareil, enregistrez-la en JPEG, puis envoyez ce JPEG."
        ),
    ),
    errors.PhotoTooLarge: (413, lazy_gettext("Cette photo est trop grande. Envoyez-en une version réduite.")),
    errors.PhotoTooSmall: (
        400,
        lazy_gettext("Cette photo est trop petite pour montrer un objet. Choisissez une photo plus grande."),
    ),
    errors.PhotoTooNarrow: (
        400,
        lazy_gettext("Cette photo est beaucoup trop étroite pour montrer un objet. Recadrez-la, puis envoyez-la."),
    ),
    errors.PhotoTooDemanding: (
        400,
        lazy_gettext("Cette photo est trop longue à ouvrir. Faites-en une capture d’écran, puis envoyez la capture."),
    ),
    errors.DecodersBusy: (503, lazy_gettext("Beaucoup de photos arrivent en ce moment. Réessayez dans une minute.")),
    errors.DecoderStopped: (
        503,
        lazy_gettext("Les photos ne peuvent pas être lues pour le moment. Réessayez dans quelques minutes."),
    ),
    errors.FingerprintInvalid: (
        400,
        lazy_gettext("Ce qui décrit la photo n’est pas arrivé entier. Rechargez la page, puis choisissez la photo."),
    ),
    errors.DeclarationsOff: (404, lazy_gettext("Ce service ne prend pas de déclaration ni de demande.")),
    errors.DeclarationsClosed: (
        503,
        lazy_gettext("Les déclarations ne peuvent pas être reçues pour le moment. Réessayez un peu plus tard."),
    ),
    errors.StatementInvalid: (
        422,
        lazy_gettext("Il manque quelque chose à la déclaration, ou elle contient trop d’objets ou de photos."),
    ),
    errors.CodeMistyped: (
        422,
        lazy_gettext("Ces mots ne forment pas un code de suivi. Vérifiez chaque mot et leur ordre."),
    ),
    errors.CodeUnknown: (
        404,
        lazy_gettext(
            "Ce code n’ouvre aucune déclaration. Si vous venez de l’envoyer, réessayez dans quelques minutes ;"
            " sinon, elle a été effacée ou a reçu un nouveau code."
        ),
    ),
    errors.DeclarationNotFound: (404, lazy_gettext("Cette déclaration ou demande a été effacée, ou n’existe pas.")),
    errors.TooManyPhotos: (413, lazy_gettext("Il y a trop de photos. Envoyez-les en plusieurs fois.")),
    errors.TooManyCards: (409, lazy_gettext("C’est trop d’étiquettes. Utilisez d’abord celles que vous avez.")),
    errors.NumberNotReserved: (422, lazy_gettext("Ce numéro n’est pas réservé à votre unité : prenez-en un autre.")),
    errors.NoPhotoGiven: (400, lazy_gettext("Choisissez au moins une photo.")),
    errors.TooManySearches: (
        503,
        lazy_gettext("Beaucoup de personnes cherchent en ce moment."),
    ),
    errors.TooManyAttempts: (429, lazy_gettext("Trop d’essais de connexion. Patientez un peu, puis recommencez.")),
    errors.AddressInvalid: (422, lazy_gettext("Cette adresse électronique n’est pas complète.")),
    errors.TooManyUploads: (
        503,
        lazy_gettext("Beaucoup de photos nous arrivent en ce moment. Réessayez dans une minute."),
    ),
    errors.UploadTooSlow: (
        408,
        lazy_gettext("L’envoi était trop lent. Recommencez là où le réseau est meilleur."),
    ),
    errors.ItemNotFound: (404, lazy_gettext("Aucun objet ne porte ce numéro.")),
    errors.ItemNoLongerPublic: (
        410,
        lazy_gettext("Cet objet n’est plus présenté : il a été rendu à son propriétaire ou retiré par l’unité."),
    ),
    errors.CaseNotFound: (404, lazy_gettext("Cette affaire n’existe pas dans votre unité.")),
    errors.PostingNotFound: (404, lazy_gettext("Cette publication n’existe pas dans votre unité.")),
    errors.PostingOnline: (
        409,
        lazy_gettext("Cet album est en ligne, ou il y part : il reste dans la liste, pour savoir quoi retirer."),
    ),
    photos.PhotoDeleted: (
        422,
        lazy_gettext("Un agent a supprimé cette photo : si elle doit revenir, ajoutez-la sur la fiche de l’objet."),
    ),
    photos.PhotoRemoved: (
        409,
        lazy_gettext(
            "Cette photo a été retirée. Pour la reprendre : « Reprendre ces photos », sur la page des photos de "
            "l’affaire."
        ),
    ),
    errors.PhotoThereAlready: (
        409,
        lazy_gettext(
            "Rien n’est déplacé : l’autre objet a déjà cette photo, ou elle y a été supprimée et peut encore revenir."
        ),
    ),
    errors.PhotoNotFound: (404, lazy_gettext("Cette photo n’existe pas ou n’est plus publique.")),
    errors.FileAbsent: (404, lazy_gettext("Le fichier de cette photo est introuvable.")),
    errors.CategoryNotFound: (404, lazy_gettext("Cette catégorie n’existe pas.")),
    errors.UnitUnreachable: (
        409,
        lazy_gettext("Cette unité a des objets publiés : laissez un téléphone ou une adresse électronique."),
    ),
    errors.UnitNotFound: (404, lazy_gettext("Cette unité n’existe pas.")),
    errors.OfficerNotFound: (404, lazy_gettext("Ce compte n’existe pas.")),
    errors.LinkNotFound: (
        410,
        lazy_gettext("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau à votre administrateur."),
    ),
    errors.SessionNotFound: (404, lazy_gettext("Cette session est déjà fermée.")),
    errors.NotAllowed: (403, lazy_gettext("Votre rôle ne donne pas accès à cette page.")),
    errors.LastAdministrator: (
        409,
        lazy_gettext("C’est le dernier administrateur : donnez d’abord ce rôle à quelqu’un d’autre."),
    ),
    errors.CategoryInUse: (
        409,
        lazy_gettext("Des objets publiés sont dans cette catégorie : retirez-les de la galerie d’abord."),
    ),
    errors.CaseNumberTaken: (409, lazy_gettext("Votre unité a déjà une affaire de ce numéro.")),
    errors.ChangedMeanwhile: (
        409,
        lazy_gettext("Un collègue a modifié cette fiche entre-temps. Rien n’a été écrasé : relisez, puis recommencez."),
    ),
    errors.AlbumEmpty: (404, lazy_gettext("Aucun des objets demandés n’est publié : il n’y a rien à partager.")),
    errors.ExportNotFound: (404, lazy_gettext("Ce fichier n’existe pas, ou il est effacé : refaites l’album.")),
    errors.ExportOutdated: (409, lazy_gettext("Des objets de cet album ne sont plus publics : refaites le fichier.")),
    errors.TooManyExports: (409, lazy_gettext("Votre unité attend déjà beaucoup de fichiers : patientez un peu.")),
    errors.NoLongerInAlbum: (409, lazy_gettext("Des objets de l’album ne sont plus publics.")),
    errors.AlbumNotFound: (404, lazy_gettext("Cet album n’existe pas. Vérifiez l’adresse, caractère par caractère.")),
    errors.AlbumNoLongerPublic: (
        410,
        lazy_gettext("Les objets de cet album ne sont plus présentés : ils ont été rendus ou retirés par l’unité."),
    ),
    errors.AccountRefused: (422, lazy_gettext("Cette adresse n’est pas celle d’un compte officiel.")),
    errors.AccountTaken: (409, lazy_gettext("Ce compte est déjà dans la liste.")),
    errors.AccountNotFound: (404, lazy_gettext("Ce compte n’est plus dans la liste.")),
    errors.DepartementHasAccounts: (
        409,
        lazy_gettext("Une unité de ce département a un compte dans la liste : retirez-le d’abord."),
    ),
    errors.FacebookPageNotFound: (404, lazy_gettext("Aucune page Facebook n’est reliée à votre unité.")),
    errors.TooManyForPost: (409, lazy_gettext("Cet album a trop de photos pour une seule publication.")),
    errors.ArchiveRefused: (400, lazy_gettext("Cette archive ne peut pas être reprise.")),
    errors.ArchiveTooLarge: (
        413,
        lazy_gettext("Cette archive est trop volumineuse pour cette page : l’exploitant peut la reprendre lui-même."),
    ),
    errors.ArchiveNotFound: (404, lazy_gettext("Cette archive n’existe pas dans votre unité.")),
    errors.PhotoInNoAlbum: (
        404,
        lazy_gettext(
            "Cette photo n’est dans aucun album ni aucune publication de l’archive : si elle montre un objet, "
            "ajoutez-la à sa fiche."
        ),
    ),
    errors.PhotoNotInArchive: (
        404,
        lazy_gettext(
            "L’album cite cette photo, mais l’archive ne la contient pas : elle est peut-être dans une autre partie."
        ),
    ),
    errors.FilmMakerAbsent: (
        409,
        lazy_gettext(
            "Cette installation ne sait pas encore faire de film. La personne qui la gère doit installer PyAV :"
            " pip install --require-hashes -r requirements-extra.txt. Les autres réseaux restent disponibles."
        ),
    ),
    errors.StoreUnreachable: (
        503,
        lazy_gettext("Les photos ne sont pas accessibles en ce moment. Réessayez dans quelques minutes."),
    ),
    errors.SealBroken: (
        410,
        lazy_gettext(
            "Ceci est illisible : la clé qui l’ouvrait n’est plus là, ou le texte est abîmé. Prévenez la personne qui"
            " gère ce service ; réessayer ne suffira pas."
        ),
    ),
    errors.StoreOfAnother: (
        503,
        lazy_gettext(
            "Les photos de ce service sont celles d’une autre installation : rien n’a été enregistré. Prévenez la"
            " personne qui gère ce service ; réessayer ne suffira pas."
        ),
    ),
    errors.DiskFull: (
        507,
        lazy_gettext(
            "Le disque du serveur est plein : rien n’a été enregistré. Prévenez la personne qui gère ce service ;"
            " réessayer ne suffira pas."
        ),
    ),
    errors.PublicationRefused: (409, lazy_gettext("Cet objet ne peut pas être public.")),
}

FORM_EXPIRED = lazy_gettext("Le formulaire a expiré. Revenez à la page précédente, rechargez-la et recommencez.")
HTTP_SENTENCES = {
    400: lazy_gettext("La demande n’a pas été comprise. Revenez à la page précédente et recommencez."),
    403: lazy_gettext("Vous n’avez pas accès à cette page."),
    404: lazy_gettext("Cette page n’existe pas. Vérifiez l’adresse ou revenez à l’accueil."),
    405: lazy_gettext("Cette page ne s’ouvre pas de cette façon. Revenez à l’accueil."),
    410: lazy_gettext("Cette page n’est plus en ligne."),
    413: lazy_gettext("L’envoi est trop volumineux. Envoyez moins de photos à la fois, ou des photos réduites."),
    422: lazy_gettext("La demande n’a pas été comprise : vérifiez ce qui est demandé."),
    429: lazy_gettext("Trop de demandes en peu de temps. Patientez une minute, puis recommencez."),
    500: lazy_gettext("Une erreur est survenue de notre côté. Réessayez dans quelques instants."),
    503: lazy_gettext("Le service est très demandé en ce moment. Réessayez dans une minute."),
}
