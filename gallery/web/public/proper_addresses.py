"""Addresses with a number or a code in them, which people type in other ways than we write them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request, url_for

from gallery.errors import ItemNotFound
from gallery.services.albums import compose
from gallery.services.items.numbering.numbers import read_public_number
from gallery.sharing import codes
from gallery.web.resources import resources

View = Callable[..., Any]


def noted_number(text: str) -> str | None:
    """The number of an item that somebody typed, or pasted as the address of its page; None for any other text."""
    return read_public_number(codes.number_in(text, compose.site_address(resources().settings)) or text)


def proper_number(typed: str) -> str:
    """An item's number as we write it; raise ItemNotFound for what can't be one."""
    number = read_public_number(typed)
    if number is None:
        raise ItemNotFound(typed)
    return number


def at_proper_address(proper: Callable[[str], str]) -> Callable[[View], View]:
    """Let a view answer at the proper address only, and lead there from others. proper: of its one argument."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**values: str) -> Any:
            ours: dict[str, Any] = {name: proper(typed) for name, typed in values.items()}
            if ours != values:
                return redirect(url_for(str(request.endpoint), **ours), 301)
            return view(**values)

        return answer

    return decorate
