from dataclasses import replace

import pytest

from gallery.errors import CaseNotFound, ChangedMeanwhile, PublicationRefused
from gallery.models import Case, Officer, Unit
from gallery.services import cases
from gallery.services.cases import CaseSecrets
from gallery.services.transaction import atomic
from tests.factories import AUTHORISED, WINDOW, Factory


def edit(make: Factory, case: Case, by: Officer, secret: CaseSecrets, *, version: int | None = None) -> None:
    with atomic(make.session) as session:
        expected = case.version if version is None else version
        written = cases.WrittenCase(window=WINDOW, secret=secret, version=expected)
        cases.edit(session, make.given, case, written, by=by)


def test_what_is_confidential_is_sealed(make: Factory, unit: Unit) -> None:
    case = make.case(unit, replace(AUTHORISED, discovery_place="Box 12, Cesson"))
    assert cases.open_secrets(case, make.sealer).discovery_place == "Box 12, Cesson"
    assert b"Cesson" not in case.sealed


def test_a_unit_finds_its_case_by_number(make: Factory, unit: Unit, outsider: Officer) -> None:
    case = make.case(unit)
    assert cases.find_by_number(make.session, unit, "12345/2026", sealer=make.sealer) is case
    assert cases.find_by_number(make.session, outsider.unit, "12345/2026", sealer=make.sealer) is None


def test_another_units_officer_finds_no_case(make: Factory, unit: Unit, outsider: Officer) -> None:
    case = make.case(unit)
    with pytest.raises(CaseNotFound):
        cases.get(make.session, case.reference, by=outsider)


def test_a_second_officer_is_told(make: Factory, unit: Unit, officer: Officer) -> None:
    case = make.case(unit)
    opened = case.version
    edit(make, case, officer, replace(AUTHORISED, notes="Box vidé"))
    with pytest.raises(ChangedMeanwhile):
        edit(make, case, officer, replace(AUTHORISED, notes="Autre"), version=opened)
    assert cases.open_secrets(case, make.sealer).notes == "Box vidé"


def test_leave_to_publish_can_not_be_taken_back_under_published_items(
    make: Factory, unit: Unit, officer: Officer
) -> None:
    case = make.case(unit)
    make.published(case)
    with pytest.raises(PublicationRefused):
        edit(make, case, officer, replace(AUTHORISED, authorised_by=""))
    assert cases.open_secrets(case, make.sealer).is_authorised
