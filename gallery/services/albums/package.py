"""The package of an album, from the officer's words to the file: composed, read, signed, streamed, and noted.

The web, the command line and the worker each only say which album, and where its bytes go.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from gallery.models import Network
from gallery.services.albums import compose, signing_keys
from gallery.services.albums.compose import Edits, Surroundings
from gallery.services.albums.postings import ExportedAlbum
from gallery.services.gallery.public_records import PublicItem
from gallery.services.resources import Resources
from gallery.sharing import Album, archive
from gallery.sharing.archive import PackageFile
from gallery.sharing.authenticity import signing
from gallery.sharing.networks.packages import PACKAGES

_UNCHANGED = Edits()


def album_of(items: Sequence[PublicItem], around: Surroundings, edits: Edits = _UNCHANGED, *, code: str = "") -> Album:
    """The album of these items in the officer's words; raise AlbumEmpty. code: of the page that its texts name."""
    return compose.edited(compose.compose(items, around, code=code), edits)


def numbers_of(album: Album) -> list[str]:
    """The public numbers of its items, in order."""
    return [item.number for item in album.items]


def entries(
    given: Resources, album: Album, network: Network, digests: Mapping[str, str], *, made_at: datetime
) -> Iterator[PackageFile]:
    """The files of the package, signed with a key that the public site shows; raise FilmMakerAbsent at once.

    digests: of `compose.photo_digests`; a photo that is not among them, or has gone, raises PhotoNotFound on the way.
    The same album, digests and moment are the same bytes, whoever makes them.
    """
    made = PACKAGES[network.value](album, compose.reader(digests, public=given.public))
    key = given.settings.signing_key
    signing_keys.publish(key, public=given.public, now=made_at)
    return signing.signed(made, album, network=network.value, signing_key=key, made_at=made_at)


def streamed(files: Iterable[PackageFile], *, told: Callable[[], object]) -> Iterator[bytes]:
    """The package's file, piece by piece. told: called after each photo."""
    return archive.streamed(_counted(files, told))


def exported(album: Album, network: Network) -> ExportedAlbum:
    """What `postings.record` notes of a package: from then on the page that its texts name exists."""
    return ExportedAlbum(numbers=numbers_of(album), network=network, title=album.title, code=album.page_code)


def _counted(files: Iterable[PackageFile], told: Callable[[], object]) -> Iterator[PackageFile]:
    for entry in files:
        yield entry
        if entry.item:
            told()
