"""Where files are kept: two stores over one object-store library, their keys, their trash, and whose they are.

The private store has originals and renditions of everything, the public one renditions of what is published. The
public process opens the second only. Keys are made of digests, never of a stranger's file name, so putting the same
bytes twice is harmless.
"""

from gallery.storage.keys import (
    archive_key,
    archive_of,
    digest_of,
    export_key,
    export_of,
    original_key,
    rendition_key,
    sha256_of,
)
from gallery.storage.outages import full_disk
from gallery.storage.patience import Patience
from gallery.storage.store import PhotoStore

__all__ = [
    "Patience",
    "PhotoStore",
    "archive_key",
    "archive_of",
    "digest_of",
    "export_key",
    "export_of",
    "full_disk",
    "original_key",
    "rendition_key",
    "sha256_of",
]
