from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.errors import ChangedMeanwhile, ItemNotFound, PublicationRefused
from gallery.models import AuditEntry, Item, ItemStatus, Officer, Unit
from gallery.sealing import Sealer
from gallery.services.items import categories, items
from gallery.services.items.items import ItemDescription, ItemSecrets, WrittenItem
from gallery.services.transaction import atomic
from tests.factories import Factory

SECRET = ItemSecrets(serial_number="SN-4471", exhibit_number="S-12", withheld_details="gravure « À Jeanne »")
WATCH = ItemDescription(title="Montre de poche", materials="argent", colours=("silver", "white"), maker="Lépine")


def entries(session: Session, number: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.subject == number).order_by(AuditEntry.id)))


def test_a_recorded_item_is_a_draft_of_its_cases_unit(make: Factory, unit: Unit) -> None:
    item = make.item(make.case(unit), secret=SECRET)
    assert (item.status, item.unit_id) == (ItemStatus.DRAFT, unit.id)
    assert item.public_number.startswith("35-")


def test_secrets_open_with_the_key_only(make: Factory, unit: Unit, sealer: Sealer) -> None:
    item = make.item(make.case(unit), secret=SECRET)
    assert items.open_secrets(item, sealer) == SECRET
    assert b"4471" not in item.sealed


def test_secrets_moved_to_another_item_are_not_shown(make: Factory, unit: Unit, sealer: Sealer) -> None:
    case = make.case(unit)
    victim, thief = make.item(case, secret=SECRET), make.item(case)
    with atomic(make.session):
        thief.sealed = victim.sealed
    found = items.open_secrets(thief, sealer)
    assert (found.is_readable, found == SECRET, found.exhibit_number) == (False, False, "")


def edit(make: Factory, item: Item, by: Officer, *, version: int | None = None, **changes: object) -> None:
    with atomic(make.session) as session:
        written = WrittenItem(
            item.case,
            changes.pop("category", item.category),  # type: ignore[arg-type]
            replace(WATCH, **changes),  # type: ignore[arg-type]
            SECRET,
            version=item.version if version is None else version,
        )
        items.edit(session, make.given, item, written, by=by)


def test_an_edit_writes_the_names_of_changed_fields_into_the_journal(
    make: Factory, unit: Unit, officer: Officer, session: Session
) -> None:
    item = make.item(make.case(unit))
    edit(make, item, officer)
    last = entries(session, item.public_number)[-1]
    assert (last.action, last.officer_id) == ("edit", officer.id)
    assert last.details["fields"] == [
        "colours", "exhibit_number", "maker", "materials", "serial_number", "title", "withheld_details"
    ]  # fmt: skip
    assert "4471" not in str(last.details)


def test_an_edit_that_changes_nothing_leaves_no_trace(
    make: Factory, unit: Unit, officer: Officer, session: Session
) -> None:
    item = make.item(make.case(unit))
    edit(make, item, officer)
    count, version = len(entries(session, item.public_number)), item.version
    edit(make, item, officer)
    assert (len(entries(session, item.public_number)), item.version) == (count, version)


def test_a_second_officer_is_told_and_overwrites_nothing(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.item(make.case(unit))
    opened = item.version
    edit(make, item, officer)
    with pytest.raises(ChangedMeanwhile):
        edit(make, item, officer, version=opened, title="Autre chose")
    assert item.title == "Montre de poche"


def test_a_published_item_can_not_move_to_a_never_public_category(make: Factory, unit: Unit, officer: Officer) -> None:
    item = make.published(make.case(unit))
    papers = categories.get_by_code(make.session, "identity_papers")
    with pytest.raises(PublicationRefused):
        edit(make, item, officer, category=papers)
    assert item.category.code == "jewellery"


def test_another_units_officer_finds_no_item(make: Factory, unit: Unit, outsider: Officer, session: Session) -> None:
    item = make.item(make.case(unit))
    with pytest.raises(ItemNotFound):
        items.get_editable(session, item.public_number, by=outsider)


def test_a_colleague_finds_it(make: Factory, unit: Unit, colleague: Officer, session: Session) -> None:
    item = make.item(make.case(unit))
    assert items.get_editable(session, item.public_number, by=colleague) is item


def test_a_failed_transaction_leaves_nothing(make: Factory, unit: Unit, session: Session) -> None:
    case = make.case(unit)
    category = categories.get_by_code(session, "watches")

    def fail_half_way() -> None:
        with atomic(session):
            items.create(session, make.given, WrittenItem(case, category, WATCH, SECRET), by=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert session.scalars(select(Item)).all() == []
    assert not session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "item")).all()
