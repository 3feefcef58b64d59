"""Whose the stores are, how many files may go at once, and the trash: no sweep loses what a right database names."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.errors import StoreOfAnother, StoreUnknown, TooManyOrphans
from gallery.models import DatabaseIdentity, Item, ItemPhoto, Officer, StoreName, SweepRefusal, Unit
from gallery.services import sweeping
from gallery.services.items import deletion, photos, publication
from gallery.services.storekeeping import ownership, reports, trash
from gallery.services.sweeping import Sweep
from gallery.services.transaction import atomic, end_reading
from gallery.storage import PhotoStore, original_key, rendition_key, sha256_of
from tests.factories import Factory

NOW = datetime.now(UTC)
HOW = Sweep(older_than=NOW - timedelta(hours=24), now=NOW)
KEY = original_key(sha256_of(b"orphan"))


def make_older(folder: str) -> None:
    for path in Path(folder).rglob("*"):
        if path.is_file():
            os.utime(path, times=((NOW - timedelta(hours=25)).timestamp(),) * 2)


@dataclass
class Keeper:
    """Sweeps the private store as the worker does."""

    session: Session
    private: PhotoStore
    folder: str

    def sweep(self, how: Sweep = HOW) -> set[str]:
        make_older(self.folder)
        end_reading(self.session)
        swept = sweeping.sweep_private(self.session, self.private, how)
        return {key for batch in swept for key in batch.orphans}

    def files(self) -> set[str]:
        return {file.key for file in self.private.files()}

    def forget_rows(self) -> None:
        """Leave the database as it was before these photos: it names none of them."""
        with atomic(self.session):
            self.session.execute(delete(ItemPhoto))

    def become_another(self) -> None:
        with atomic(self.session):
            self.session.execute(delete(DatabaseIdentity))


@pytest.fixture
def keeper(session: Session, private: PhotoStore, settings: Settings) -> Keeper:
    return Keeper(session, private, settings.private_store_address)


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.item(make.case(unit), with_photos=3)


def test_a_new_store_of_a_new_database_is_its_own(session: Session, private: PhotoStore) -> None:
    ownership.check(session, private, StoreName.PRIVATE)
    assert private.identity() == ownership.identity(session)
    ownership.check(session, private, StoreName.PRIVATE)


def test_a_store_in_use_before_it_had_a_mark_is_known_by_its_files(
    session: Session, private: PhotoStore, item: Item
) -> None:
    ownership.check(session, private, StoreName.PRIVATE)
    assert private.identity() == ownership.identity(session)


def test_a_store_without_mark_whose_files_nobody_names_is_refused(session: Session, private: PhotoStore) -> None:
    private.put(KEY, b"orphan")
    with pytest.raises(StoreUnknown):
        ownership.check(session, private, StoreName.PRIVATE)
    assert private.identity() is None


def test_an_empty_folder_in_place_of_the_store_is_refused(session: Session, tmp_path: Path, item: Item) -> None:
    with pytest.raises(StoreUnknown):
        ownership.check(session, PhotoStore(str(tmp_path / "not-mounted")), StoreName.PRIVATE)


def test_another_database_removes_nothing_and_says_both(keeper: Keeper, item: Item) -> None:
    keeper.sweep()
    before, theirs = keeper.files(), keeper.private.identity()
    keeper.forget_rows()
    keeper.become_another()
    with pytest.raises(StoreOfAnother) as refused:
        keeper.sweep(Sweep(older_than=HOW.older_than, now=NOW, approved=True))
    assert keeper.files() == before
    assert (refused.value.theirs, refused.value.ours) == (theirs, ownership.identity(keeper.session))
    (report,) = reports.refused(keeper.session)
    assert report.refusal is SweepRefusal.OF_ANOTHER_DATABASE


def test_an_adopted_store_is_swept(keeper: Keeper, item: Item) -> None:
    keeper.sweep()
    keeper.become_another()
    ownership.adopt(keeper.session, keeper.private)
    assert keeper.sweep() == set()
    assert reports.refused(keeper.session) == []


def test_one_row_says_what_a_database_is_known_by(session: Session) -> None:
    known = ownership.identity(session)
    assert (ownership.identity(session), len(known)) == (known, 16)
    assert [(each.id, each.identity) for each in session.scalars(select(DatabaseIdentity))] == [(1, known)]


def test_what_is_destroyed_leaves_the_rest_of_the_trash(private: PhotoStore) -> None:
    keys = [original_key(sha256_of(bytes([number]))) for number in range(2)]
    for key in keys:
        private.put(key, b"thrown away")
    private.throw_away(keys, NOW + timedelta(hours=1), day=NOW.date())
    trash.remove(private, keys[:1])
    assert [before for _, _, before in private.trash()] == keys[1:]
    assert trash.count(private) == 1


def test_an_older_database_removes_nothing_until_an_operator_says_yes(keeper: Keeper, item: Item) -> None:
    keeper.sweep()
    before = keeper.files()
    keeper.forget_rows()
    with pytest.raises(TooManyOrphans) as refused:
        keeper.sweep()
    assert keeper.files() == before
    assert (refused.value.unexplained, refused.value.files) == (len(before), len(before))
    (report,) = reports.refused(keeper.session)
    assert (report.store, report.unexplained) == (StoreName.PRIVATE, len(before))
    assert keeper.sweep(Sweep(older_than=HOW.older_than, now=NOW, approved=True)) == before
    assert reports.refused(keeper.session) == []


@pytest.mark.parametrize(("files", "orphans", "refused"), [(400, 8, False), (400, 9, True), (5200, 101, True)])
def test_the_bounds(keeper: Keeper, item: Item, files: int, orphans: int, refused: bool) -> None:
    """Named files are those of one photo; the rest of the store is filled with names of its renditions."""
    keeper.sweep()
    digest = item.photos[0].rendition_digest
    folder = Path(keeper.folder, rendition_key(digest, "x")).parent
    for number in range(files - orphans - len(keeper.files())):
        (folder / f"n{number}.jpg").touch()
    for number in range(orphans):
        path = Path(keeper.folder, original_key(sha256_of(bytes([number]))))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    if refused:
        with pytest.raises(TooManyOrphans):
            keeper.sweep()
    else:
        assert len(keeper.sweep()) == orphans


def test_what_an_officer_has_deleted_or_turned_goes_without_a_question(
    keeper: Keeper, make: Factory, item: Item, officer: Officer
) -> None:
    turned, gone = item.photos[0], item.photos[1]
    before = rendition_key(turned.rendition_digest, "320.webp")
    again = photos.prepare_turn(turned, quarter_turns=1, settings=make.settings, private=make.private)
    with atomic(make.session) as session:
        photos.turn(session, make.given, turned, again, by=officer)
    with atomic(make.session) as session:
        sha256 = gone.original_sha256
        deletion.delete(session, make.given, gone, by=officer)
    assert original_key(sha256) not in keeper.sweep()
    with atomic(make.session) as session:
        assert deletion.forget_old(session, now=make.now + deletion.HAD_BACK_FOR) == 1
    assert original_key(sha256) in keeper.sweep()
    assert not make.private.holds(before)


def test_withdrawn_items_leave_the_public_store_without_a_question_and_without_trash(
    session: Session, settings: Settings, make: Factory, item: Item, public: PhotoStore
) -> None:
    make.publish(item)
    assert list(public.files())
    with atomic(session):
        publication.withdraw(session, item, by=None, now=make.now)
    make_older(settings.public_store_address)
    list(sweeping.sweep_public(session, public, HOW))
    assert not list(public.files())
    assert trash.count(public) == 0


def test_a_swept_file_is_had_back_when_a_row_names_it_again(
    keeper: Keeper, session: Session, item: Item, settings: Settings
) -> None:
    keeper.sweep()
    before = keeper.files()
    row = item.photos[0]
    digest, row.original_sha256 = row.original_sha256, sha256_of(b"another")
    with_other_rows(session, row)
    swept = keeper.sweep(Sweep(older_than=HOW.older_than, now=NOW, approved=True))
    assert swept == {original_key(digest)}
    assert keeper.files() == before - swept
    with atomic(session):
        session.get(ItemPhoto, row.id).original_sha256 = digest
    assert trash.take_back_named(session, keeper.private) == 1
    assert keeper.files() == before
    assert trash.count(keeper.private) == 0


def with_other_rows(session: Session, row: ItemPhoto) -> None:
    changed = row.original_sha256
    session.expire(row)
    with atomic(session):
        session.get(ItemPhoto, row.id).original_sha256 = changed


def test_the_trash_keeps_what_is_young_and_is_emptied_of_the_rest(session: Session, private: PhotoStore) -> None:
    keys = [original_key(sha256_of(bytes([number]))) for number in range(2)]
    for key, age in zip(keys, (31, 29), strict=True):
        private.put(key, b"thrown away")
        private.throw_away([key], NOW + timedelta(hours=1), day=(NOW - timedelta(days=age)).date())
    assert trash.empty(private, thrown_before=(NOW - timedelta(days=30)).date()) == 1
    assert [before for _, _, before in private.trash()] == keys[1:]


def test_what_was_put_again_is_not_overwritten_from_the_trash(keeper: Keeper, session: Session, item: Item) -> None:
    key = original_key(item.photos[0].original_sha256)
    keeper.private.throw_away([key], NOW + timedelta(hours=1), day=NOW.date())
    keeper.private.put(key, b"put again")
    assert trash.take_back_named(session, keeper.private) == 0
    assert keeper.private.get(key) == b"put again"


def test_a_store_copied_with_its_database_is_its_own(
    session: Session, settings: Settings, private: PhotoStore, item: Item, tmp_path: Path
) -> None:
    ownership.check(session, private, StoreName.PRIVATE)
    shutil.copytree(settings.private_store_address, tmp_path / "copy")
    ownership.check(session, PhotoStore(str(tmp_path / "copy")), StoreName.PRIVATE)
