"""The kinds of objects, in the order in which they are offered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gallery.errors import AlreadyTaken, CategoryInUse, CategoryNotFound, ChangedMeanwhile
from gallery.models import Category, Item, ItemStatus, Officer
from gallery.services import audit, revision

# code, French, English, never public
CATEGORIES = (
    ("jewellery", "Bijoux", "Jewellery", False),
    ("watches", "Montres", "Watches", False),
    ("bicycles", "Vélos et trottinettes", "Bicycles and scooters", False),
    ("tools", "Outils", "Tools", False),
    ("musical_instruments", "Instruments de musique", "Musical instruments", False),
    ("paintings", "Tableaux et dessins", "Paintings and drawings", False),
    ("sculptures", "Sculptures et objets d’art", "Sculptures and works of art", False),
    ("ceramics_glass", "Céramiques et verrerie", "Ceramics and glass", False),
    ("silverware", "Argenterie et arts de la table", "Silverware and tableware", False),
    ("clocks", "Horloges et pendules", "Clocks", False),
    ("coins_medals", "Monnaies et médailles", "Coins and medals", False),
    ("stamps", "Timbres et collections", "Stamps and collections", False),
    ("furniture", "Meubles", "Furniture", False),
    ("cameras", "Appareils photo et optique", "Cameras and optics", False),
    ("phones", "Téléphones", "Phones", False),
    ("computers", "Ordinateurs et tablettes", "Computers and tablets", False),
    ("audio_video", "Image et son", "Audio and video", False),
    ("games_toys", "Jeux et jouets", "Games and toys", False),
    ("leather_goods", "Sacs et maroquinerie", "Bags and leather goods", False),
    ("clothing", "Vêtements et chaussures", "Clothing and shoes", False),
    ("sports", "Sport et loisirs", "Sports and leisure", False),
    ("garden", "Jardin et extérieur", "Garden and outdoors", False),
    ("vehicles_parts", "Véhicules et pièces", "Vehicles and parts", False),
    ("books_documents", "Livres et documents anciens", "Books and old documents", False),
    ("religious_objects", "Objets religieux", "Religious objects", False),
    ("militaria", "Souvenirs militaires", "Militaria", False),
    ("identity_papers", "Papiers d’identité", "Identity papers", True),
    ("weapons", "Armes et munitions", "Weapons and ammunition", True),
    ("other", "Autres objets", "Other objects", False),
)
UNSORTED = "other"
"""The category of what nobody has sorted: it says nothing of what a thing is, and keeps it from nobody."""
# Small, alike and worth claiming: whoever claims one has to know what is engraved on it.
WITHHOLDING = frozenset({"jewellery", "watches", "phones"})
# Where a number, a hallmark or an engraving is on the back, beneath or inside.
NUMBERED = frozenset({
    "jewellery", "watches", "bicycles", "tools", "musical_instruments", "silverware", "clocks", "cameras", "phones",
    "computers", "audio_video", "vehicles_parts",
})  # fmt: skip


def ensure_categories(session: Session) -> None:
    """Add the categories that are missing; those that an administrator has renamed stay as they are."""
    known = set(session.scalars(select(Category.code)))
    for position, (code, name_fr, name_en, never_public) in enumerate(CATEGORIES):
        if code not in known:
            words = {"name_fr": name_fr, "name_en": name_en, "never_public": never_public}
            session.add(Category(code=code, **words, withholds=code in WITHHOLDING, position=position))
    if session.new:
        session.flush()
        revision.touch(session)


@dataclass(frozen=True)
class WrittenCategory:
    """What is written of a category. version: of the one that was shown to whoever wrote; 0 for a new one.

    withholds: inscriptions and distinguishing features are kept from the public until an officer says otherwise.
    """

    name_fr: str
    name_en: str
    never_public: bool
    withholds: bool
    version: int = 0


def create(session: Session, written: WrittenCategory, *, code: str, by: Officer, now: datetime) -> Category:
    """Add a category after the others; raise AlreadyTaken when its code is."""
    revision.hold(session)
    if session.scalar(select(Category.id).where(Category.code == code)) is not None:
        raise AlreadyTaken("code", code)
    last = session.scalar(select(func.max(Category.position)))
    values, position = _values(written), 0 if last is None else last + 1
    category = Category(code=code, **values, position=position)
    session.add(category)
    session.flush()
    revision.touch(session)
    audit.record(session, by, "create", category, now=now)
    return category


def edit(session: Session, category: Category, written: WrittenCategory, *, by: Officer, now: datetime) -> None:
    """Change a category; raise ChangedMeanwhile.

    Raises CategoryInUse when it would never be public and published items are in it.
    """
    # Whoever publishes has it too, and may be about to commit.
    revision.hold(session)
    if category.version != written.version:
        raise ChangedMeanwhile
    if written.never_public and not category.never_public:
        published = select(func.count(Item.id)).where(
            Item.category_id == category.id, Item.status == ItemStatus.PUBLISHED
        )
        count = session.scalar(published) or 0
        if count:
            raise CategoryInUse(count)
    values = _values(written)
    changed = sorted(field for field, value in values.items() if getattr(category, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(category, field, values[field])
    revision.touch(session)
    audit.record(session, by, "edit", category, now=now, fields=changed)


def move(session: Session, category: Category, *, places: int, by: Officer, now: datetime) -> None:
    """Move a category this many places down the list, or up where places is negative; it stays within the list."""
    # Another administrator may be about to commit another order.
    revision.hold(session)
    before = all_in_order(session)
    others = [each for each in before if each.id != category.id]
    others.insert(min(max(before.index(category) + places, 0), len(others)), category)
    if others == before:
        return
    for position, each in enumerate(others):
        # The version stays: whoever edits the name at this moment has overwritten nothing.
        session.execute(update(Category).where(Category.id == each.id).values(position=position))
    revision.touch(session)
    audit.record(session, by, "move", category, now=now, places=places)


def all_in_order(session: Session) -> list[Category]:
    """Every category, as offered to officers."""
    return list(session.scalars(select(Category).order_by(Category.position, Category.id)))


def _values(written: WrittenCategory) -> dict[str, Any]:
    names = ("name_fr", "name_en", "never_public", "withholds")
    return {name: getattr(written, name) for name in names}


def lock_by_code(session: Session, code: str) -> Category:
    """The category of this code, to be changed: locked until the transaction ends; raise CategoryNotFound.

    Not against rows that come to name it: who writes one may hold what is waited for here. The catalogue is held first,
    as by whoever moves categories.
    """
    revision.hold(session)
    category = session.scalar(select(Category).where(Category.code == code).with_for_update(key_share=True))
    if category is None:
        raise CategoryNotFound(code)
    return category


def id_of_unsorted(session: Session) -> int | None:
    """The row id of the category of what nobody has sorted; None before there are categories."""
    return session.scalar(select(Category.id).where(Category.code == UNSORTED))


def telling_id(category: Category | None) -> int | None:
    """The row id of a category that says what a thing is; None of the one that does not, and of none."""
    return category.id if category is not None and category.code != UNSORTED else None


def get_by_code(session: Session, code: str) -> Category:
    """The category of this code; raise CategoryNotFound."""
    category = session.scalar(select(Category).where(Category.code == code))
    if category is None:
        raise CategoryNotFound(code)
    return category
