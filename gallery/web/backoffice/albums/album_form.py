"""What an officer asks of an album: which items, in which order, in which words; and moves made without script."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import request

from gallery.services.albums.compose import Edits
from gallery.services.words.tidying import tidy_line, tidy_text
from gallery.web.backoffice.albums.album_pages import page_with

TITLE, DESCRIPTION, PLACE, POST, CAPTION = 160, 2000, 120, 5000, 2000
LONGEST_NUMBER = 16


@dataclass(frozen=True)
class AlbumForm:
    """The album as its form says it. numbers: in order. An empty title or caption leaves what was proposed.

    seen: what the items whose captions it has said of themselves when it was shown (`AlbumItem.told`), by number.
    code: of the page that the album's texts name; "" when the form has just begun. page: the part to show, from 1.
    """

    numbers: tuple[str, ...]
    edits: Edits = field(default_factory=Edits)
    seen: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    page: int = 1

    @classmethod
    def sent(cls) -> "AlbumForm":
        """What the form of this request says, after the button that was pressed and the places that were typed."""
        numbers = numbers_in(request.form.getlist("objet") or request.form.getlist("objets"))
        edits = _edits(numbers)
        seen = {number: request.form.get(f"dit-{number}", "") for number in edits.captions or {}}
        form = cls(numbers, edits, seen, request.form.get("code", ""), request.form.get("page", 1, type=int))
        act, _, number = request.form.get("agir", "").partition(" ")
        if act in _MOVES and number in numbers:
            return form._arranged(_MOVES[act](numbers, number), seen=number)
        typed = _typed_places(numbers)
        if typed:
            form = form._arranged(_placed(numbers, typed), seen=typed[0][1])
        return replace(form, page=request.form.get("aller", form.page, type=int))

    def without_captions(self, numbers: Collection[str]) -> "AlbumForm":
        """The form with the captions of these items as they are proposed now."""
        kept = {number: text for number, text in (self.edits.captions or {}).items() if number not in numbers}
        return replace(self, edits=replace(self.edits, captions=kept))

    def _arranged(self, numbers: Sequence[str], *, seen: str) -> "AlbumForm":
        """The form in another order, on the page that has this item."""
        page = page_with(numbers.index(seen)) if seen in numbers else self.page
        return replace(self, numbers=tuple(numbers), page=page)


def numbers_in(given: Sequence[str]) -> tuple[str, ...]:
    """The item numbers that a form or an address names, each once."""
    return tuple(dict.fromkeys(tidy_line(number)[:LONGEST_NUMBER] for number in given))


def _up(numbers: Sequence[str], number: str) -> list[str]:
    return _placed(numbers, [(max(0, numbers.index(number) - 1), number)])


def _down(numbers: Sequence[str], number: str) -> list[str]:
    return _placed(numbers, [(numbers.index(number) + 1, number)])


def _removed(numbers: Sequence[str], number: str) -> list[str]:
    return [each for each in numbers if each != number]


_MOVES: Mapping[str, Callable[[Sequence[str], str], list[str]]] = {
    "monter": _up,
    "descendre": _down,
    "enlever": _removed,
}


def _placed(numbers: Sequence[str], places: Sequence[tuple[int, str]]) -> list[str]:
    """The numbers with some at these places, from 0, in ascending order."""
    moved = {number for _, number in places}
    others = [number for number in numbers if number not in moved]
    for place, number in places:
        others.insert(min(place, len(others)), number)
    return others


def _typed_places(numbers: Sequence[str]) -> list[tuple[int, str]]:
    """The items whose place was changed, with the new one from 0, in ascending order."""
    typed = []
    for now, number in enumerate(numbers):
        place = request.form.get(f"place-{number}", now + 1, type=int) - 1
        if place != now:
            typed.append((max(0, place), number))
    return sorted(typed)


def _edits(numbers: Sequence[str]) -> Edits:
    captions = {
        number: tidy_text(request.form[f"legende-{number}"])[:CAPTION]
        for number in numbers
        if f"legende-{number}" in request.form
    }
    return Edits(
        title=_line("titre", TITLE) or None,
        description=_text("description", DESCRIPTION),
        place=_line("lieu", PLACE),
        post=_text("texte", POST),
        captions={number: caption for number, caption in captions.items() if caption},
    )


def _line(name: str, longest: int) -> str | None:
    return tidy_line(request.form[name])[:longest] if name in request.form else None


def _text(name: str, longest: int) -> str | None:
    return tidy_text(request.form[name])[:longest] if name in request.form else None
