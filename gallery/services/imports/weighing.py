"""What an import would make of each item, said before anything is written."""

from sqlalchemy.orm import Session

from gallery.errors.photos import PhotoDeleted
from gallery.models import Item, ItemStatus
from gallery.services import cases
from gallery.services.imports import importing, recognition
from gallery.services.imports.destination import Destination
from gallery.services.imports.importing import ImportedItem, Outcome
from gallery.services.imports.plan import PlannedItem
from gallery.services.imports.preparing import ExaminedItem
from gallery.services.imports.recognition import Known, Listed
from gallery.services.items.obstacles import Obstacle, is_reachable, obstacles_of


class Weighing:
    """Weighs the items of an import one after the other, knowing what those before would have made."""

    def __init__(self, session: Session, destination: Destination, listed: Listed) -> None:
        self._session, self._destination, self._listed = session, destination, listed
        self._sealer = destination.given.sealer
        self._pending: list[Known] = []

    def weigh(self, examined: ExaminedItem, obstacles: tuple[str, ...]) -> ImportedItem:
        """What `importing.add` would make of an item; raise PhotoOfOtherItem. obstacles: of its category and case."""
        planned, known = examined.planned, self._recognise(examined)
        if known is None:
            key = recognition.import_key(planned.key, self._sealer) if planned.key else None
            self._pending.append(Known(None, "", key, examined.digests, is_undescribed=False))
            tells = self._tells(planned)
            shown = importing.with_title(obstacles, tells=tells) if self._destination.publish else ()
            return ImportedItem(planned, "", Outcome.NEW, len(examined.digests), shown, tells)
        lacking = len(examined.digests - known.digests)
        if not known.is_undescribed:
            return ImportedItem(planned, known.public_number, Outcome.KNOWN, lacking)
        item = self._session.get_one(Item, known.item_id)
        is_to_be_public = self._destination.publish and item.status is ItemStatus.DRAFT
        is_shown = item.status is ItemStatus.PUBLISHED or is_to_be_public
        tells = self._tells(planned)
        others = self._obstacles_after(planned, item, obstacles) if is_shown else ()
        found = importing.with_title(others, tells=tells) if is_shown else ()
        return ImportedItem(planned, known.public_number, Outcome.DESCRIBED, lacking, found, tells)

    def _tells(self, planned: PlannedItem) -> bool:
        return importing.title_tells(self._session, planned)

    def _recognise(self, examined: ExaminedItem) -> Known | None:
        planned, digests = examined.planned, examined.digests
        candidates = recognition.candidates(self._session, planned, digests, destination=self._destination)
        known = recognition.recognise(
            planned, digests, [*candidates, *self._pending], listed=self._listed, sealer=self._sealer
        )
        if known is None and recognition.deleted_among(self._session, digests, destination=self._destination):
            raise PhotoDeleted
        return known

    def _obstacles_after(self, planned: PlannedItem, item: Item, obstacles: tuple[str, ...]) -> tuple[str, ...]:
        """The obstacles of an item once it has its row's words; where the row names no case it keeps its own."""
        if planned.names_case:
            return obstacles
        is_authorised = cases.open_secrets(item.case, self._sealer).is_authorised
        never_public = Obstacle.CATEGORY_NEVER_PUBLIC in obstacles
        return obstacles_of(
            never_public=never_public, is_authorised=is_authorised, is_reachable=is_reachable(item.unit)
        )
