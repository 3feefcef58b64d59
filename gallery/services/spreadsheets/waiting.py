"""The photos that wait in a case, by the names and numbers with which a list speaks of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from gallery.models import LotPhoto
from gallery.services.imports.names import spelt
from gallery.services.imports.nearness import NearNames
from gallery.services.imports.refusals import PhotoAmbiguous, PhotoNotInFolder
from gallery.services.lots.grouping import groups_of
from gallery.services.lots.order import may_show_card


class WaitingPhotos:
    """Waiting photos, as paths made of their public identifiers."""

    def __init__(self, photos: Sequence[LotPhoto]) -> None:
        self._near = NearNames()
        self._by_name: dict[str, list[LotPhoto]] = defaultdict(list)
        for photo in photos:
            self._by_name[spelt(photo.name)].append(photo)
        groups = groups_of(photos)
        self._groups = {group.number: group.photos for group in groups if group.number}
        self._numbers = {photo.public_id: group.number for group in groups for photo in group.photos}
        self._with_cards = {photo.public_id: photo.name for photo in photos if may_show_card(photo)}

    def get(self, name: str) -> PurePath:
        """The one photo of this file name; raise PhotoNotInFolder or PhotoAmbiguous."""
        found = self._by_name.get(spelt(PurePath(name.replace("\\", "/")).name), [])
        if not found:
            near = self._near.nearest(spelt(name), self._by_name)
            raise PhotoNotInFolder(name, near=self._by_name[near][0].name if near else "")
        if len(found) > 1:
            raise PhotoAmbiguous(name, names=tuple(photo.name for photo in found))
        return PurePath(found[0].public_id)

    def of_number(self, number: str) -> tuple[PurePath, ...]:
        """The photos that were taken for a number; none when there is no such number."""
        return tuple(PurePath(photo.public_id) for photo in self._groups.get(number, ()))

    def number_of(self, photos: Sequence[PurePath]) -> str:
        """The one number for which these photos were taken; empty when there is none, or several."""
        numbers = {self._numbers[path.name] for path in photos}
        return numbers.pop() if len(numbers) == 1 else ""

    def with_cards(self, photos: Sequence[PurePath]) -> list[str]:
        """The file names of those on which a card that could not be read may be seen."""
        return [self._with_cards[path.name] for path in photos if path.name in self._with_cards]


def by_id(photos: Sequence[LotPhoto]) -> Mapping[str, LotPhoto]:
    """Waiting photos by what WaitingPhotos makes paths of."""
    return {photo.public_id: photo for photo in photos}
