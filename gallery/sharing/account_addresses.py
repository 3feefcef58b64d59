"""Addresses of accounts on social networks: on which network one is, and which ones can't be an official account's."""

import enum
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from gallery.errors import AccountRefused

LONGEST = 200
# Hosts that only one who types is fooled by are far below: example.fr has .4 with youtube.com, faceboook.com has .96.
_LOOKS_ALIKE = 0.8
# Names this short are a letter away from many others: neither box.com nor wix.com imitates x.com.
_SHORT_NAME = 3
_MIMICS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "-": None, "_": None})


class AddressFault(enum.StrEnum):
    """Why an address is refused."""

    NOT_HTTPS = "not_https"
    DISGUISED = "disguised"
    LOOKS_ALIKE = "looks_alike"
    UNKNOWN_NETWORK = "unknown_network"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True)
class AccountNetwork:
    """A network. code: for programs; prefixes: what may stand before its domains; path: of an account's page."""

    code: str
    name: str
    host: str
    domains: tuple[str, ...]
    prefixes: tuple[str, ...]
    path: re.Pattern[str]
    not_accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AccountAddress:
    """An address that is an account's, as it is kept: canonical host, no query but a page's number, no final slash."""

    network: AccountNetwork
    address: str

    @property
    def shown(self) -> str:
        """Without what browsers add.

        >>> read("https://m.facebook.com/gendarmerie35/?ref=share").shown
        'facebook.com/gendarmerie35'
        """
        return self.address.removeprefix("https://").removeprefix("www.")


