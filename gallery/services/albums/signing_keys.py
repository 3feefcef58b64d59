"""The public halves of the site's signing keys, kept in the public store for the public site to show."""

import json
from datetime import datetime

from gallery.errors import FileAbsent
from gallery.sharing.authenticity import manifest
from gallery.storage import PhotoStore

KEY = "well-known/signing-keys.json"


def publish(signing_key: str, *, public: PhotoStore, now: datetime) -> None:
    """Show the public half of this key beside those that were shown before; known already: nothing happens."""
    known = _read(public)
    public_key = manifest.public_key_of(signing_key)
    if public_key not in {each["public_key"] for each in known}:
        known.append({"algorithm": "Ed25519", "public_key": public_key, "since": now.date().isoformat()})
        _write(known, public)


def withdraw(public_key: str, *, public: PhotoStore) -> bool:
    """Show this key no longer, so that nothing signed with it is ours; say whether it was shown."""
    known = _read(public)
    left = [each for each in known if each["public_key"] != public_key]
    if len(left) < len(known):
        _write(left, public)
    return len(left) < len(known)


def document(public: PhotoStore) -> bytes:
    """What the public site shows; raise FileAbsent before the first album."""
    return public.get(KEY)


def public_keys(public: PhotoStore) -> list[str]:
    """The keys that albums of this site may be signed with."""
    return [each["public_key"] for each in _read(public)]


def _read(public: PhotoStore) -> list[dict[str, str]]:
    try:
        return list(json.loads(public.get(KEY))["signing_keys"])
    except FileAbsent:
        return []


def _write(keys: list[dict[str, str]], public: PhotoStore) -> None:
    public.put(KEY, json.dumps({"signing_keys": keys}, indent=1).encode())
