"""What two transactions do at one moment under one key: on both databases both get on, or the second is told so."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from gallery.database import Base
from gallery.errors import AccountTaken, AlreadyTaken, ChangedMeanwhile, PublicationRefused
from gallery.models import (
    Case,
    CatalogueChange,
    CatalogueRevision,
    DatabaseIdentity,
    DeclarationChange,
    DeclarationKey,
    DeletedFile,
    FalseAccount,
    FormDraft,
    Item,
    Officer,
    ReleasedFile,
    StoreName,
    SweepReport,
    Unit,
    UnitKind,
)  # fmt: skip
from gallery.services import cases, revision
from gallery.services.declarations import changes, collecting
from gallery.services.items import deleted_files, publication
from gallery.services.people import drafts, false_accounts, units
from gallery.services.storekeeping import ownership, released, reports
from gallery.services.transaction import atomic
from tests.databases import is_waited_for, while_another_waits
from tests.factories import WINDOW, Factory
from tests.waiting import PATIENCE, at_once, begin, wait_until

ADDRESS = "https://www.facebook.com/gendarmerie.35"
Act = Callable[[Session, Factory, Officer], object]
ACTS: dict[type[Base], Act] = {
    CatalogueRevision: lambda session, make, by: revision.touch(session),
    DeclarationChange: lambda session, make, by: changes.note(session, changes.ChangeKind.NEWS),
    DeclarationKey: lambda session, make, by: collecting.publish_key(session, make.sealer),
    DeletedFile: lambda session, make, by: deleted_files.note(session, by.unit_id, "a" * 64, sealer=make.sealer),
    ReleasedFile: lambda session, make, by: released.note(session, ["a" * 64], now=make.now),
    SweepReport: lambda session, make, by: reports.record(session, StoreName.PUBLIC, None, now=make.now),
    FormDraft: lambda session, make, by: drafts.keep(session, make.given, "new item", {"title": ["Bague"]}, by=by),
}


@pytest.mark.parametrize("table", ACTS, ids=lambda table: table.__tablename__)
def test_two_that_come_to_a_row_at_one_moment_both_get_on(
    sessions: sessionmaker[Session], table: type[Base], make: Factory, officer: Officer
) -> None:
    with atomic(make.session):
        make.session.query(CatalogueRevision).delete()

    def act(session: Session) -> None:
        ACTS[table](session, make, officer)

    while_another_waits(sessions, act, then=act)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(table)) == 1
    if table is CatalogueRevision:
        assert revision.committed(sessions) == 2


def test_a_database_has_one_identity(sessions: sessionmaker[Session]) -> None:
    def asked() -> str:
        with sessions() as session:
            return ownership.identity(session)

    assert len({*at_once(asked, asked, asked), asked()}) == 1
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(DatabaseIdentity)) == 1


def test_an_account_is_reported_once(sessions: sessionmaker[Session], make: Factory, officer: Officer) -> None:
    def report(session: Session) -> None:
        by = session.get_one(Officer, officer.id)
        false_accounts.add(session, make.given, ADDRESS, "", by=by)

    with pytest.raises(AccountTaken):
        while_another_waits(sessions, report, then=report)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(FalseAccount)) == 1


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_leave_is_not_taken_from_what_another_is_publishing(
    sessions: sessionmaker[Session], make: Factory, unit: Unit
) -> None:
    case = make.case(unit)
    item_id, case_id, version = make.item(case, with_photos=1).id, case.id, case.version

    def publish(session: Session) -> None:
        # As an import does, which has not locked this item's case.
        revision.hold(session)
        publication.publish(session, make.given, session.get_one(Item, item_id), by=None)

    def forbid(session: Session) -> None:
        written = cases.WrittenCase(WINDOW, cases.CaseSecrets("7/2026"), version)
        cases.edit(session, make.given, session.get_one(Case, case_id), written, by=None)

    with pytest.raises(PublicationRefused):
        while_another_waits(sessions, publish, then=forbid)


def test_who_comes_second_to_a_code_is_told(sessions: sessionmaker[Session], make: Factory) -> None:
    def create(session: Session) -> None:
        new = units.NewUnit("CPN44", "44", units.WrittenUnit("Commissariat de Nantes", UnitKind.POLICE))
        units.create_unit(session, new, by=None, now=make.now)

    with pytest.raises((AlreadyTaken, ChangedMeanwhile)):
        while_another_waits(sessions, create, then=create)
    with sessions() as session:
        assert session.scalar(select(func.count()).where(Unit.code == "CPN44")) == 1


@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
def test_who_is_told_so_is_written_down_without_values(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    for expected in (nullcontext(), pytest.raises(ChangedMeanwhile)):
        with expected, atomic(session):
            session.execute(insert(CatalogueChange).values(number=4711, item_ids=[]))
    (said,) = [each.getMessage() for each in caplog.records if each.name == "gallery.services.transaction"]
    assert said == "a transaction gave way to another: 23505, constraint pk_catalogue_changes"


def test_of_two_that_wait_for_each_other_one_is_told(
    sessions: sessionmaker[Session], engine: Engine, make: Factory
) -> None:
    if engine.name == "sqlite":
        pytest.skip("on SQLite whoever writes is alone")
    one, other = make.unit("CPN44").id, make.unit("CPN56").id

    def hold(session: Session, unit_id: int) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
        session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())

    def from_the_other_end() -> None:
        with sessions() as session, atomic(session):
            hold(session, other)
            hold(session, one)

    def whole() -> None:
        with sessions() as session, atomic(session):
            hold(session, one)
            begun.append(begin(from_the_other_end))
            wait_until(lambda: is_waited_for(engine), "the other transaction")
            hold(session, other)

    begun: list[Future[None]] = []
    told = [begin(whole).exception(PATIENCE), begun[0].exception(PATIENCE)]
    assert [type(each) for each in told if each] == [ChangedMeanwhile]
