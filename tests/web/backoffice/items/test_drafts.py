from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, FormDraft, Item, Officer
from gallery.services.people import drafts
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, filled


def edit_address(item: Item) -> str:
    return f"/objets/{item.public_number}/modifier"


def write(desk: Desk, address: str, **changes: object) -> None:
    """Send what the script sends while an officer writes."""
    answer = desk.client.post("/saisies", data=filled(desk.get(address)) | changes)
    assert answer.status_code == 204


def test_it_works(desk: Desk, item: Item) -> None:
    write(desk, edit_address(item), brand="Lip", colours=["gold"], withheld_details="cheveu\nblond")
    page = desk.get(edit_address(item))
    assert "Vous aviez commencé" in page.text
    assert page.one("#brand")["value"] == ""
    form = filled(desk.get(str(page.one(".message a.btn-primary")["href"])))
    assert (form["brand"], form["colours"], form["withheld_details"]) == ("Lip", ["gold"], "cheveu\nblond")
    assert "Lip" not in desk.get(f"/objets/{item.public_number}").text


@pytest.mark.parametrize("address", ["/objets/nouveau", "/affaires/nouvelle", "/affaires/{case}/modifier"])
def test_every_form_keeps_what_is_written(desk: Desk, case: Case, address: str) -> None:
    address = address.format(case=case.reference)
    name = "title" if "objets" in address else "discovery_place"
    write(desk, address, **{name: "Grange de Betton"})
    assert filled(desk.get(f"{address}?saisie=reprendre"))[name] == "Grange de Betton"


def test_sending_the_form_ends_the_draft(desk: Desk, item: Item) -> None:
    write(desk, edit_address(item), brand="Lip")
    form = filled(desk.get(f"{edit_address(item)}?saisie=reprendre"))
    assert desk.client.post(edit_address(item), data=form).status_code == 302
    page = desk.get(edit_address(item))
    assert "Vous aviez commencé" not in page.text
    assert page.one("#brand")["value"] == "Lip"


def test_a_form_that_was_refused_keeps_its_draft(desk: Desk, item: Item) -> None:
    write(desk, edit_address(item), brand="Lip")
    desk.client.post(
        edit_address(item), data=filled(desk.get(f"{edit_address(item)}?saisie=reprendre")) | {"title": ""}
    )
    assert "Vous aviez commencé" in desk.get(edit_address(item)).text


@pytest.mark.parametrize(
    ("address", "wrong", "name"),
    [
        ("/objets/nouveau", "title", "brand"),
        ("/objets/{item}/modifier", "title", "brand"),
        ("/affaires/nouvelle", "case_number", "discovery_place"),
        ("/affaires/{case}/modifier", "case_number", "discovery_place"),
    ],
)
def test_what_was_refused_is_offered_to_who_goes_back_without_the_script(
    desk: Desk, item: Item, case: Case, address: str, wrong: str, name: str
) -> None:
    address = address.format(item=item.public_number, case=case.reference)
    answer = desk.client.post(address, data=filled(desk.get(address)) | {wrong: "", name: "Lip"})
    assert answer.status_code == 422
    page = desk.get(address)
    assert "Vous aviez commencé" in page.text
    assert filled(desk.get(str(page.one(".message a.btn-primary")["href"])))[name] == "Lip"


def test_a_draft_can_be_forgotten(desk: Desk, item: Item) -> None:
    write(desk, edit_address(item), brand="Lip")
    page = desk.do("/saisies/oublier", {"saisie": f"item:{item.public_number}"})
    assert page.one("#brand")["value"] == ""
    assert "Vous aviez commencé" not in page.text


def test_a_draft_is_the_officers_own(desk: Desk, item: Item, sign_in: SignIn, colleague: Officer) -> None:
    write(desk, edit_address(item), brand="Lip")
    other = Desk(sign_in(colleague))
    assert "Vous aviez commencé" not in other.get(edit_address(item)).text
    assert other.get(f"{edit_address(item)}?saisie=reprendre").one("#brand")["value"] == ""


def test_what_a_colleague_saved_meanwhile_is_told_when_the_draft_is_sent(
    desk: Desk, item: Item, sign_in: SignIn, colleague: Officer
) -> None:
    write(desk, edit_address(item), brand="Lip")
    Desk(sign_in(colleague)).fill(edit_address(item), {"brand": "Omega"})
    form = filled(desk.get(f"{edit_address(item)}?saisie=reprendre"))
    assert desk.client.post(edit_address(item), data=form).status_code == 409


def test_it_is_sealed(desk: Desk, item: Item, session: Session) -> None:
    write(desk, edit_address(item), withheld_details="cheveu blond")
    end_reading(session)
    assert b"cheveu" not in session.scalars(select(FormDraft)).one().sealed


def test_a_draft_with_nonsense_in_it_opens(desk: Desk, item: Item) -> None:
    write(desk, edit_address(item), category="spaceships", version="x", colours=["octarine"], more="\0")
    assert desk.get(f"{edit_address(item)}?saisie=reprendre").one("#title")["value"] == item.title


@pytest.mark.parametrize("subject", ["", "item:", "item:../..", "photo:1", "new-item\0", "item:" + "x" * 65])
def test_nothing_is_kept_for_a_form_that_is_not_ours(desk: Desk, subject: str) -> None:
    assert desk.send("/saisies", {"saisie": subject, "title": "x"}).status_code == 400
    assert desk.send("/saisies/oublier", {"saisie": subject}).status_code == 400


def test_an_officer_keeps_so_many_and_no_more(make: Factory, officer: Officer, session: Session) -> None:
    for number in range(drafts.MAX_KEPT + 2):
        with atomic(session):
            when = make.now + timedelta(minutes=number)
            drafts.keep(session, make.at(when), f"item:{number}", {"title": ["x"]}, by=officer)
    kept = set(session.scalars(select(FormDraft.subject)))
    assert len(kept) == drafts.MAX_KEPT
    assert "item:0" not in kept


def test_old_ones_are_forgotten(make: Factory, officer: Officer, session: Session) -> None:
    with atomic(session):
        drafts.keep(session, make.given, "new-item", {"title": ["x"]}, by=officer)
        drafts.forget_old(session, older_than=make.now + timedelta(days=1))
    assert drafts.find(session, "new-item", sealer=make.sealer, by=officer) is None
