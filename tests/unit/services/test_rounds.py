"""The worker's round: what is told of it in the log, when it ends early, and which catalogue is opened."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from gallery.errors import Outage, StoreUnknown
from gallery.models import StoreName
from gallery.services import housekeeping
from gallery.services.declarations.inbox import Stuck
from gallery.services.declarations.lifecycle import Purged
from gallery.services.housekeeping import House
from gallery.services.search.database_catalogue import DatabaseCatalogue
from gallery.services.search.memory import MemoryCatalogue, Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.storekeeping import batches, wording
from gallery.services.sweeping import Sweep, Swept

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOTHING: dict[str, Any] = {
    "claims": SimpleNamespace(erased=0, kept=0),
    "purged": Purged(0, 0, 0),
    "garbage": 0,
    "stuck": Stuck(0, 0, None),
}


class Round:
    """A round of which every part is told what it finds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found = dict(NOTHING)
        self.public: list[Swept | Exception] = []
        self.private: list[Swept | Exception] = []
        self.is_ours = True
        self.done: list[tuple[object, ...]] = []
        self.stop = Event()
        self.transactions: list[list[str]] = []
        for where, name, what in (
            (housekeeping.claim_ending, "purge", "claims"),
            (housekeeping.lifecycle, "purge", "purged"),
            (housekeeping.inbox, "purge_unreadable", "garbage"),
            (housekeeping.inbox, "stuck", "stuck"),
        ):
            monkeypatch.setattr(where, name, lambda *_, what=what, **__: self.found[what])
        monkeypatch.setattr(housekeeping, "atomic", self._begin)
        monkeypatch.setattr(housekeeping.visits, "purge", lambda *_, now: self.transactions[-1].append("visits"))
        monkeypatch.setattr(
            housekeeping.released, "forget_old", lambda _, older_than: self.done.append(("released", older_than))
        )
        monkeypatch.setattr(housekeeping.forgetting, "forget_old", self._forget)
        monkeypatch.setattr(housekeeping.sweeping, "sweep_public", lambda *_: self._batches(self.public))
        monkeypatch.setattr(housekeeping.sweeping, "sweep_private", lambda *_: self._batches(self.private))
        monkeypatch.setattr(housekeeping.ownership, "check", self._check)
        monkeypatch.setattr(housekeeping.deletion, "destroy", lambda *_, **__: self.done.append(("destroy",)))
        monkeypatch.setattr(housekeeping.trash, "take_back_named", lambda *_: self.found.get("taken", 0))
        monkeypatch.setattr(
            housekeeping.trash, "empty", lambda _, thrown_before: self.done.append(("empty", thrown_before))
        )

    def keep(self) -> int:
        self.done.clear()
        private = SimpleNamespace(delete=lambda keys: self.done.append(("delete", *keys)))
        given: Any = SimpleNamespace(settings=SimpleNamespace(trash_days=30), public=None, private=private)
        session: Any = None
        return House(session, given, Sweep(NOW - timedelta(days=1), NOW), self.stop).keep()

    def _begin(self, _session: object) -> AbstractContextManager[None]:
        self.transactions.append([])
        return nullcontext()

    def _forget(self, *_: object, now: datetime) -> SimpleNamespace:
        self.transactions[-1].append(f"old at {now.hour}")
        return SimpleNamespace(keys=["archives/a"])

    def _check(self, _session: object, _store: object, name: StoreName) -> None:
        assert name is StoreName.PRIVATE
        if not self.is_ours:
            raise StoreUnknown(name)

    def _batches(self, batches: list[Swept | Exception]) -> Iterator[Swept]:
        for each in batches:
            if isinstance(each, Exception):
                raise each
            yield each


@pytest.fixture
def round_(monkeypatch: pytest.MonkeyPatch) -> Round:
    return Round(monkeypatch)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ({}, []),
        ({"purged": Purged(9, 1, 0)}, ["1 declarations ended, 0 erased"]),
        ({"purged": Purged(0, 0, 2)}, ["0 declarations ended, 2 erased"]),
        ({"purged": Purged(0, 0, 0, kept=3)}, ["3 declarations that are over are kept until their owners know of it"]),
        ({"claims": SimpleNamespace(erased=4, kept=0)}, ["4 claims erased"]),
        (
            {"claims": SimpleNamespace(erased=0, kept=5)},
            ["5 claims that are over are kept until their owners know of it"],
        ),
        ({"garbage": 6}, ["6 drops that no key opens were erased"]),
        ({"stuck": Stuck(7, 8, NOW)}, ["in the inbox: 7 drops that no key opens, 8 not filed"]),
        ({"taken": 9}, ["9 files that the database names were taken back from the trash"]),
    ],
    ids=str,
)
def test_a_round_tells_what_it_did_and_nothing_else(
    round_: Round, caplog: pytest.LogCaptureFixture, found: dict[str, Any], lines: list[str]
) -> None:
    caplog.set_level(logging.INFO)
    round_.found |= found
    assert round_.keep() == 0
    assert caplog.messages == lines


def test_who_opens_a_declaration_waits_for_no_round(round_: Round) -> None:
    round_.keep()
    assert round_.transactions == [["visits"], ["old at 12"], []]


def test_a_round_minds_the_private_store_where_it_is_ours(round_: Round) -> None:
    round_.public, round_.private = [Swept(5, ("a", "b"))], [Swept(5, ("c",)), Swept(5, ("d", "e"), [OSError("e")])]
    assert round_.keep() == 4
    days = timedelta(days=30)
    assert round_.done == [
        ("released", NOW - days),
        ("delete", "archives/a"),
        ("destroy",),
        ("empty", date(2026, 10, 31)),
    ]
    round_.is_ours = False
    assert (round_.keep(), round_.done) == (4, [("released", NOW - days)])


def test_a_round_that_is_stopped_ends_between_two_batches(round_: Round) -> None:
    round_.public = round_.private = [Swept(1, ("a",)), Swept(1, ("b",))]
    round_.stop.set()
    assert (round_.keep(), round_.done) == (2, [("released", NOW - timedelta(days=30))])


def test_a_store_that_may_not_be_swept_is_a_line(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    refusal = StoreUnknown(StoreName.PUBLIC)
    round_.public, round_.private = [Swept(1, ("a",), [OSError("stuck")]), refusal], [Outage("away")]
    assert round_.keep() == 0
    assert caplog.messages == [
        "a file could not be removed: stuck",
        str(wording.why(refusal)),
        "a store could not be swept: away",
    ]


@pytest.mark.parametrize("scope", Scope)
def test_the_catalogue_of_the_settings_is_opened(scope: Scope) -> None:
    settings = SimpleNamespace(catalogue="memory", snapshot_path=Path("snapshots"))
    given: Any = SimpleNamespace(settings=settings, sessions=None)
    in_memory = open_catalogue(given, scope)
    assert isinstance(in_memory, MemoryCatalogue)
    # The snapshot has the public photos, and nobody else's catalogue is written to it.
    has_snapshot = in_memory._snapshots is not None
    assert has_snapshot == (scope not in (Scope.FORMER, Scope.UNPUBLISHED))
    settings.catalogue = "pgvector"
    assert isinstance(open_catalogue(given, scope), DatabaseCatalogue)


def test_listings_are_taken_two_hundred_at_a_time() -> None:
    assert [len(batch) for batch in batches.in_batches(range(401))] == [200, 200, 1]
