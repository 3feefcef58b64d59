"""Search by photo: a victim's pictures against what is public. Nothing of it is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.services import public_items, search_words
from gallery.services.public_records import PublicItem, PublicPhoto
from gallery.services.transaction import end_reading


class PublicCatalogue(Protocol):
    """Signatures of the public photos of published items, by signature id."""

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        """The catalogue as the database has it now."""


@dataclass(frozen=True)
class FoundItem:
    """An item that resembles the given pictures.

    picture: index of the picture that it resembles most, from 0. words: how many of the given words it has.
    """

    item: PublicItem
    photo: PublicPhoto
    picture: int
    likelihood: matching.Likelihood
    evidence: tuple[matching.Evidence, ...]
    words: int = 0


def by_photos(
    session: Session,
    pictures: Sequence[imaging.Picture],
    *,
    catalogue: PublicCatalogue,
    boxes: Sequence[matching.Box | None] | None = None,
    category_code: str | None = None,
    words: str = "",
) -> list[FoundItem]:
    """Published items that resemble these pictures, the likeliest first.

    A category narrows, and never hides an item shown on the very same picture. Words hide nothing: among the items that
    are alike to the same degree, those that have more of them come first. boxes: around the object in each picture, as
    fractions, or None.
    """
    end_reading(session)
    around = boxes or [None] * len(pictures)
    query = [matching.describe(imaging.as_array(picture), box) for picture, box in zip(pictures, around, strict=True)]
    narrowed = public_items.ids_in_category(session, category_code) if category_code else None
    ranked = matching.rank(query, catalogue.current(narrowed_to=narrowed), narrowed_to=narrowed)
    candidates = [candidate for candidate in ranked if candidate.evidence]
    # Read after ranking: what was withdrawn while we looked is not shown.
    items = public_items.by_ids(session, [candidate.item_id for candidate in candidates])
    photos = public_items.photos_of_signatures(session, [candidate.photo_id for candidate in candidates])
    given = search_words.find_each(session, words)
    found = [
        FoundItem(
            item=items[candidate.item_id],
            photo=photos[candidate.photo_id],
            picture=candidate.query_index,
            likelihood=candidate.likelihood,
            evidence=candidate.evidence,
            words=sum(_has(each, candidate.item_id, items[candidate.item_id]) for each in given),
        )
        for candidate in candidates
        if candidate.item_id in items and candidate.photo_id in photos
    ]
    degrees = list(matching.Likelihood)
    return sorted(found, key=lambda each: (degrees.index(each.likelihood), -each.words))


def _has(word: search_words.FoundWords, item_id: int, item: PublicItem) -> bool:
    return item.category.code in word.category_codes or item_id in word.item_ids
