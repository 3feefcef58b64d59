"""Search by photo for officers: every photo of what units have published, and of all that their own unit holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from gallery import imaging, matching
from gallery.models import Item, ItemPhoto, Officer, StoredSignature
from gallery.services import measures
from gallery.services.items import items
from gallery.services.search.search import PhotoCatalogue, worth_showing
from gallery.services.transaction import end_reading

MAX_FOUND = 30


@dataclass(frozen=True)
class FoundPhoto:
    """A photo of an item that resembles the given pictures, or without evidence is only less far from them than others.

    picture: index of the picture that it resembles most, from 0. details: how many were verified, None when they were
    not compared; points: where each of them lies in the picture and in the photo; object_boxes: what was taken for the
    object in each, None where they were not compared.
    """

    photo: ItemPhoto
    picture: int
    likelihood: matching.Likelihood
    evidence: tuple[matching.Evidence, ...]
    details: int | None
    points: tuple[matching.PointPair, ...]
    object_boxes: tuple[matching.Box, matching.Box] | None


def by_photos(
    session: Session, pictures: Sequence[imaging.Picture], *, catalogue: PhotoCatalogue, by: Officer
) -> list[FoundPhoto]:
    """Items that the officer may look at, those that resemble these pictures first; the nearest in any case.

    Nothing is kept.

    catalogue: of all photos, those of other units' drafts among them, which never come out of here.
    """
    end_reading(session)
    with measures.part_of_search("describe"):
        query = [matching.describe(imaging.as_array(picture)) for picture in pictures]
    seen = set(session.scalars(select(Item.id).where(items.seen_by(by))))
    end_reading(session)
    with measures.part_of_search("load"):
        searched = catalogue.current(narrowed_to=seen)
    with measures.part_of_search("rank"):
        candidates = worth_showing(matching.rank(query, searched, narrowed_to=seen, limit=2 * MAX_FOUND))
    # Read after ranking, which lets the very same photo appear wherever it is.
    with measures.part_of_search("read"):
        photos = _photos_seen(session, [candidate.entry_id for candidate in candidates], by)
    found = [
        FoundPhoto(
            photo=photos[candidate.entry_id],
            picture=candidate.query_index,
            likelihood=candidate.likelihood,
            evidence=candidate.evidence,
            details=candidate.measurement.verified,
            points=candidate.points,
            object_boxes=candidate.object_boxes,
        )
        for candidate in candidates
        if candidate.entry_id in photos
    ]
    degrees = list(matching.Likelihood)
    return sorted(found, key=lambda each: degrees.index(each.likelihood))[:MAX_FOUND]


def _photos_seen(session: Session, signature_ids: Sequence[int], by: Officer) -> dict[int, ItemPhoto]:
    """The photos that these signatures were made of, by signature id, as far as the officer may look at them."""
    rows = session.execute(
        select(StoredSignature.id, ItemPhoto)
        .join(ItemPhoto, StoredSignature.photo_id == ItemPhoto.id)
        .join(ItemPhoto.item)
        .where(StoredSignature.id.in_(signature_ids), items.seen_by(by))
        .options(
            contains_eager(ItemPhoto.item).options(joinedload(Item.unit), joinedload(Item.category)),
        )
    )
    return {row.id: row.ItemPhoto for row in rows}
