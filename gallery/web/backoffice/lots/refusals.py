"""Why an act of the sorting table does nothing, or leaves some objects alone; whoever asked for it is told."""

from collections.abc import Collection, Sequence

from flask import flash
from flask_babel import gettext, ngettext

# Texts that a message repeats.
MAX_NAMED = 5


def refuse(why: str) -> bool:
    """Say why nothing is done; False."""
    flash(why, "warning")
    return False


def refuse_changed() -> bool:
    """Say that the object was not shown as it is by now; False."""
    return refuse(gettext("Cet objet a changé entre-temps : rien n’a été fait. Regardez-le, puis recommencez."))


def refuse_ticked_changed() -> bool:
    """Say that a ticked object was not shown as it is by now; False."""
    return refuse(
        gettext("Un des objets cochés a changé entre-temps : rien n’a été fait. Regardez-les, puis recommencez.")
    )


def tell_left_alone(changed: Collection[str]) -> None:
    """Say how many objects were left alone, as they were not shown as they are by now."""
    if changed:
        flash(
            ngettext(
                "Un objet est nouveau ou a changé entre-temps, et n’a pas été touché : regardez-le, puis recommencez.",
                "%(num)d objets sont nouveaux ou ont changé entre-temps, et n’ont pas été touchés : regardez-les, puis"
                " recommencez.",
                len(changed),
            ),
            "warning",
        )


def named(texts: Sequence[str]) -> str:
    """The first of these, quoted, and how many more there are: a cookie that holds a message has no room for all."""
    names = ", ".join(gettext("« %(what)s »", what=text) for text in texts[:MAX_NAMED])
    more = len(texts) - MAX_NAMED
    if more <= 0:
        return names
    return ngettext("%(names)s et un autre", "%(names)s et %(num)d autres", more, names=names)
