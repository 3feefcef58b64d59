"""What the public may know, as values: a page is made of these, and a column that is not named here shows nowhere."""

from dataclasses import dataclass
from datetime import date, datetime

from gallery.models import RenditionSize, UnitKind

SQUARE_PLACES = 20
# Of a side, by which the edge of an object may be off: it is measured on 96 pixels.
SLACK = 0.01


@dataclass(frozen=True)
class PublicUnit:
    """A unit that keeps items, and how to reach it."""

    code: str
    name: str
    kind: UnitKind
    departement: str
    phone: str
    email: str


@dataclass(frozen=True)
class PublicCategory:
    """The kind of an item, in both languages."""

    code: str
    name_fr: str
    name_en: str


@dataclass(frozen=True)
class PublicPhoto:
    """One public photo; renditions from small to large, "share.jpg" last. alt_text: the officer's, or empty.

    object_box: left, top, right and bottom of the object as shares of the sides, where they are known.
    """

    public_id: str
    alt_text: str
    renditions: tuple[RenditionSize, ...]
    object_box: tuple[float, ...] | None = None

    def of_type(self, suffix: str) -> tuple[RenditionSize, ...]:
        """The renditions for a page, small to large: suffix is ".webp" or ".jpg"."""
        return tuple(each for each in self.renditions if each.name.endswith(suffix) and each.name != "share.jpg")

    @property
    def largest(self) -> RenditionSize:
        """The largest JPEG for a page."""
        return self.of_type(".jpg")[-1]

    @property
    def width_for_square(self) -> float:
        """How many times wider than a square that is cut out of it the whole photo is shown."""
        width, height = self.largest.width, self.largest.height
        return round(max(width / height, 1), 2) if self.square_place is not None else 1

    @property
    def square_place(self) -> int | None:
        """Where a square cut out of it lies along its longer side, 0 to 20, with the whole object as near as can be to
        its middle; None where no square holds the object, or where nobody knows the object: the photo is shown whole.
        """
        width, height = self.largest.width, self.largest.height
        if width == height:
            return SQUARE_PLACES // 2
        if self.object_box is None:
            return None
        near, far = self.object_box[0::2] if width > height else self.object_box[1::2]
        side = min(width, height) / max(width, height)
        starts = {place: place / SQUARE_PLACES * (1 - side) for place in range(SQUARE_PLACES + 1)}
        fitting = [place for place, start in starts.items() if start <= near + SLACK and far - SLACK <= start + side]
        return min(fitting, key=lambda place: abs(starts[place] + side / 2 - (near + far) / 2), default=None)

    @property
    def share(self) -> RenditionSize:
        """The JPEG for other sites."""
        return self.renditions[-1]


@dataclass(frozen=True)
class PublicItem:
    """All that is public about one item."""

    public_number: str
    title: str
    category: PublicCategory
    object_type: str
    materials: str
    measurements: str
    inscriptions: str
    distinguishing_features: str
    subject: str
    period: str
    maker: str
    brand: str
    model: str
    colours: tuple[str, ...]
    state_as_found: str
    published_at: datetime
    theft_from: date | None
    theft_until: date | None
    unit: PublicUnit
    photos: tuple[PublicPhoto, ...]

    @property
    def cover(self) -> PublicPhoto:
        """The photo that stands for the item."""
        return self.photos[0]


@dataclass(frozen=True)
class CategoryCount:
    """A category that has published items, and how many."""

    code: str
    name_fr: str
    name_en: str
    items: int


@dataclass(frozen=True)
class UnitCount:
    """A unit that has published items, and how many."""

    unit: PublicUnit
    items: int
