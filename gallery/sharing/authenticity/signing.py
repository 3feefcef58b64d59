"""A package whose last two files say what is in it, signed."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from gallery.sharing.album import Album
from gallery.sharing.archive import PackageFile
from gallery.sharing.authenticity import manifest


def signed(
    entries: Iterable[PackageFile], album: Album, *, network: str, signing_key: str, made_at: datetime
) -> Iterator[PackageFile]:
    """The entries of a package, then its manifest and the signature."""
    lines = []
    for entry in entries:
        lines.append(manifest.line_of(entry.path, entry.content, item=entry.item))
        yield entry
    made = manifest.Manifest(
        site=album.site_address,
        owner=album.credit,
        network=network,
        made_at=made_at.isoformat(timespec="seconds"),
        lines=tuple(lines),
    )
    yield from manifest.sign(made, signing_key)
