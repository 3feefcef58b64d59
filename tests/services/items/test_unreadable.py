"""Items and cases that no key opens: nothing is sealed over what they have, and no second case takes their place."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.errors import SealBroken
from gallery.models import Case, Item, Officer, Unit
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.imports import destination as destinations
from gallery.services.imports import recognition
from gallery.services.imports.destination import Authorisation, Destination
from gallery.services.imports.plan import PlannedItem
from gallery.services.items import items
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.spreadsheets import case_list
from gallery.services.spreadsheets.taking import Taking
from gallery.services.transaction import atomic, end_reading
from tests.factories import AUTHORISED, Factory

SECRET = ItemSecrets("SN-1", "S-2", "rayure", {"inscriptions": "J. R."})
LEAVE = Authorisation("Mme la procureure", "2026-10-01")
# The same plain SQL as elsewhere, where both databases answer it.
pytestmark = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def case(make: Factory, unit: Unit) -> Case:
    return make.case(unit)


@pytest.fixture
def lose(session: Session) -> Callable[[Item | Case], bytes]:
    """Seal something to a key that nobody has; returns what it was before."""

    def lost(row: Item | Case) -> bytes:
        sealed = row.sealed
        with atomic(session):
            row.sealed = b"of another key"
        return sealed

    return lost


def read(make: Factory, case: Case, *lines: str) -> case_list.CaseList:
    return case_list.read(make.session, case, "\n".join(lines), colours={}, sealer=make.sealer)


def test_a_list_does_not_change_an_unreadable_draft(
    make: Factory, case: Case, lose: Callable[[Item | Case], bytes]
) -> None:
    item = make.item(case, title="Bague", secret=SECRET)
    sealed = lose(item)
    found = read(make, case, "clé;titre", f"{item.public_number};Bague ancienne")
    (refusal,) = found.refusals
    assert (refusal.source, refusal.column, found.changed) == (":2", "clé", [])
    assert getattr(refusal.error, "fault", "") == "unreadable"
    assert read(make, case, "clé;titre", f"{item.public_number};Bague").unchanged == 1
    with atomic(make.session):
        item.sealed = sealed
    assert items.open_secrets(item, make.sealer) == SECRET


def test_a_row_whose_draft_became_unreadable_is_left_out_and_the_others_are_taken(
    make: Factory, case: Case, officer: Officer, lose: Callable[[Item | Case], bytes]
) -> None:
    one, two = (make.item(case, title="Bague", secret=SECRET) for _ in range(2))
    found = read(make, case, "clé;titre", *(f"{each.public_number};Alliance" for each in (one, two)))
    sealed = lose(one)
    # As the database has it under the key that is back: no officer has written anything.
    changed = [replace(each, version=one.version) if each.public_number == one.public_number else each
               for each in found.changed]  # fmt: skip
    with atomic(make.session):
        assert Taking(make.session, make.given, case, officer).complete(changed) == [two.public_number]
    end_reading(make.session)
    assert (one.title, one.sealed == sealed, two.title) == ("Bague", False, "Alliance")


@pytest.mark.parametrize("is_told", [False, True])
def test_only_who_was_told_writes_over_what_is_unreadable(
    make: Factory, case: Case, officer: Officer, lose: Callable[[Item | Case], bytes], *, is_told: bool
) -> None:
    item = make.item(case, secret=SECRET)
    for each in (item, case):
        lose(each)

    def write_item() -> None:
        written = WrittenItem(item.case, item.category, ItemDescription("Bague"), ItemSecrets("SN-9"), item.version)
        with atomic(make.session):
            items.edit(make.session, make.given, item, replace(written, replaces_unreadable=is_told), by=officer)

    def write_case() -> None:
        written = cases.WrittenCase(cases.TheftWindow(), CaseSecrets("PV 9"), case.version, is_told)
        with atomic(make.session):
            cases.edit(make.session, make.given, case, written, by=officer)

    if is_told:
        write_item()
        write_case()
        assert items.open_secrets(item, make.sealer).serial_number == "SN-9"
        assert cases.open_secrets(case, make.sealer).case_number == "PV 9"
        return
    for write in (write_item, write_case):
        with pytest.raises(SealBroken):
            write()
    assert (item.sealed, case.sealed) == (b"of another key",) * 2


@pytest.mark.parametrize("number", ["PV 1", ""])
def test_an_import_opens_no_second_case_where_an_unreadable_one_may_be_it(
    make: Factory, unit: Unit, session: Session, lose: Callable[[Item | Case], bytes], number: str
) -> None:
    lost = make.case(unit, replace(AUTHORISED, case_number="PV 1"))
    known = make.case(unit, replace(AUTHORISED, case_number="PV 2"))
    lose(lost)
    destination = Destination(make.given, unit.code, publish=False)
    wanted: dict[str, Authorisation | None] = {"PV 2": None}
    with atomic(session):
        found = destinations.ensure_cases(session, wanted, destination=destination)
    assert found["PV 2"].case_id == known.id
    with pytest.raises(SealBroken), atomic(session):
        destinations.ensure_cases(session, {number: LEAVE}, destination=destination)
    with pytest.raises(SealBroken):
        destinations.foresee_cases(session, {number: LEAVE}, destination=destination)
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(Case)) == 2
    assert lost.sealed == b"of another key"


def test_an_unreadable_item_is_none_that_nobody_has_described(
    make: Factory, case: Case, unit: Unit, session: Session, lose: Callable[[Item | Case], bytes]
) -> None:
    item = make.item(case, title="Objet retrouvé", with_photos=1)
    destination = Destination(make.given, unit.code, publish=False)
    digests = {photo.original_sha256 for photo in item.photos}
    row = PlannedItem(":2", "K", (), "jewellery", "PV", ItemDescription("Bague"), ItemSecrets(), is_listed=True)

    def is_undescribed() -> bool:
        (known,) = recognition.candidates(session, row, digests, destination=destination)
        return known.is_undescribed

    assert is_undescribed()
    lose(item)
    assert not is_undescribed()
