import pyrage
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.database import Base
from gallery.models import Case, Item, Unit
from gallery.sealing import Sealer
from gallery.services import cases, resealing
from gallery.services.cases import CaseSecrets
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory


def test_resealing_that_was_stopped_goes_on(settings: Settings, make: Factory, unit: Unit, session: Session) -> None:
    for number in range(12):
        make.case(unit, CaseSecrets(case_number=f"2026/{number}"))
    both = Sealer(f"{pyrage.x25519.Identity.generate()}\n{settings.sealing_identity}")

    def stop(column: str, done: int) -> None:
        if column == "cases.sealed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(session, both, stop)
    assert resealing.former(session, both) == {"cases.sealed": 4}
    assert resealing.reseal(session, both, lambda column, done: None).count == 4
    end_reading(session)
    numbers = {cases.open_secrets(each, both).case_number for each in session.scalars(select(Case))}
    assert numbers == {f"2026/{number}" for number in range(12)}


@pytest.mark.parametrize("place", [0, 7, 8, 11], ids=["first", "last of a batch", "first of the next", "last"])
def test_a_value_that_no_identity_opens_is_named_and_keeps_no_other_from_it(
    settings: Settings, make: Factory, unit: Unit, session: Session, place: int
) -> None:
    made = [make.case(unit, CaseSecrets(case_number=f"2026/{number}")) for number in range(12)]
    item, broken = make.item(made[0]), made[place].id
    with atomic(session):
        session.execute(update(Case).where(Case.id == broken).values(sealed=b"damaged"))
    newest = str(pyrage.x25519.Identity.generate())
    done = resealing.reseal(session, Sealer(f"{newest}\n{settings.sealing_identity}"), lambda column, done: None)
    assert (done.count, done.lost) == (12, {"cases.sealed": [(broken,)]})
    assert resealing.former(session, Sealer(f"{newest}\n{settings.sealing_identity}")) == {}
    end_reading(session)
    assert Sealer(newest).is_newest(session.get_one(Item, item.id).sealed)


def test_every_sealed_column_is_resealed_or_says_why_not() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert sealed == {*resealing.SEALED, *resealing.FROZEN, *resealing.OF_THEIR_OWNERS}
