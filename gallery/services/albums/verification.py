"""Whether a number or a picture is of something that we have published: for anyone who doubts a post.

Nothing of the picture is kept. What never was public is not known here.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.errors import FileAbsent, ItemNoLongerPublic, ItemNotFound, PhotoNotFound
from gallery.services.albums import signing_keys
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem, PublicPhoto
from gallery.services.items.numbering.numbers import read_public_number
from gallery.services.search.search import PhotoCatalogue
from gallery.services.transaction import end_reading
from gallery.sharing import codes
from gallery.sharing.album import owner_line
from gallery.sharing.authenticity import manifest, recognition
from gallery.sharing.authenticity.manifest import Finding, Manifest, ManifestLine
from gallery.sharing.band import Band
from gallery.storage import PhotoStore

COMPARED_ITEMS = 8


class Authenticity(Enum):
    """What a number or a picture is."""

    OURS = "ours"
    ALTERED = "altered"
    NO_LONGER_PUBLIC = "no_longer_public"
    NOT_OURS = "not_ours"
    # A character of it is wrong, or some are missing: nothing ever had it.
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True)
class Code:
    """What a code says. number: of ours that it leads to, "" for another page or elsewhere; item: published under it.

    OURS without a number: another page of this site; NOT_OURS without one: elsewhere.
    """

    text: str
    number: str
    authenticity: Authenticity
    item: PublicItem | None

    @property
    def is_other_page(self) -> bool:
        """Whether it leads to a page of ours that is no item's."""
        return self.authenticity is Authenticity.OURS and not self.number

    @property
    def leads_elsewhere(self) -> bool:
        """Whether it leads away from this site."""
        return self.authenticity is Authenticity.NOT_OURS and not self.number


@dataclass(frozen=True)
class Verification:
    """The answer. item, photo, copy: what the picture shows, where it is ours; code: what it carries besides."""

    authenticity: Authenticity
    item: PublicItem | None = None
    photo: PublicPhoto | None = None
    copy: matching.Copy | None = None
    code: Code | None = None

    @property
    def is_contradicted(self) -> bool:
        """Whether the picture carries a code that leads to anything but what it shows, or a page of ours besides."""
        if self.code is None or self.code.is_other_page:
            return False
        return self.item is None or self.code.number != self.item.public_number


@dataclass(frozen=True)
class ManifestCheck:
    """A manifest that this site has signed, what the picture is beside it, and the line of it that was found."""

    manifest: Manifest
    finding: Finding
    line: ManifestLine | None


def of_number(session: Session, typed: str, *, site_address: str) -> Verification:
    """Whether something of ours has this number, however it was written, even as an address of ours."""
    number = read_public_number(codes.number_in(typed, site_address) or typed)
    if number is None:
        return Verification(Authenticity.NOT_A_NUMBER)
    try:
        return Verification(Authenticity.OURS, public_items.get(session, number))
    except ItemNoLongerPublic:
        return Verification(Authenticity.NO_LONGER_PUBLIC)
    except ItemNotFound:
        return Verification(Authenticity.NOT_OURS)


def of_code(session: Session, text: str, *, site_address: str) -> Code:
    """Where a scanned code leads."""
    typed = codes.number_in(text, site_address)
    if typed is None:
        leads_here = codes.leads_to(text, site_address)
        return Code(text, "", Authenticity.OURS if leads_here else Authenticity.NOT_OURS, None)
    found = of_number(session, typed, site_address=site_address)
    return Code(text, read_public_number(typed) or "", found.authenticity, found.item)


def in_manifest(
    picture: imaging.Picture, file: bytes, *, signed: bytes, signature: bytes, public: PhotoStore
) -> ManifestCheck:
    """What an album's manifest says of a picture and its file; raise ManifestInvalid when it isn't ours."""
    made = manifest.opened(signed, signature, signing_keys.public_keys(public))
    return ManifestCheck(made, *manifest.find(file, made, shown=lambda: picture.image))


@dataclass(frozen=True)
class OurPhotos:
    """What a picture may be a copy of. former: photos that were public; of those, only that is told.

    public: the files of the others; site_address: where the codes under them lead.
    """

    published: PhotoCatalogue
    former: PhotoCatalogue
    public: PhotoStore
    site_address: str


def of_picture(session: Session, picture: imaging.Picture, ours: OurPhotos) -> Verification:
    """Whether a picture shows a photo of ours, as we published it or changed; a code in it decides nothing."""
    end_reading(session)
    pixels = imaging.as_array(picture)
    text = codes.read_code(pixels)
    signature = matching.describe(pixels)
    ranked = matching.rank([signature], ours.published.current(), limit=COMPARED_ITEMS)
    code = of_code(session, text, site_address=ours.site_address) if text else None
    copies = list(_copies(session, pixels, ranked, ours))
    if not copies:
        was_public = _was_public(session, signature, picture.image.size, ours.former)
        return Verification(Authenticity.NO_LONGER_PUBLIC if was_public else Authenticity.NOT_OURS, code=code)
    most = recognition.most_of_it([copy for _, _, copy in copies])
    item, photo, copy = next(each for each in copies if each[2] is most)
    return Verification(Authenticity.OURS if copy.is_unaltered else Authenticity.ALTERED, item, photo, copy, code)


def _was_public(session: Session, signature: matching.Signature, size: tuple[int, int], former: PhotoCatalogue) -> bool:
    """Whether the details lie as those of a copy of a photo that was public: its file is gone."""
    ranked = matching.rank([signature], former.current(), limit=COMPARED_ITEMS)
    sizes = public_items.sizes_of_former_photos(session, [candidate.entry_id for candidate in ranked])
    return any(
        matching.lies_as_a_copy(candidate.points, size, sizes[candidate.entry_id])
        for candidate in ranked
        if candidate.entry_id in sizes
    )


def _copies(
    session: Session,
    pixels: matching.Pixels,
    ranked: list[matching.Candidate],
    ours: OurPhotos,
) -> Iterator[tuple[PublicItem, PublicPhoto, matching.Copy]]:
    """The published photos that the picture is a copy of."""
    # Read after ranking: what was withdrawn while we looked is not known any more.
    items = public_items.by_ids(session, [candidate.item_id for candidate in ranked])
    photos = public_items.photos_of_signatures(session, [candidate.entry_id for candidate in ranked])
    keys = dict(_file_keys(session, photos))
    shown = [each for each in ranked if each.item_id in items and each.entry_id in keys]
    end_reading(session)
    for candidate in shown:
        item, photo = items[candidate.item_id], photos[candidate.entry_id]
        try:
            data = ours.public.get(keys[candidate.entry_id])
        except FileAbsent:
            continue
        says = Band(item.public_number, ours.site_address, owner_line(item.unit.name, item.unit.phone))
        copy = recognition.copy_of(pixels, data, recognition.Resemblance.of(candidate), says=says)
        if copy is not None:
            yield item, photo, copy


def _file_keys(session: Session, photos: Mapping[int, PublicPhoto]) -> Iterator[tuple[int, str]]:
    """Where the files to compare with are kept, by signature id, without those that were withdrawn meanwhile."""
    for signature_id, photo in photos.items():
        with suppress(PhotoNotFound):
            yield signature_id, public_items.photo_file_key(session, photo.public_id, photo.share.name)
