"""What the look of an object suggests to the officer who describes it: likely categories, and its main colours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery import matching
from gallery.models import Category, Colour, Item, Officer
from gallery.services.items import items
from gallery.services.search.search import PhotoCatalogue


@dataclass(frozen=True)
class Suggestion:
    """What to offer, never to fill in: categories, the likeliest first, and colours; either may be empty."""

    categories: tuple[Category, ...]
    colours: tuple[Colour, ...]


def suggest(
    session: Session, photos: Sequence[matching.Signature], *, catalogue: PhotoCatalogue, by: Officer
) -> Suggestion:
    """What photos of one object suggest. catalogue: of all photos, of which those that the officer may see count."""

    def categories_of(item_ids: Collection[int]) -> dict[int, str]:
        wanted = select(Item.id, Category.code).join(Item.category).where(Item.id.in_(item_ids), items.seen_by(by))
        return {row.id: row.code for row in session.execute(wanted)}

    likely = matching.likely_categories(photos, catalogue.current(), categories_of)
    codes = [each.code for each in likely]
    known = {each.code: each for each in session.scalars(select(Category).where(Category.code.in_(codes)))}
    return Suggestion(tuple(known[code] for code in codes if code in known), _colours(photos))


def _colours(photos: Sequence[matching.Signature]) -> tuple[Colour, ...]:
    """The colours of the first photo: it is the one that shows the object best."""
    return tuple(Colour(each) for each in matching.main_colours(photos[0])) if photos else ()
