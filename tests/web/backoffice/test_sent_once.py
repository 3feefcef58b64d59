"""A form that is sent several times makes one thing; a case has its number once."""

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gallery.models import Case, Category, GivenArchive, Item, Officer, OfficerRole, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.transaction import end_reading
from tests.archives import Shot, archive
from tests.factories import Factory
from tests.waiting import at_once
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, files, filled

WATCH = {"title": "Montre", "category": "watches", "brand": "Lip"}
UNIT = {"code": "GGD56", "name": "Morbihan", "departement": "56"}
CATEGORY = {"code": "garden_tools", "name_fr": "Outils de jardin", "name_en": "Garden tools"}


def count(session: Session, table: type) -> int:
    end_reading(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def sent_thrice(desk: Desk, address: str, **changes: Any) -> list[str]:
    """Where the same form leads, sent three times."""
    form = filled(desk.get(address)) | changes
    answers = [desk.client.post(address, data=form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302] * 3, answers[-1].text
    return [answer.headers["Location"] for answer in answers]


def test_an_item_form_sent_three_times_makes_one_item(desk: Desk, case: Case, session: Session) -> None:
    assert len(set(sent_thrice(desk, "/objets/nouveau", **WATCH))) == 1
    assert count(session, Item) == 1


def test_a_case_form_sent_three_times_opens_one_case(desk: Desk, session: Session) -> None:
    assert len(set(sent_thrice(desk, "/affaires/nouvelle", case_number="77/2026"))) == 1
    assert count(session, Case) == 1


@pytest.mark.parametrize(
    ("address", "fields", "table", "more"),
    [
        ("/administration/unites/nouvelle", UNIT, Unit, 1),
        ("/administration/categories/nouvelle", CATEGORY, Category, 1),
    ],
    ids=["unit", "category"],
)
def test_an_administrators_form_sent_three_times_makes_one(
    make: Factory,
    unit: Unit,
    sign_in: SignIn,
    session: Session,
    address: str,
    fields: dict[str, str],
    table: type,
    more: int,
) -> None:
    administrator = make.officer(unit, "chef@rennes.example", OfficerRole.ADMINISTRATOR)
    before = count(session, table)
    sent_thrice(Desk(sign_in(administrator)), address, **fields)
    assert count(session, table) == before + more


def test_another_file_of_the_same_name_is_another_sending(desk: Desk, session: Session) -> None:
    form = filled(desk.get("/reprise"))
    for photo in (b"x", b"another photo"):
        data = archive({"Vitré": [Shot("1.jpg", photo)]})
        assert desk.client.post("/reprise", data=form | {"archive": files((data, "image.zip"))}).status_code == 302
    assert count(session, GivenArchive) == 2


def test_an_archive_sent_three_times_is_there_once(desk: Desk, session: Session) -> None:
    form, data = filled(desk.get("/reprise")), archive({"Vitré": [Shot("1.jpg", b"x")]})
    for _ in range(3):
        answer = desk.client.post("/reprise", data=form | {"archive": files((data, "facebook.zip"))})
        assert answer.status_code == 302
    assert count(session, GivenArchive) == 1


def test_the_same_form_with_another_content_is_another_item(desk: Desk, case: Case, session: Session) -> None:
    form = filled(desk.get("/objets/nouveau")) | WATCH
    for title in ("Montre", "Montre de dame"):
        assert desk.client.post("/objets/nouveau", data=form | {"title": title}).status_code == 302
    assert count(session, Item) == 2


def test_two_forms_of_the_same_content_are_two_items(desk: Desk, case: Case, session: Session) -> None:
    for _ in range(2):
        assert desk.fill("/objets/nouveau", WATCH).status_code == 302
    assert count(session, Item) == 2


def test_a_form_that_comes_back_keeps_its_key(desk: Desk, case: Case) -> None:
    form = filled(desk.get("/objets/nouveau")) | {"title": ""}
    answer = desk.client.post("/objets/nouveau", data=form)
    assert answer.status_code == 422
    assert form["envoi"] in answer.text


def test_a_form_sent_at_once_from_three_windows_makes_one_item(
    backoffice_app: Flask, desk: Desk, case: Case, session: Session, sign_in: SignIn, officer: Officer
) -> None:
    clients = [sign_in(officer) for _ in range(3)]
    form = filled(desk.get("/objets/nouveau")) | WATCH
    forms = [form | {"csrf_token": Desk(client).get("/affaires").token} for client in clients]

    def send(number: int) -> None:
        clients[number].post("/objets/nouveau", data=forms[number])

    at_once(*(partial(send, number) for number in range(3)))
    assert count(session, Item) == 1


@pytest.mark.parametrize("number", ["Seq 2026/77", "seq 2026/77 ", "SEQ\u00a02026/77", "Seq2026/77"])
def test_a_case_number_that_the_unit_has_is_refused_and_leads_to_the_case(
    desk: Desk, make: Factory, unit: Unit, session: Session, number: str
) -> None:
    known = make.case(unit, CaseSecrets(case_number="Seq 2026/77"))
    answer = desk.fill("/affaires/nouvelle", {"case_number": number})
    assert answer.status_code == 422
    assert "Votre unité a déjà une affaire de ce numéro." in answer.text
    assert f"/affaires/{known.reference}" in answer.text
    assert count(session, Case) == 1


def test_a_case_is_not_renamed_to_another_ones_number(desk: Desk, make: Factory, unit: Unit) -> None:
    make.case(unit, CaseSecrets(case_number="77/2026"))
    other = make.case(unit, CaseSecrets(case_number="78/2026"))
    answer = desk.fill(f"/affaires/{other.reference}/modifier", {"case_number": "77 / 2026"})
    assert (answer.status_code, "a déjà une affaire" in answer.text) == (422, True)
    assert desk.fill(f"/affaires/{other.reference}/modifier", {"notes": "vu"}).status_code == 302


def test_two_cases_of_one_number_from_before_can_still_be_edited(desk: Desk, make: Factory, unit: Unit) -> None:
    _, second = (make.case(unit, CaseSecrets(case_number="77/2026")) for _ in range(2))
    assert desk.fill(f"/affaires/{second.reference}/modifier", {"notes": "vu"}).status_code == 302


def test_another_unit_may_have_the_same_number(desk: Desk, make: Factory, outsider: Officer) -> None:
    make.case(outsider.unit, CaseSecrets(case_number="77/2026"))
    assert desk.fill("/affaires/nouvelle", {"case_number": "77/2026"}).status_code == 302


def test_a_number_that_looks_like_an_imei_and_is_none_is_said(desk: Desk, case: Case) -> None:
    for number, is_said in (("356938035643808", True), ("356938035643809", False), ("XY42", False)):
        answer = desk.fill("/objets/nouveau", WATCH | {"serial_number": number})
        page = desk.get(answer.headers["Location"].partition("#")[0])
        assert ("comme l’IMEI d’un téléphone" in page.text) is is_said


def test_a_form_sent_twice_is_answered_by_one_sentence(desk: Desk, case: Case) -> None:
    sent = sent_thrice(desk, "/objets/nouveau", **WATCH)
    assert desk.get(sent[0]).text.count("est enregistré. Ajoutez ses photos.") == 1
