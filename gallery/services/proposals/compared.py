"""Which two photos of a pair resembled each other, and what was taken for the object in each: for the officer's eye."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.models import DeclaredPhoto, ItemPhoto, Proposal, StoredSignature


class PhotoOfItem(NamedTuple):
    """A photo of an item as it was when it was compared: turned or hidden in part, it has another digest."""

    public_id: str
    digest: str


class PhotoOfObject(NamedTuple):
    """A photo of a declared object. shown: of a screenshot, the part that was compared; None for the whole photo."""

    public_id: str
    shown: matching.Box | None

    def in_whole(self, box: matching.Box) -> matching.Box:
        """A box in what was compared, as one in the photo that an officer sees.

        >>> PhotoOfObject("a", (0.0, 0.25, 1.0, 0.75)).in_whole((0.5, 0.0, 1.0, 0.5))
        (0.5, 0.25, 1.0, 0.5)
        """
        if self.shown is None:
            return box
        left, top, right, bottom = self.shown
        width, height = right - left, bottom - top
        return left + box[0] * width, top + box[1] * height, left + box[2] * width, top + box[3] * height


@dataclass(frozen=True)
class ComparedPhotos:
    """The photos of a declared object and of an item that are nearest to each other, by public ids.

    boxes: around what was taken for the object in each, the declared one first; None where no details were compared.
    """

    declared_photo: str
    item_photo: str
    digest: str
    boxes: tuple[matching.Box, matching.Box] | None

    def as_kept(self) -> dict[str, Any]:
        """The value for the proposal's row."""
        return asdict(self)


@dataclass(frozen=True)
class PairToShow:
    """Photos of a proposal; None where there is none. boxes: in the order of the photos; None: not to be drawn."""

    declared_photo: DeclaredPhoto | None
    item_photo: ItemPhoto | None
    boxes: tuple[matching.Box | None, matching.Box | None]


def with_items(
    session: Session, found: Iterable[matching.Candidate], declared_photos: Sequence[PhotoOfObject]
) -> dict[int, ComparedPhotos]:
    """What was compared with each likely item, by its row id. declared_photos: as they were asked about."""
    near = likely(found)
    signed = select(StoredSignature.id, ItemPhoto.public_id, ItemPhoto.rendition_digest).join(StoredSignature.photo)
    wanted = signed.where(StoredSignature.id.in_([each.entry_id for each in near]))
    photos = {row.id: PhotoOfItem(row.public_id, row.rendition_digest) for row in session.execute(wanted)}
    return {
        each.item_id: _compared(declared_photos[each.query_index], photos[each.entry_id], each.object_boxes)
        for each in near
        if each.entry_id in photos
    }


def with_objects(
    likely: Iterable[matching.Candidate],
    item_photos: Sequence[PhotoOfItem],
    declared_photos: Mapping[int, PhotoOfObject],
) -> dict[int, ComparedPhotos]:
    """What was compared with each likely declared object, by its row id. item_photos: as they were asked about;
    declared_photos: by row id, without those that were deleted meanwhile.
    """
    return {
        each.item_id: _compared(
            declared_photos[each.entry_id],
            item_photos[each.query_index],
            each.object_boxes and each.object_boxes[::-1],
        )
        for each in likely
        if each.entry_id in declared_photos
    }


def pair_to_show(proposal: Proposal) -> PairToShow:
    """The photos that were compared, with boxes while both photos are as they were; else the first of each."""
    of_object, of_item = proposal.declared.photos, proposal.item.photos
    kept = proposal.compared or {}
    declared = next((each for each in of_object if each.public_id == kept.get("declared_photo")), None)
    of_it = next((each for each in of_item if each.public_id == kept.get("item_photo")), None)
    if declared is None or of_it is None or of_it.rendition_digest != kept["digest"]:
        return PairToShow(next(iter(of_object), None), next(iter(of_item), None), (None, None))
    one, other = kept["boxes"] or (None, None)
    return PairToShow(declared, of_it, (one and tuple(one), other and tuple(other)))


def _compared(
    of_object: PhotoOfObject, of_item: PhotoOfItem, boxes: tuple[matching.Box, matching.Box] | None
) -> ComparedPhotos:
    return ComparedPhotos(of_object.public_id, *of_item, boxes and (of_object.in_whole(boxes[0]), boxes[1]))


def likely(found: Iterable[matching.Candidate]) -> list[matching.Candidate]:
    """Those that pictures alone propose."""
    return [each for each in found if each.likelihood is not matching.Likelihood.WEAK]
