import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Item, OfficerRole, Unit
from gallery.sealing import Sealer
from gallery.services.items import items
from gallery.services.transaction import end_reading
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import VOUCHED, Desk, filled

CATEGORIES, UNITS = "/administration/categories", "/administration/unites"
LAMPS = {"code": "lamps", "name_fr": "Lampes", "name_en": "Lamps"}
NANTES = {
    "code": "CPN44",
    "name": "Commissariat de Nantes",
    "kind": "police",
    "departement": "44",
    "public_phone": "02 40 00 00 00",
    "public_email": "objets@nantes.example",
}


def order(office: Desk) -> list[str]:
    return [str(row["id"]).removeprefix("category-") for row in office.get(CATEGORIES).all("li[id^=category-]")]


def test_it_works(office: Desk) -> None:
    assert office.fill(f"{CATEGORIES}/nouvelle", LAMPS).status_code == 302
    assert order(office)[-1] == "lamps"
    office.fill(f"{CATEGORIES}/lamps", {"name_fr": "Lampes et lustres", "never_public": "y"})
    row = office.get(CATEGORIES).one("#category-lamps").get_text()
    assert "Lampes et lustres" in row
    assert "jamais public" in row


@pytest.mark.parametrize(("way", "expected"), [("haut", ["watches", "jewellery"]), ("bas", ["jewellery", "bicycles"])])
def test_a_category_is_moved_by_one_place(office: Desk, way: str, expected: list[str]) -> None:
    office.do(f"{CATEGORIES}/watches/deplacer", {"sens": way})
    assert order(office)[:2] == expected


def test_the_first_one_stays_first(office: Desk) -> None:
    office.do(f"{CATEGORIES}/jewellery/deplacer", {"sens": "haut"})
    assert order(office)[0] == "jewellery"


def test_a_category_with_published_items_does_not_become_never_public(office: Desk, published: Item) -> None:
    answer = office.fill(f"{CATEGORIES}/jewellery", {"never_public": "y"})
    assert answer.status_code == 422
    assert "retirez-les de la galerie" in answer.text


def test_items_of_a_category_made_never_public_are_no_longer_published(office: Desk, item: Item, desk: Desk) -> None:
    office.fill(f"{CATEGORIES}/jewellery", {"never_public": "y"})
    assert "jamais publiés" in desk.do(f"/objets/{item.public_number}/publier", VOUCHED).text


@pytest.mark.parametrize(
    "changes",
    [{"code": "jewellery"}, {"code": "Lampes !"}, {"code": ""}, {"name_fr": " "}, {"name_en": "x" * 81}],
    ids=["taken", "strange", "empty", "no-name", "long"],
)
def test_a_category_that_is_wrong_is_said_to_be(office: Desk, changes: dict[str, str]) -> None:
    answer = office.fill(f"{CATEGORIES}/nouvelle", LAMPS | changes)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_unit_is_added_and_changed(office: Desk) -> None:
    assert office.fill(f"{UNITS}/nouvelle", NANTES).status_code == 302
    form = filled(office.get(f"{UNITS}/CPN44"))
    assert (form["kind"], form["public_phone"]) == ("police", "02 40 00 00 00")
    office.fill(f"{UNITS}/CPN44", {"name": "Hôtel de police de Nantes"})
    assert "Hôtel de police de Nantes" in office.get(UNITS).text


@pytest.mark.parametrize(
    "changes",
    [{"code": "GGD35"}, {"code": "a b"}, {"name": ""}, {"departement": "99"}, {"kind": "army"}, {"public_email": "x"}],
    ids=["taken", "strange", "no-name", "no-departement", "no-force", "no-address"],
)
def test_a_unit_that_is_wrong_is_said_to_be(office: Desk, changes: dict[str, str]) -> None:
    answer = office.fill(f"{UNITS}/nouvelle", NANTES | changes)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("typed", ["0299", "02 4O 00 00 00", "le standard"])
def test_a_telephone_that_can_not_be_dialled_is_said_to_be(office: Desk, typed: str) -> None:
    answer = office.fill(f"{UNITS}/nouvelle", NANTES | {"public_phone": typed})
    assert answer.status_code == 422
    assert "ne peut pas être composé" in answer.text
    assert typed in answer.text


def test_a_unit_with_published_items_stays_reachable(office: Desk, published: Item) -> None:
    answer = office.fill(f"{UNITS}/{published.unit.code}", {"public_phone": "", "public_email": ""})
    assert answer.status_code == 422
    assert "laissez un téléphone ou une adresse électronique" in answer.text


