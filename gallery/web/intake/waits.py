"""How long to wait, in words, and in the header that tells it to programs."""

from math import ceil

from flask_babel import gettext, ngettext

from gallery import errors

A_FEW_SECONDS, HALF_A_MINUTE, MIN_SECONDS = 12, 45, 5


def sentence_for(error: errors.GalleryError) -> str:
    """What to tell whoever has to wait; empty for an error that says nothing of how long."""
    if isinstance(error, errors.TooManySearches):
        return _for_search(error)
    return _for_sign_in(error) if isinstance(error, errors.TooManyAttempts) else ""


def _for_search(error: errors.TooManySearches) -> str:
    """How many searches come first, and about how long they take."""
    crowd = gettext("Beaucoup de personnes cherchent en ce moment.")
    before = ngettext("Il y a une recherche avant la vôtre", "Il y a %(num)d recherches avant la vôtre", error.before)
    if error.seconds < A_FEW_SECONDS:
        duration = gettext("quelques secondes")
    elif error.seconds < HALF_A_MINUTE:
        duration = gettext("environ une demi-minute")
    else:
        duration = ngettext("environ une minute", "environ %(num)d minutes", round(error.seconds / 60) or 1)
    return gettext("%(crowd)s %(before)s : %(duration)s.", crowd=crowd, before=before, duration=duration)


def _for_sign_in(error: errors.TooManyAttempts) -> str:
    """How long until the next attempt to sign in."""
    seconds = ceil(error.wait.total_seconds())
    if seconds < 60:
        return ngettext(
            "Trop d’essais de connexion. Attendez une seconde, puis recommencez.",
            "Trop d’essais de connexion. Attendez %(num)d secondes, puis recommencez.",
            seconds,
        )
    return ngettext(
        "Trop d’essais de connexion. Attendez une minute, puis recommencez.",
        "Trop d’essais de connexion. Attendez %(num)d minutes, puis recommencez.",
        ceil(seconds / 60),
    )


def headers_for(error: errors.GalleryError) -> dict[str, str]:
    """Retry-After, where an error says when it is over."""
    if isinstance(error, errors.TooManyAttempts):
        return {"Retry-After": str(ceil(error.wait.total_seconds()))}
    if isinstance(error, errors.TooManySearches):
        return {"Retry-After": str(max(MIN_SECONDS, ceil(error.seconds)))}
    return {}
