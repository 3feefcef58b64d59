"""How much each browser may ask for, and how much all browsers behind one address: a town hall, or a mobile network.

A browser is told from others by the token of its forms, which lies in the site's signed cookie anyway and goes with it;
what counts it is a digest that means nothing elsewhere. Whoever sends no cookie shares one allowance with all of that
address, and whoever throws it away after each request is held by what the address may ask for.
"""

import hmac
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import current_app, session

from gallery.config.values import times
from gallery.extensions import limiter, visitor
from gallery.web.resources import resources

# Where Flask-WTF keeps it.
FORM_TOKEN = "csrf_token"  # noqa: S105  a name
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def searching_browsers() -> int:
    """How many browsers may use up the rate of searches at one address."""
    return resources().settings.browsers_at_one_address


def declaring_browsers() -> int:
    """The same for declarations and claims: far fewer, since one address must not use up what the country has."""
    return resources().settings.declaring_browsers_at_one_address


def limited(
    rate: Callable[[], str], *, browsers: Callable[[], int] = searching_browsers
) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Have a function raise TooManyRequests for a browser beyond this rate, and for an address beyond that of several.

    browsers: how many may use up the rate at one address.
    """

    def mark(act: Callable[Given, Answer]) -> Callable[Given, Answer]:
        of_address = limiter.limit(lambda: times(rate(), browsers()), key_func=address)(act)

        def of_browser(*values: Given.args, **named: Given.kwargs) -> Answer:
            return of_address(*values, **named)

        # Under a name of its own: limits of one name are counted together, and what is refused to one browser would use
        # up what the others of its address have.
        of_browser.__module__, of_browser.__name__ = act.__module__, act.__name__
        of_browser.__qualname__ = f"{act.__qualname__} of a browser"
        return limiter.limit(rate, key_func=browser)(of_browser)

    return mark


def sending_counter(name: str, *, rate: Callable[[], str], overall: Callable[[], str]) -> Callable[[], None]:
    """What counts one sending of a victim's, and raises TooManyRequests where a browser, an address or the country has
    sent too many. name: of what is sent, which no other has; overall: the rate of the country.
    """

    def count_one() -> None:
        pass

    def count_all() -> None:
        pass

    for act in (count_one, count_all):
        act.__qualname__ = f"{act.__name__} of {name}"
    of_one = limited(rate, browsers=declaring_browsers)(count_one)
    of_all = limiter.limit(overall, key_func=lambda: name)(count_all)

    def count() -> None:
        # In this order: what is refused to one browser must not use up what the whole country has.
        of_one()
        of_all()

    return count


def browser() -> str:
    """Who asks, for the limits on rates: this browser, or without its cookie whoever has no cookie at this address."""
    token = session.get(FORM_TOKEN)
    return f"browser {digest(str(token))}" if token else f"without a cookie {visitor()}"


def digest(text: str) -> str:
    """What stands for a text in the counters: whoever reads these learns nothing of it."""
    return hmac.digest(str(current_app.secret_key).encode(), b"allowance " + text.encode(), "sha256").hex()


def address() -> str:
    """All who ask from this visitor's address, for the limits on rates."""
    return f"address {visitor()}"