def test_a_units_code_and_departement_stay(office: Desk, unit: Unit, session: Session) -> None:
    office.fill(f"{UNITS}/GGD35", {"code": "X", "departement": "44"})
    session.refresh(unit)
    assert (unit.code, unit.departement) == ("GGD35", "35")


@pytest.mark.parametrize("address", [f"{UNITS}/NONE", f"{CATEGORIES}/none", "/administration/agents/none"])
def test_what_does_not_exist_is_not_found(office: Desk, address: str) -> None:
    office.get(address, status=404)


@pytest.fixture
def second_office(sign_in: SignIn, make: Factory, unit: Unit) -> Desk:
    """Another administrator's browser, signed in."""
    return Desk(sign_in(make.officer(unit, "admin2@rennes.example", OfficerRole.ADMINISTRATOR)))


@pytest.mark.parametrize(
    ("address", "theirs", "mine", "kept"),
    [
        (f"{UNITS}/GGD35", {"public_phone": "02 99 00 00 00"}, {"name": "GGD 35"}, "02 99 00 00 00"),
        (f"{CATEGORIES}/watches", {"never_public": "y"}, {"name_fr": "Montres et réveils"}, "oui"),
    ],
    ids=["unit", "category"],
)
def test_the_second_administrator_is_told_and_nothing_is_overwritten(
    office: Desk, second_office: Desk, address: str, theirs: dict[str, str], mine: dict[str, str], kept: str
) -> None:
    opened = filled(second_office.get(address))
    office.fill(address, theirs)
    answer = second_office.client.post(address, data=opened | mine)
    assert answer.status_code == 409
    assert "Un collègue a modifié cette fiche" in answer.text
    page = Page(answer)
    assert kept in page.one("#conflict").get_text()
    assert filled(page).items() >= mine.items()
    assert second_office.client.post(address, data=filled(page)).status_code == 302


def test_a_category_that_was_moved_meanwhile_can_be_renamed(office: Desk, second_office: Desk) -> None:
    address = f"{CATEGORIES}/watches"
    opened = filled(second_office.get(address))
    office.do(f"{address}/deplacer", {"sens": "bas"})
    assert second_office.client.post(address, data=opened | {"name_en": "Clocks"}).status_code == 302


def test_a_role_that_was_changed_meanwhile_is_not_changed_again(
    office: Desk, second_office: Desk, make: Factory, unit: Unit
) -> None:
    agent = make.officer(unit, "agent@rennes.example")
    address = f"/administration/agents/{agent.public_id}"
    office.do(address, {"acte": "role", "role": "administrator", "vu": "agent"})
    answer = second_office.send(address, {"acte": "role", "role": "manager", "vu": "agent"})
    assert answer.status_code == 409


def test_the_journal_tells_who_added_a_unit_and_who_changed_it(office: Desk) -> None:
    office.fill(f"{UNITS}/nouvelle", NANTES)
    office.fill(f"{UNITS}/CPN44", {"public_phone": "02 40 11 11 11"})
    history = office.get(f"{UNITS}/CPN44").one(".history").get_text()
    assert "a créé la fiche" in history
    assert "a modifié : téléphone public" in history
    assert history.count("Camille Le Goff") == 2


def test_the_journal_tells_who_moved_a_category(office: Desk) -> None:
    office.do(f"{CATEGORIES}/watches/deplacer", {"sens": "haut"})
    office.do(f"{CATEGORIES}/watches/deplacer", {"sens": "haut"})
    (line,) = office.get(f"{CATEGORIES}/watches").all(".history li")
    assert "a changé la place dans la liste" in line.get_text()


def test_a_category_hides_headings_from_the_public_where_it_is_ticked(
    office: Desk, case: Case, session: Session, sealer: Sealer
) -> None:
    assert office.fill(f"{CATEGORIES}/bicycles", {"withholds": "y"}).status_code == 302
    form = {"title": "Vélo", "category": "bicycles", "case": case.reference, "distinguishing_features": "cadre rayé"}
    assert office.fill("/objets/nouveau", form).status_code == 302
    end_reading(session)
    item = session.scalars(select(Item)).one()
    assert item.distinguishing_features == ""
    assert items.open_secrets(item, sealer).withheld["distinguishing_features"] == "cadre rayé"
