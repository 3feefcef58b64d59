"""What a photo seems to show of people and their papers, in words."""

from collections.abc import Iterable

from flask_babel import lazy_gettext

from gallery.imaging import PrivateKind

KINDS = {
    PrivateKind.FACE: lazy_gettext("un visage"),
    PrivateKind.PLATE: lazy_gettext("une plaque"),
    PrivateKind.TEXT: lazy_gettext("du texte"),
    PrivateKind.SCREEN: lazy_gettext("un écran"),
}


def in_words(kinds: Iterable[PrivateKind]) -> str:
    """These kinds, one after the other."""
    return ", ".join(str(KINDS[kind]) for kind in kinds)
