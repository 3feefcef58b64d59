"""The files of one photo: from an officer's bytes to the stores, before any row names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gallery import imaging
from gallery.config import Settings
from gallery.errors import ChangedMeanwhile, PhotoRefused
from gallery.models import PhotoFiles, RenditionSize
from gallery.services import measures
from gallery.storage import PhotoStore, original_key, rendition_key, sha256_of

_FILE_COLUMNS = (
    "original_sha256", "original_bytes", "media_type", "width", "height", "is_damaged", "rendition_digest",
    "renditions",
)  # fmt: skip


@dataclass(frozen=True)
class PreparedPhoto:
    """A photo whose files are in the private store already; `photos.add_to_item` makes its row."""

    original_sha256: str
    original_bytes: int
    media_type: str
    width: int
    height: int
    rendition_digest: str
    renditions: tuple[RenditionSize, ...]
    quarter_turns: int = 0
    capture: imaging.Capture = imaging.Capture()
    hidden: tuple[imaging.Place, ...] = ()
    is_damaged: bool = False


def file_columns(photo: PreparedPhoto | PhotoFiles) -> dict[str, Any]:
    """What a photo's row says of its files, in whichever table it is."""
    return {name: getattr(photo, name) for name in _FILE_COLUMNS}


def limits_of(settings: Settings) -> imaging.Limits:
    """The limits for untrusted pictures, as set."""
    return imaging.Limits(
        max_bytes=settings.max_upload_bytes,
        max_jpeg_pixels=settings.max_jpeg_pixels,
        max_other_pixels=settings.max_other_pixels,
        max_seconds=settings.max_decode_seconds,
    )


def decode(data: bytes, settings: Settings) -> imaging.Picture:
    """The picture of a file from outside, within the limits that are set; slow. Raises PhotoRefused."""
    try:
        return imaging.decode(data, limits_of(settings))
    except PhotoRefused as refusal:
        measures.picture_refused(refusal)
        raise


def prepare(
    data: bytes, *, settings: Settings, private: PhotoStore, hidden: Sequence[imaging.Place] = ()
) -> PreparedPhoto:
    """Read an officer's file, keep the original and its renditions without what is hidden; slow.

    Before the transaction opens. Raises PhotoRefused; then nothing was kept.
    """
    return prepare_decoded(data, decode(data, settings), private=private, hidden=hidden)


def prepare_decoded(
    data: bytes, picture: imaging.Picture, *, private: PhotoStore, hidden: Sequence[imaging.Place] = ()
) -> PreparedPhoto:
    """Keep an officer's file, of which this is the picture, and its renditions without what is hidden; slow."""
    sha256 = sha256_of(data)
    private.put(original_key(sha256), data)
    digest, sizes = make_renditions(picture, sha256, quarter_turns=0, hidden=hidden, private=private)
    return PreparedPhoto(
        original_sha256=sha256,
        original_bytes=len(data),
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        rendition_digest=digest,
        renditions=sizes,
        capture=picture.capture,
        hidden=tuple(hidden),
        is_damaged=picture.is_damaged,
    )


def prepare_again(
    photo: PhotoFiles,
    *,
    quarter_turns: int,
    hidden: Sequence[imaging.Place],
    settings: Settings,
    private: PhotoStore,
) -> PreparedPhoto:
    """Make the renditions of a photo's original anew, turned clockwise and without what is hidden; slow."""
    picture = decode(private.get(original_key(photo.original_sha256)), settings)
    digest, sizes = make_renditions(
        picture, photo.original_sha256, quarter_turns=quarter_turns, hidden=hidden, private=private
    )
    made = {"rendition_digest": digest, "renditions": sizes}
    return PreparedPhoto(**file_columns(photo) | made, quarter_turns=quarter_turns, hidden=tuple(hidden))


def make_renditions(
    picture: imaging.Picture,
    sha256: str,
    *,
    quarter_turns: int,
    private: PhotoStore,
    hidden: Sequence[imaging.Place] = (),
) -> tuple[str, tuple[RenditionSize, ...]]:
    """Keep the renditions of a picture without what is hidden, turned clockwise; return their digest and sizes."""
    digest = digest_of_shown(sha256, quarter_turns, hidden)
    sizes = []
    for rendition in imaging.renditions(imaging.turned(imaging.covered(picture, hidden), quarter_turns)):
        private.put(rendition_key(digest, rendition.name), rendition.data)
        sizes.append(RenditionSize(rendition.name, rendition.width, rendition.height))
    return digest, tuple(sizes)


def digest_of_shown(
    sha256: str, quarter_turns: int, hidden: Sequence[imaging.Place], version: int = imaging.RENDITION_VERSION
) -> str:
    """The digest of the renditions of an officer's file turned clockwise, without what is hidden."""
    without = "".join(f" {place}" for place in hidden)
    return sha256_of(f"{sha256} {quarter_turns % 4} {version}{without}".encode())


def hidden_in(photo: PhotoFiles) -> tuple[imaging.Place, ...]:
    """What no rendition of a photo shows, as places of the upright original."""
    return tuple((left, top, right, bottom) for left, top, right, bottom in photo.hidden or ())


def turned(place: imaging.Place, quarter_turns: int) -> imaging.Place:
    """A place after this many clockwise quarter turns of its picture; negative: the other way round."""
    left, top, right, bottom = place
    for _ in range(quarter_turns % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom


def expose(photo: PhotoFiles | PreparedPhoto, *, private: PhotoStore, public: PhotoStore) -> None:
    """Copy a photo's renditions to the public store; those already there are left."""
    for key in keys_of(photo):
        if not public.holds(key):
            public.put(key, private.get(key))


def check_kept(photo: PreparedPhoto, *, private: PhotoStore) -> None:
    """Raise ChangedMeanwhile where files just made are gone: they were also another photo's, destroyed meanwhile.

    Once the catalogue is held or touched: from then on nobody destroys what a row names when the transaction ends.
    """
    if not all(private.holds(key) for key in (original_key(photo.original_sha256), *keys_of(photo))):
        raise ChangedMeanwhile


def keys_of(photo: PhotoFiles | PreparedPhoto) -> list[str]:
    """The keys of a photo's renditions."""
    return [rendition_key(photo.rendition_digest, size.name) for size in photo.renditions]
