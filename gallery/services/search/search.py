"""Search by photo: a victim's pictures against what is public. Nothing of it is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from gallery import imaging, matching
from gallery.services import measures
from gallery.services.gallery import public_items
from gallery.services.gallery.public_records import PublicItem, PublicPhoto
from gallery.services.items.categories import UNSORTED
from gallery.services.transaction import end_reading
from gallery.services.words import item_words
from gallery.services.words.item_words import Among


class PhotoCatalogue(Protocol):
    """Signatures of the photos that a site searches, by signature id: the public ones, or all for the desk."""

    def current(self, *, narrowed_to: Collection[int] | None = None) -> matching.Searched:
        """The catalogue as the database has it now."""


@dataclass(frozen=True)
class Hints:
    """What a victim may say besides; each may be left out.

    A category and the day of the theft narrow, and never hide an item shown on the very same picture; a category never
    hides what nobody has sorted. Words, colours and the département hide nothing, since things are described badly and
    carried far; they bring forward what agrees.
    """

    category_code: str | None = None
    stolen_on: date | None = None
    words: str = ""
    colours: tuple[str, ...] = ()
    departement: str = ""


NO_HINTS = Hints()


NEAREST = 24
"""Items that are shown for each object whatever they resemble: no measure says that what is looked for is not there."""
MAX_BESIDE_OTHERS = 12


@dataclass(frozen=True)
class FoundItem:
    """An item that resembles the given pictures, or without evidence is only less far from them than others.

    picture: index of the picture that it resembles most, from 0. agreements: with how many of the hints it agrees.
    """

    item: PublicItem
    photo: PublicPhoto
    picture: int
    likelihood: matching.Likelihood
    evidence: tuple[matching.Evidence, ...]
    agreements: int = 0


@dataclass(frozen=True)
class FoundObject:
    """What was found for one of the objects that the pictures show. pictures: indexes of those that show it, from 0."""

    pictures: tuple[int, ...]
    items: Sequence[FoundItem]


def by_photos(
    session: Session,
    pictures: Sequence[imaging.Picture],
    *,
    catalogue: PhotoCatalogue,
    boxes: Sequence[matching.Box | None] | None = None,
    hints: Hints = NO_HINTS,
) -> list[FoundObject]:
    """Published items that resemble each object in these pictures, the likeliest first, and the nearest in any case.

    Among the items that are alike to the same degree, those that agree with more of the hints come first, then the
    nearest, whether a reason can be named or not. boxes: around the object in each picture, as fractions, or None.
    """
    end_reading(session)
    around = boxes or [None] * len(pictures)
    with measures.part_of_search("describe"):
        query = [matching.describe(imaging.as_array(each), box) for each, box in zip(pictures, around, strict=True)]
    narrowed = _narrowed(session, hints)
    end_reading(session)
    with measures.part_of_search("load"):
        searched = catalogue.current(narrowed_to=narrowed)
    with measures.part_of_search("rank"):
        ranked = matching.rank_objects(query, searched, narrowed_to=narrowed)
    return _found_objects(session, ranked, hints)


def by_fingerprints(
    session: Session,
    fingerprints: Sequence[matching.Fingerprint],
    *,
    catalogue: PhotoCatalogue,
    hints: Hints = NO_HINTS,
) -> list[FoundObject]:
    """Published items that resemble photos of which only this is known, each photo for itself; else as by_photos."""
    end_reading(session)
    narrowed = _narrowed(session, hints)
    end_reading(session)
    with measures.part_of_search("load"):
        searched = catalogue.current(narrowed_to=narrowed)
    with measures.part_of_search("rank"):
        ranked = matching.rank_fingerprints(fingerprints, searched, narrowed_to=narrowed)
    return _found_objects(session, ranked, hints)


def _found_objects(session: Session, ranked: Sequence[matching.Ranked], hints: Hints) -> list[FoundObject]:
    shown = {each.photos: worth_showing(each.candidates) for each in ranked}
    if len(shown) > 1:
        shown = {photos: beside_others(candidates) for photos, candidates in shown.items()}
    with measures.part_of_search("read"):
        found = _found(session, [candidate for candidates in shown.values() for candidate in candidates], hints)
    return [FoundObject(photos, _in_order(candidates, found)) for photos, candidates in shown.items()]


def worth_showing(ranked: Sequence[matching.Candidate]) -> list[matching.Candidate]:
    """The nearest candidates, and those with evidence among the others; in the given order.

    Evidence never takes the place of a nearer candidate: nameable reasons are fewer than what the score is made of.
    """
    return [candidate for place, candidate in enumerate(ranked) if place < NEAREST or candidate.evidence]


def beside_others(shown: Sequence[matching.Candidate]) -> list[matching.Candidate]:
    """As many as there is room for where other objects are looked for too: the most alike, then the nearest."""
    return sorted(shown, key=_degree)[:MAX_BESIDE_OTHERS]


def _found(
    session: Session, candidates: Sequence[matching.Candidate], hints: Hints
) -> dict[matching.Candidate, FoundItem]:
    # Read after ranking: what was withdrawn while we looked is not shown.
    items = public_items.by_ids(session, [candidate.item_id for candidate in candidates])
    photos = public_items.photos_of_signatures(session, [candidate.entry_id for candidate in candidates])
    given = item_words.find(session, hints.words, among=Among.PUBLISHED)
    return {
        candidate: FoundItem(
            item=items[candidate.item_id],
            photo=photos[candidate.entry_id],
            picture=candidate.query_index,
            likelihood=candidate.likelihood,
            evidence=candidate.evidence,
            agreements=sum(each.is_in(candidate.item_id, items[candidate.item_id].category.code) for each in given)
            + _agreements(items[candidate.item_id], hints),
        )
        for candidate in candidates
        if candidate.item_id in items and candidate.entry_id in photos
    }


def _in_order(
    candidates: Sequence[matching.Candidate], found: Mapping[matching.Candidate, FoundItem]
) -> list[FoundItem]:
    items = [found[candidate] for candidate in candidates if candidate in found]
    return sorted(items, key=lambda each: (_degree(each), -each.agreements))


def _degree(of: matching.Candidate | FoundItem) -> int:
    return list(matching.Likelihood).index(of.likelihood)


def _narrowed(session: Session, hints: Hints) -> set[int] | None:
    """Ids of the items that the hints leave; None for all."""
    left = []
    if hints.category_code not in (None, UNSORTED):
        left.append(public_items.ids_in_category(session, hints.category_code))
    if hints.stolen_on:
        left.append(public_items.ids_stolen_about(session, hints.stolen_on))
    return set.intersection(*left) if left else None


def _agreements(item: PublicItem, hints: Hints) -> int:
    return len(set(hints.colours) & set(item.colours)) + (item.unit.departement == hints.departement)