def _path(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


NETWORKS = (
    AccountNetwork(
        "facebook", "Facebook", "www.facebook.com", ("facebook.com",),
        ("www.", "m.", "mbasic.", "touch.", "web.", "fr-fr."),
        _path(r"/(?:[A-Za-z0-9.-]{3,80}|(?:p|people|pages)/[\w.%-]+(?:/\d+)?)"),
        frozenset({"sharer", "sharer.php", "share", "share.php", "login", "login.php", "l.php", "groups", "events",
                   "watch", "photo", "photo.php", "story.php", "permalink.php", "help", "marketplace", "plugins",
                   "dialog", "profile.php", "pages", "people"}),
    ),
    AccountNetwork(
        "x", "X", "x.com", ("x.com", "twitter.com"), ("www.", "mobile.", "m."), _path(r"/[A-Za-z0-9_]{1,15}"),
        frozenset({"home", "search", "i", "intent", "share", "hashtag", "login", "explore", "settings", "compose"}),
    ),
    AccountNetwork(
        "instagram", "Instagram", "www.instagram.com", ("instagram.com",), ("www.", "m."),
        _path(r"/[A-Za-z0-9._]{1,30}"), frozenset({"p", "reel", "reels", "explore", "accounts", "stories", "direct"}),
    ),
    AccountNetwork(
        "youtube", "YouTube", "www.youtube.com", ("youtube.com",), ("www.", "m."),
        _path(r"/(?:@[\w.-]{3,30}|channel/UC[\w-]{22}|(?:c|user)/[\w-]+)"),
    ),
    AccountNetwork(
        "flickr", "Flickr", "www.flickr.com", ("flickr.com",), ("www.", "m."),
        _path(r"/(?:photos|people)/[\w@-]{2,}"), frozenset({"photos/tags", "photos/search"}),
    ),
    AccountNetwork(
        "dailymotion", "Dailymotion", "www.dailymotion.com", ("dailymotion.com",), ("www.",),
        _path(r"/[A-Za-z0-9_-]{2,60}"),
        frozenset({"video", "signin", "signup", "playlist", "embed", "player", "search", "topic", "fr", "en"}),
    ),
    AccountNetwork(
        "linkedin", "LinkedIn", "www.linkedin.com", ("linkedin.com",), ("www.", "fr."),
        _path(r"/(?:company|showcase)/[\w%-]+"),
    ),
    AccountNetwork("tiktok", "TikTok", "www.tiktok.com", ("tiktok.com",), ("www.",), _path(r"/@[\w.]{2,24}")),
)  # fmt: skip
_DOMAINS = tuple(domain for network in NETWORKS for domain in network.domains)
_BY_HOST = {
    prefix + domain: network for network in NETWORKS for domain in network.domains for prefix in ("", *network.prefixes)
}
# What networks own besides, under a name that has theirs in it: pictures, films and mails, and no accounts.
_OWNED = ("staticflickr.com", "cdninstagram.com", "facebookmail.com", "tiktokcdn.com", "youtube-nocookie.com")
_LEADING_ELSEWHERE = frozenset(
    {"l.facebook.com", "lm.facebook.com", "l.instagram.com", "vm.tiktok.com", "vt.tiktok.com"}
)


def read(text: str) -> AccountAddress:
    """The account's address that somebody copied; raise AccountRefused with an AddressFault for one that can't be.

    >>> read("https://twitter.com/Gendarmerie_035?s=20").address
    'https://x.com/Gendarmerie_035'
    """
    if len(text) > LONGEST:
        raise AccountRefused(AddressFault.NO_ACCOUNT)
    network, parts = network_of(text), parts_of(text)
    path = parts.path.rstrip("/")
    page = _page_id(parts) if network.code == "facebook" and path == "/profile.php" else ""
    if not page and (network.path.fullmatch(path) is None or path.lstrip("/").lower() in network.not_accounts):
        raise AccountRefused(AddressFault.NO_ACCOUNT)
    return AccountAddress(network, f"https://{network.host}{path}{page}")


def network_of(text: str) -> AccountNetwork:
    """The network that an address of anything there leads to; raise AccountRefused for one that leads elsewhere.

    >>> network_of("https://www.facebook.com/media/set/?set=a.123").code
    'facebook'
    """
    parts = parts_of(text)
    host = _host(parts)
    if host not in _BY_HOST:
        raise _unknown(host)
    if not {".", ".."}.isdisjoint(unquote(parts.path).split("/")):
        # A browser leaves out what stands before: the address leads to another account than the one it begins with.
        raise AccountRefused(AddressFault.DISGUISED)
    return _BY_HOST[host]


def kept(address: str) -> AccountAddress:
    """The address of an account that `read` once gave."""
    return AccountAddress(_BY_HOST[_host(urlsplit(address))], address)


def parts_of(text: str) -> SplitResult:
    """Split an address that hides nothing. What urlsplit would drop or read otherwise than a browser is refused."""
    if not text.lower().startswith("https://"):
        raise AccountRefused(AddressFault.NOT_HTTPS)
    if not text.isprintable() or re.search(r"[\s\\]", text):
        raise AccountRefused(AddressFault.DISGUISED)
    try:
        parts = urlsplit(text)
        is_plain = parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError as error:
        raise AccountRefused(AddressFault.DISGUISED) from error
    if not is_plain:
        raise AccountRefused(AddressFault.DISGUISED)
    return parts


def fields_of(parts: SplitResult) -> list[tuple[str, str]]:
    """The names and values of a query. Servers read ` id` and `id[]` as another `id`, and so they are one here."""
    return [(name.strip().partition("[")[0], value) for name, value in parse_qsl(parts.query)]


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _unknown(host: str) -> AccountRefused:
    """Letters of other alphabets, and what differs from a network's domain by a letter or two, are meant to deceive."""
    if host in _LEADING_ELSEWHERE:
        return AccountRefused(AddressFault.DISGUISED)
    if f".{host}".endswith(tuple(f".{domain}" for domain in (*_DOMAINS, *_OWNED))):
        return AccountRefused(AddressFault.UNKNOWN_NETWORK)
    imitated = next((domain for domain in _DOMAINS if _looks_alike(host, domain)), None)
    if imitated:
        return AccountRefused(AddressFault.LOOKS_ALIKE, imitated=imitated)
    if not host.isascii() or "xn--" in host:
        return AccountRefused(AddressFault.DISGUISED)
    return AccountRefused(AddressFault.UNKNOWN_NETWORK)


def _looks_alike(host: str, domain: str) -> bool:
    name = domain.partition(".")[0]
    if len(name) <= _SHORT_NAME:
        return f".{domain}." in f".{host}"
    plain = host.translate(_MIMICS).replace("rn", "m").replace("vv", "w")
    return name in plain or SequenceMatcher(None, host.removeprefix("www."), domain).ratio() >= _LOOKS_ALIKE


def _page_id(parts: SplitResult) -> str:
    """The query with a page's number; empty where there is none, or several, of which the network takes one."""
    numbers = [value for name, value in fields_of(parts) if name == "id"]
    is_one = len(numbers) == 1 and re.fullmatch(r"[0-9]{3,20}", numbers[0])
    return f"?id={numbers[0]}" if is_one else ""
