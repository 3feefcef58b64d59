"""A catalogue that follows changes has what one has that reads everything, and looks only at what was changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from gallery.models import CatalogueChange, Item, Officer, Unit
from gallery.services.items import deletion, photos, publication
from gallery.services.search import memory
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory

Act = Callable[[], Any]


class Acts:
    """What officers do with two objects of two photos each; every act is committed."""

    def __init__(self, make: Factory, unit: Unit, by: Officer) -> None:
        self.make, self.session, self.by = make, make.session, by
        case = make.case(unit)
        drawn = [pictures.jpeg(pictures.picture(seed)) for seed in (1, 2, 3, 4)]
        self.one, self.other = make.published(case, *drawn[:2]), make.published(case, *drawn[2:])
        self.photo = self.one.photos[1]
        self.minutes = 0

    def each(self) -> dict[str, Act]:
        given, by = self.make.given, {"by": self.by}
        return {
            "hide": lambda: photos.set_private(self.session, given, self.photo, is_private=True, **by),
            "show": lambda: photos.set_private(self.session, given, self.photo, is_private=False, **by),
            "withdraw": lambda: publication.withdraw(self.session, self.one, now=self.make.now, **by),
            "publish": lambda: publication.publish(self.session, given, self.one, **by),
            "move": lambda: photos.move(self.session, self._later(), self.photo, self.other, **by),
            "turn": lambda: self._turn(self.other.photos[0]),
            "delete": lambda: deletion.delete(self.session, given, self.other.photos[0], **by),
            "hand back": lambda: publication.hand_back(self.session, self.one, now=self.make.now, **by),
        }

    def do(self, act: Act) -> None:
        with atomic(self.session):
            act()
        self.make.describe()

    def _later(self) -> Any:
        # Instants tell one description of a photo from the next.
        self.minutes += 1
        return self.make.at(self.make.now + timedelta(minutes=self.minutes))

    def _turn(self, photo: Any) -> None:
        places = {"settings": self.make.settings, "private": self.make.private}
        turned = photos.prepare_turn(photo, quarter_turns=1, **places)
        photos.turn(self.session, self._later(), photo, turned, by=self.by)


@pytest.fixture
def acts(make: Factory, unit: Unit, officer: Officer) -> Acts:
    return Acts(make, unit, officer)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[set[int] | None]:
    """Whose signatures were asked for, each time; None: all of them."""
    asked: list[set[int] | None] = []
    real = memory.signatures_in

    def told(session: Session, scope: Scope, items: Any = None) -> Any:
        asked.append(None if items is None else set(items))
        return real(session, scope, items)

    monkeypatch.setattr(memory, "signatures_in", told)
    return asked


def held(catalogue: MemoryCatalogue) -> dict[int, tuple[int, bytes]]:
    """Item and hash of each photo, by the id of its signature."""
    segment = catalogue.current().as_segment()
    told = zip(segment.item_ids.tolist(), (each.tobytes() for each in segment.hashes.hashes), strict=True)
    return dict(zip(segment.entry_ids.tolist(), told, strict=True))


@pytest.mark.parametrize("scope", Scope)
def test_it_has_after_each_act_what_one_has_that_reads_everything(
    acts: Acts, sessions: sessionmaker[Session], scope: Scope
) -> None:
    warm = MemoryCatalogue(sessions, scope=scope)
    seen = [held(warm)]
    for name, act in acts.each().items():
        acts.do(act)
        seen.append(held(warm))
        assert seen[-1] == held(MemoryCatalogue(sessions, scope=scope)), name
    assert len({str(each) for each in seen}) > 1


def test_it_looks_only_at_the_objects_that_were_changed(
    acts: Acts, sessions: sessionmaker[Session], looks: list[set[int] | None]
) -> None:
    warm = MemoryCatalogue(sessions, scope=Scope.ALL)
    warm.current()
    for name in ("hide", "withdraw", "move", "turn"):
        acts.do(acts.each()[name])
        warm.current()
    one, other = acts.one.id, acts.other.id
    assert looks == [None, {one}, {one}, {one, other}, {other}]


def test_it_looks_at_all_where_an_earlier_program_changed_something(
    acts: Acts, sessions: sessionmaker[Session], looks: list[set[int] | None]
) -> None:
    warm = MemoryCatalogue(sessions)
    warm.current()
    acts.do(acts.each()["hide"])
    with atomic(acts.session):
        acts.session.execute(update(CatalogueChange).values(photo_item_ids=None))
    assert held(warm) == held(MemoryCatalogue(sessions))
    assert looks[:2] == [None, None]


def test_a_new_photo_is_there_once_it_is_described(make: Factory, acts: Acts, sessions: sessionmaker[Session]) -> None:
    warm = MemoryCatalogue(sessions, scope=Scope.ALL)
    before = held(warm)
    item: Item = make.item(acts.one.case)
    with atomic(make.session):
        make.photo(item, pictures.jpeg(pictures.picture(9)))
    assert [item_id for entry, (item_id, _) in held(warm).items() if entry not in before] == [item.id]


def test_it_reads_all_again_after_it_could_not_finish(
    acts: Acts, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = MemoryCatalogue(sessions)

    def stopped(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(warm, "_load", stopped)
        with pytest.raises(ConnectionError):
            warm.current()
    acts.do(acts.each()["hide"])
    assert held(warm) == held(MemoryCatalogue(sessions))
