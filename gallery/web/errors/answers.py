"""How an error is answered: a page in the site's clothes, or a sentence for a script."""

from collections.abc import Mapping
from functools import partial

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from gallery import errors
from gallery.config import Site
from gallery.services.facebook.album_archive import ArchiveFault
from gallery.storage import full_disk
from gallery.web.archive_words import ARCHIVE_FAULTS
from gallery.web.errors import refused_form
from gallery.web.errors.programs import error_for_programs
from gallery.web.errors.table import ANSWERS, FORM_EXPIRED, HTTP_SENTENCES
from gallery.web.intake import waits

# What our scripts wait for before they send again: others' searches, room in the case, somebody who may see the case.
ASKED_FIRST: Mapping[type[errors.GalleryError], str] = {
    errors.TooManySearches: "turn",
    errors.LotFull: "room",
    errors.CaseNotFound: "case",
}


def _too_large(error: errors.PhotoTooLarge) -> str:
    if error.limit_megabytes:
        return gettext(
            "Cette photo pèse plus de %(limit)s Mo. Envoyez-en une version réduite.", limit=error.limit_megabytes
        )
    if error.limit_megapixels:
        return gettext(
            "Cette photo compte plus de %(limit)s millions de pixels. Envoyez-en une version réduite.",
            limit=error.limit_megapixels,
        )
    if error.limit_progressive_megapixels:
        return gettext(
            "Cette photo est un JPEG « progressif » de plus de %(limit)s millions de pixels : c’est trop pour cette "
            "sorte de fichier. Envoyez-en une version réduite.",
            limit=error.limit_progressive_megapixels,
        )
    return str(answer_for(error)[1])


def sentence_for(error: errors.GalleryError) -> str:
    """What to tell the person, with the limit that was passed where there is one."""
    if isinstance(error, errors.PhotoTooLarge):
        return _too_large(error)
    if isinstance(error, errors.ArchiveRefused):
        return str(ARCHIVE_FAULTS[ArchiveFault(error.fault)])
    if isinstance(error, errors.ArchiveTooLarge):
        return gettext(
            "Cette archive dépasse %(limit)s Mo : l’exploitant peut la reprendre en ligne de commande "
            "(flask import --facebook-export), sans limite.",
            limit=error.limit_megabytes,
        )
    if isinstance(error, errors.TooManyForPost):
        return gettext(
            "Une publication montre %(limit)s photos au plus, et cet album en a %(photos)s. Enlevez des objets, ou "
            "téléchargez l’album.",
            limit=error.limit,
            photos=error.photos,
        )
    if isinstance(error, errors.LotFull):
        return gettext(
            "%(limit)s photos attendent dans cette affaire : c’est le plus possible. Triez-en d’abord, créez les fiches"
            " ou retirez des photos, puis reprenez l’envoi.",
            limit=error.limit,
        )
    if isinstance(error, errors.TooManyPhotos):
        return gettext("%(limit)s photos au plus à la fois. Envoyez les autres ensuite.", limit=error.limit)
    if isinstance(error, errors.StoreUnreachable) and request.method == "POST":
        return gettext(
            "Les photos ne peuvent être ni lues ni gardées en ce moment. Ce qui était déjà enregistré n’a pas changé. "
            "Recommencez dans quelques minutes ; si vous envoyiez des photos, gardez-les."
        )
    own = error.sentence if isinstance(error, errors.DeclarationsClosed) else waits.sentence_for(error)
    return own or str(answer_for(error)[1])


def sentence_for_kept(name: str) -> str:
    """What to tell of an error that was kept by its name; of one that is no longer known, that no photo was found."""
    kind = getattr(errors, name, getattr(errors.photos, name, errors.PhotoUnreadable))
    return str(answer_for(kind.__new__(kind))[1])


def answer_for(error: errors.GalleryError) -> tuple[int, str]:
    """Status and sentence of the nearest ancestor in the table; 500 when there is none."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind]
    return 500, gettext("Une erreur est survenue.")


def init_app(app: Flask, site: Site) -> None:
    """Answer errors in the site's clothes."""
    answer = partial(_answer, f"{site.value}/error.html")

    def domain_error(error: errors.GalleryError) -> ResponseReturnValue:
        _tell(app, error)
        status, _ = answer_for(error)
        again = next((asked for kind, asked in ASKED_FIRST.items() if isinstance(error, kind)), "")
        return (*answer(status, sentence_for(error), again=again), waits.headers_for(error))

    def http_error(error: HTTPException) -> ResponseReturnValue | HTTPException:
        if error.code is None or error.code < 400:
            return error
        wrong = getattr(error, "data", {}).get("messages")
        sentence = str(HTTP_SENTENCES.get(error.code, ""))
        return (*answer(error.code, sentence, wrong=wrong), _allowed(error))

    def csrf_error(_error: CSRFError) -> ResponseReturnValue:
        return answer(400, str(FORM_EXPIRED), again="token")

    app.register_error_handler(errors.GalleryError, domain_error)
    app.register_error_handler(OSError, lambda error: domain_error(_full_disk(error)))
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)


def _answer(
    template: str, status: int, sentence: str, *, again: str = "", wrong: object = None
) -> tuple[Response | str, int]:
    """The page of an error, or what a program is told."""
    told = error_for_programs(status, sentence, again=again, wrong=wrong)
    if told is not None:
        return told, status
    sent = None if again else refused_form.of_refused(status)
    return render_template(template, status=status, sentence=sentence, again=again, sent=sent), status


def _allowed(error: HTTPException) -> dict[str, str]:
    """What may be done at an address, which RFC 9110 requires with a 405."""
    methods = getattr(error, "valid_methods", None)
    return {"Allow": ", ".join(methods)} if methods else {}


def _tell(app: Flask, error: errors.GalleryError) -> None:
    """Log what the operator must know; the stores' own outages are logged where they begin and end."""
    if isinstance(error, errors.DiskFull):
        app.logger.error("the disk is full: %s", error.why)
    elif answer_for(error)[0] == 500:
        app.logger.error("unexpected domain error", exc_info=error)


def _full_disk(error: OSError) -> errors.DiskFull:
    """What is meant by an error of a temporary file, or of another that is no store's; any other error goes on."""
    full = full_disk(error)
    if full is None:
        raise error
    return full
