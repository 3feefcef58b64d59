"""What an officer asks of an album: which items, in which order, in which words; and moves made without script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request

from gallery.services.albums import Edits
from gallery.web.backoffice.fields import tidy_line, tidy_text

TITLE, DESCRIPTION, PLACE, POST, CAPTION = 160, 2000, 120, 5000, 2000
LONGEST_NUMBER = 16
_UP, _DOWN, _REMOVE = "monter", "descendre", "enlever"


@dataclass(frozen=True)
class AlbumForm:
    """The album as its form says it. numbers: in order. An empty title or caption leaves what was proposed.

    code: of the page that the album's texts name; "" when the form has just begun.
    """

    numbers: tuple[str, ...]
    edits: Edits = field(default_factory=Edits)
    code: str = ""

    @classmethod
    def sent(cls) -> "AlbumForm":
        """What the form of this request says."""
        numbers = numbers_in(request.form.getlist("objet") or request.form.getlist("objets"))
        captions = {number: tidy_text(request.form[f"legende-{number}"])[:CAPTION] for number in _captioned(numbers)}
        return cls(
            numbers,
            Edits(
                title=_line("titre", TITLE) or None,
                description=_text("description", DESCRIPTION),
                place=_line("lieu", PLACE),
                post=_text("texte", POST),
                captions={number: caption for number, caption in captions.items() if caption},
            ),
            request.form.get("code", ""),
        )

    def moved(self) -> "AlbumForm":
        """The same after the button that was pressed: an item goes up, down or away."""
        act, _, number = request.form.get("agir", "").partition(" ")
        if number not in self.numbers:
            return self
        return replace(self, numbers=tuple(_moves(self.numbers, number)[act])) if act in _MOVES else self


def numbers_in(given: Sequence[str]) -> tuple[str, ...]:
    """The item numbers that a form or an address names, each once."""
    return tuple(dict.fromkeys(tidy_line(number)[:LONGEST_NUMBER] for number in given))


_MOVES = (_UP, _DOWN, _REMOVE)


def _moves(numbers: Sequence[str], number: str) -> Mapping[str, list[str]]:
    place = numbers.index(number)
    others = [each for each in numbers if each != number]
    return {
        _UP: [*others[: max(0, place - 1)], number, *others[max(0, place - 1) :]],
        _DOWN: [*others[: place + 1], number, *others[place + 1 :]],
        _REMOVE: others,
    }


def _captioned(numbers: Sequence[str]) -> list[str]:
    return [number for number in numbers if f"legende-{number}" in request.form]


def _line(name: str, longest: int) -> str | None:
    return tidy_line(request.form[name])[:longest] if name in request.form else None


def _text(name: str, longest: int) -> str | None:
    return tidy_text(request.form[name])[:longest] if name in request.form else None
