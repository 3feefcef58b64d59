"""Addresses of posts on social networks: what names the post is kept, what follows its reader is taken off."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlencode

from gallery.errors import AccountRefused
from gallery.sharing.account_addresses import AccountNetwork, AddressFault, fields_of, network_of, parts_of

_NAMING = {
    "facebook": frozenset({"set", "type", "fbid", "id", "story_fbid", "v"}),
    "youtube": frozenset({"v", "list"}),
}
# Pages of the networks that lead elsewhere, or that only ask something of the visitor.
_NO_POSTS = frozenset(
    {"/l.php", "/flx/warn", "/redirect", "/i/redirect", "/redir/redirect", "/safety/go", "/link/v2", "/login",
     "/login.php", "/sharer", "/sharer.php", "/sharer/sharer.php", "/share.php", "/intent/tweet", "/intent/post"}
)  # fmt: skip

# One of the pictures of a post is the post.
_SHOWN_IN_POST = re.compile(r"(/status/[0-9]+)/(?:photo|video)/[0-9]+/?$", re.IGNORECASE)


@dataclass(frozen=True)
class PostAddress:
    """An address that is a post's, as it is kept: canonical host, of the query only what names the post."""

    network: AccountNetwork
    address: str


def read(text: str) -> PostAddress:
    """The post's address that somebody copied; raise AccountRefused with an AddressFault for one that can't be.

    >>> read("https://m.facebook.com/media/set/?set=a.123&type=3&fbclid=IwAR0").address
    'https://www.facebook.com/media/set/?set=a.123&type=3'
    """
    network, parts = network_of(text), parts_of(text)
    page = posixpath.normpath("/" + unquote(parts.path).lower().lstrip("/"))
    if page in _NO_POSTS:
        raise AccountRefused(AddressFault.DISGUISED)
    if page == "/":
        raise AccountRefused(AddressFault.NO_ACCOUNT)
    path = _SHOWN_IN_POST.sub(r"\1", parts.path) if network.code == "x" else parts.path
    naming = _NAMING.get(network.code, frozenset())
    query = urlencode([(key, value) for key, value in fields_of(parts) if key in naming])
    return PostAddress(network, f"https://{network.host}{path}{'?' * bool(query)}{query}")
