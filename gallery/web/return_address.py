"""Where to go back to, after sign-in or a change of language: pages of the same site only."""

from urllib.parse import urlsplit


def is_local(address: str | None, *, root: str) -> bool:
    """Say whether an address is a path under the root at which a site is mounted, and nothing else.

    >>> is_local("/agents/objets?page=2", root="/agents")
    True
    >>> [is_local(each, root="") for each in ("//elsewhere.example", "/\\\\elsewhere.example", "https:/objets", "")]
    [False, False, False, False]
    """
    if not address or not address.startswith(f"{root}/") or not address.isprintable():
        return False
    if "\\" in address or address.startswith("//"):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and ".." not in parts.path.split("/")
