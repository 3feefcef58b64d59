"""What is known of an address that somebody saw: of a post or an account on a network. It is compared, never opened.

What is not known is not therefore false: units publish on accounts that nobody has told us of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, func, or_, select
from sqlalchemy.orm import Session

from gallery.errors import AccountRefused
from gallery.models import PUBLIC_POSTS, Item, OfficialAccount, Unit
from gallery.services.people import false_accounts
from gallery.sharing import account_addresses, post_addresses
from gallery.sharing.account_addresses import AddressFault

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_IN_TEXT = r"[^\s<>«»\"]"
_LINK = re.compile(
    rf"https?://{_IN_TEXT}+|(?<![\w@.-])(?:www\.{_IN_TEXT}+|[\w-]+(?:\.[\w-]+)+/{_IN_TEXT}*)", re.IGNORECASE
)
_AFTER_LINK = ".,;:!?…)]’'"
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


class Seen(StrEnum):
    """What an address is."""

    OUR_POST = "our_post"
    OUR_ACCOUNT = "our_account"
    # A post that we do not know, whose address begins as an account of ours. X, for one, ignores the name in it.
    NAMES_OUR_ACCOUNT = "names_our_account"
    # An account that administrators know to be false, or a post of one by its address.
    FALSE_ACCOUNT = "false_account"
    UNKNOWN = "unknown"
    # Its host imitates that of a network.
    IMITATION = "imitation"


@dataclass(frozen=True)
class SeenAddress:
    """An address, and what we know of it. unit: whose post or account it is; imitated: the host that it imitates."""

    text: str
    seen: Seen
    unit: str = ""
    imitated: str = ""


def is_address(text: str) -> bool:
    """Say whether somebody typed or pasted an address, with its scheme or as people write it.

    >>> is_address("facebook.com/gendarmerie35"), is_address("35-K7QM-4")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def address_in(text: str) -> str:
    """The one address that a text holds, as posts and messages do; the text itself where it is one, or has several.

    >>> address_in("Regarde : https://www.facebook.com/ggd35/posts/1 !")
    'https://www.facebook.com/ggd35/posts/1'
    >>> address_in("vu sur facebook.com/ggd35, écrire à ggd35@example.fr")
    'facebook.com/ggd35'
    """
    links = {found.rstrip(_AFTER_LINK) for found in _LINK.findall(text)}
    return links.pop() if len(links) == 1 and not is_address(text) else text


def look_up(session: Session, text: str) -> SeenAddress:
    """What we know of the address."""
    address = "https://" + _SCHEME.sub("", text)
    try:
        unit = _unit_of_account(session, address)
        if unit:
            return SeenAddress(text, Seen.OUR_ACCOUNT, unit)
        post = post_addresses.read(address).address
    except AccountRefused as refusal:
        is_imitation = refusal.why == AddressFault.LOOKS_ALIKE
        return SeenAddress(text, Seen.IMITATION if is_imitation else Seen.UNKNOWN, imitated=refusal.imitated)
    if unit := _unit_of_post(session, post):
        return SeenAddress(text, Seen.OUR_POST, unit)
    above = list(_accounts_above(post))
    if false_accounts.is_any_false(session, [*_account(address), *above]):
        return SeenAddress(text, Seen.FALSE_ACCOUNT)
    if unit := next(filter(None, (_unit_of_account(session, each) for each in above)), ""):
        return SeenAddress(text, Seen.NAMES_OUR_ACCOUNT, unit)
    return SeenAddress(text, Seen.UNKNOWN)


def _unit_of_account(session: Session, address: str) -> str:
    """The name of the unit whose account it is; empty for another account, and for what is no account's address."""
    wanted = (
        select(Unit.name)
        .join(OfficialAccount, OfficialAccount.unit_id == Unit.id)
        .where(func.lower(OfficialAccount.address).in_([each.lower() for each in _account(address)]))
    )
    return session.scalar(wanted.limit(1)) or ""


def _account(address: str) -> list[str]:
    """The address of an account as it is kept; none for what is no account's address."""
    try:
        return [account_addresses.read(address).address]
    except AccountRefused as refusal:
        if refusal.why == AddressFault.NO_ACCOUNT:
            return []
        raise


def _unit_of_post(session: Session, address: str) -> str:
    """The name of the unit that noted the post, while something published is shown there."""
    posts = PUBLIC_POSTS.of(session)
    wanted = (
        select(Unit.name)
        .join(Item, Item.unit_id == Unit.id)
        .join(posts, posts.c.item_id == Item.id)
        .where(or_(posts.c.address.in_((address, _with_or_without_slash(address))), *_pictures_of(posts, address)))
    )
    return session.scalar(wanted.limit(1)) or ""


def _pictures_of(posts: FromClause, address: str) -> list[ColumnElement[bool]]:
    """The pictures of a post on X, whose addresses were kept as that of the post before 2026-12-01."""
    if not address.startswith("https://x.com/") or "/status/" not in address:
        return []
    start = address.rstrip("/")
    return [posts.c.address.startswith(f"{start}/{kind}/", autoescape=True) for kind in ("photo", "video")]


def _with_or_without_slash(address: str) -> str:
    """The address of a post with a slash at its path's end, or without the one that is there: it is the same post."""
    path, mark, query = address.partition("?")
    return f"{path.removesuffix('/') if path.endswith('/') else path + '/'}{mark}{query}"


def _accounts_above(post: str) -> Iterator[str]:
    """The addresses of accounts that the address of a post begins with: its first part, and its first two."""
    scheme, host, *path = post.partition("?")[0].replace("://", "/", 1).split("/")
    for length in (1, 2):
        if len(path) > length and all(path[:length]):
            yield f"{scheme}://{host}/{'/'.join(path[:length])}"
