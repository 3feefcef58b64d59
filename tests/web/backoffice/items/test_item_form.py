import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.models import Case, Category, Item, Officer, Unit
from gallery.sealing import Sealer
from gallery.services.cases import CaseSecrets
from gallery.services.items import items, withholding
from gallery.services.items.items import ItemSecrets
from gallery.services.transaction import atomic, end_reading
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, filled

WRITTEN = {
    "title": "Montre de gousset en argent",
    "category": "watches",
    "object_type": "Montre",
    "brand": "Lip",
    "model": "T18",
    "colours": ["white", "silver"],
    "materials": "Argent, émail",
    "measurements": "⌀ 48 mm, 72 g",
    "inscriptions": "« À Jeanne »",
    "distinguishing_features": "Verre rayé\nBélière tordue",
    "subject": "Chasse au cerf",
    "period": "Vers 1900",
    "maker": "Lépine",
    "state_as_found": "Sans chaîne",
    "serial_number": "SN-4471",
    "exhibit_number": "S-12",
    "withheld_details": "Cheveu blond sous le boîtier",
}


def recorded(desk: Desk, **changes: object) -> str:
    """Record an item through its form, and return its address."""
    answer = desk.fill("/objets/nouveau", WRITTEN | changes)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].partition("#")[0]


def test_it_works(desk: Desk, case: Case, session: Session, sealer: Sealer) -> None:
    page = desk.get(recorded(desk))
    for words in ("Lip", "blanc, argenté", "⌀ 48 mm, 72 g", "Bélière tordue", "SN-4471", "Cheveu blond", "12345/2026"):
        assert words in page.text
    item = session.scalars(select(Item)).one()
    withheld = {"inscriptions": "« À Jeanne »", "distinguishing_features": "Verre rayé\nBélière tordue"}
    assert items.open_secrets(item, sealer) == ItemSecrets("SN-4471", "S-12", "Cheveu blond sous le boîtier", withheld)


def test_what_nobody_sees_is_not_kept_in_a_title(desk: Desk, case: Case, session: Session) -> None:
    recorded(
        desk,
        category="tools",
        title="Ba\u00adgue\u200b en\nor \u202e",
        distinguishing_features="Rayée\u2028au dos\u200b",
    )
    item = session.scalars(select(Item)).one()
    assert (item.title, item.distinguishing_features) == ("Bague en or", "Rayée\nau dos")


def test_what_is_confidential_is_marked_so(desk: Desk, case: Case) -> None:
    page = desk.get(recorded(desk))
    confidential = page.one("section.secret").extract()
    assert "Confidentiel – jamais public" in confidential.get_text()
    assert "SN-4471" in confidential.get_text()
    assert "SN-4471" not in page.text


def test_the_public_description_is_folded_until_something_of_it_is_written_or_wrong(desk: Desk, case: Case) -> None:
    assert not desk.get("/objets/nouveau").one("details.sheet").has_attr("open")
    for written, is_open in (({}, False), ({"subject": "Chasse"}, True), ({"materials": "x" * 5000}, True)):
        answer = desk.fill("/objets/nouveau", {"title": "", **written})
        assert answer.status_code == 422
        assert Page(answer).one("details.sheet").has_attr("open") is is_open
    address = recorded(desk)
    assert desk.get(f"{address}/modifier").one("details.sheet").has_attr("open")


def test_the_next_item_goes_in_the_same_case(desk: Desk, case: Case, make: Factory, unit: Unit) -> None:
    make.case(unit, CaseSecrets(case_number="99/2026"))
    form = filled(desk.get(f"/objets/nouveau?affaire={case.reference}"))
    assert form["case"] == case.reference


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " \u00a0 "}, "Donnez un titre à l’objet."),
        ({"title": "x" * 161}, "Ce texte est trop long : 160"),
        ({"category": ""}, "Choisissez une catégorie."),
        ({"withheld_details": "x" * 5001}, "Ce texte est trop long : 5000"),
    ],
    ids=["no-title", "long-title", "no-category", "long-secret"],
)
def test_what_is_wrong_is_said_beside_its_field(desk: Desk, case: Case, changes: dict[str, str], sentence: str) -> None:
    answer = desk.fill("/objets/nouveau", WRITTEN | changes)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    assert "n’a encore aucun objet" in desk.get("/objets").text


@pytest.mark.parametrize("changes", [{"category": "spaceships"}, {"colours": ["octarine"]}, {"case": "0" * 12}])
def test_what_was_not_offered_is_refused(desk: Desk, case: Case, changes: dict[str, object]) -> None:
    answer = desk.fill("/objets/nouveau", WRITTEN | changes)
    assert answer.status_code == 422
    assert "valid choice" not in answer.text


def test_an_item_of_another_units_case_is_refused(desk: Desk, case: Case, make: Factory, outsider: Officer) -> None:
    theirs = make.case(outsider.unit)
    assert desk.fill("/objets/nouveau", WRITTEN | {"case": theirs.reference}).status_code == 422


def test_without_a_case_there_is_no_form(desk: Desk) -> None:
    page = desk.get("/objets/nouveau")
    assert "votre unité n’en a pas encore" in page.text
    assert not page.all("main form[method=post]")


def test_the_edit_form_holds_what_is_kept(desk: Desk, case: Case) -> None:
    form = filled(desk.get(f"{recorded(desk)}/modifier"))
    assert {name: form[name] for name in WRITTEN} == WRITTEN


def test_a_change_is_kept_and_written_in_the_history(desk: Desk, case: Case) -> None:
    address = recorded(desk)
    page = desk.do(f"{address}/modifier", filled(desk.get(f"{address}/modifier")) | {"brand": "Lipp"})
    assert "Les modifications sont enregistrées." in page.text
    assert "a modifié : marque" in page.one(".history").get_text()


def test_colours_can_be_unticked(desk: Desk, case: Case, session: Session) -> None:
    address = recorded(desk)
    desk.fill(f"{address}/modifier", {"colours": []})
    assert session.scalars(select(Item)).one().colours == []


def test_the_second_of_two_officers_is_told_and_nothing_is_overwritten(
    desk: Desk, case: Case, sign_in: SignIn, colleague: Officer
) -> None:
    address = recorded(desk)
    mine = filled(desk.get(f"{address}/modifier")) | {"brand": "Longines"}
    Desk(sign_in(colleague)).fill(f"{address}/modifier", {"serial_number": "SN-9999"})
    answer = desk.client.post(f"{address}/modifier", data=mine)
    assert answer.status_code == 409
    assert "Un collègue a modifié" in answer.text
    assert "SN-9999" in answer.text
    assert 'value="Longines"' in answer.text
    assert "Longines" not in desk.get(address).text


def test_what_was_relit_then_replaces_the_colleagues_version(
    desk: Desk, case: Case, sign_in: SignIn, colleague: Officer
) -> None:
    address = recorded(desk)
    mine = filled(desk.get(f"{address}/modifier")) | {"brand": "Longines"}
    Desk(sign_in(colleague)).fill(f"{address}/modifier", {"brand": "Omega"})
    page = Page(desk.client.post(f"{address}/modifier", data=mine))
    assert "Omega" in page.one("#conflict").get_text()
    assert desk.client.post(f"{address}/modifier", data=filled(page)).status_code == 302
    assert "Longines" in desk.get(address).text


def test_what_a_colleague_has_hidden_meanwhile_is_named_and_stays_hidden_unless_it_is_unticked_anew(
    desk: Desk, case: Case, sign_in: SignIn, colleague: Officer, session: Session
) -> None:
    address = f"{recorded(desk)}/modifier"
    mine = filled(desk.get(address)) | {"title": "Montre", "withhold_period": "y"}
    Desk(sign_in(colleague)).fill(address, {"withhold_brand": "y", "withhold_maker": "y"})
    page = Page(desk.client.post(address, data=mine))
    told = page.one("#conflict").get_text(" ", strip=True)
    assert "Garder caché du public (Marque) oui" in told
    assert "Garder caché du public (Auteur ou fabricant) oui" in told
    kept = filled(page)
    assert {"withhold_brand", "withhold_maker", "withhold_period"} <= kept.keys()
    kept.pop("withhold_maker")
    assert desk.client.post(address, data=kept).status_code == 302
    session.rollback()
    item = session.scalars(select(Item)).one()
    assert (item.title, item.brand, item.period) == ("Montre", "", "")
    assert item.maker == WRITTEN["maker"]


def test_a_photo_added_meanwhile_is_no_conflict(desk: Desk, case: Case, make: Factory, session: Session) -> None:
    address = recorded(desk)
    mine = filled(desk.get(f"{address}/modifier")) | {"brand": "Longines"}
    make.photo(session.scalars(select(Item)).one())
    assert desk.client.post(f"{address}/modifier", data=mine).status_code in (302, 409)


def test_a_published_item_does_not_become_what_is_never_public(desk: Desk, published: Item) -> None:
    answer = desk.fill(f"/objets/{published.public_number}/modifier", {"category": "weapons"})
    assert answer.status_code == 422
    assert "ne sont jamais publiés" in answer.text


def test_a_published_item_does_not_go_to_a_case_without_leave(
    desk: Desk, published: Item, make: Factory, unit: Unit
) -> None:
    other = make.case(unit, CaseSecrets(case_number="99/2026"))
    answer = desk.fill(f"/objets/{published.public_number}/modifier", {"case": other.reference})
    assert answer.status_code == 422
    assert "n’est pas autorisée" in answer.text


@pytest.mark.parametrize("written", ["<script>alert(1)</script>", "' OR 1=1 --", "{{ 7 * 7 }}", "a\x00b"])
def test_what_is_written_is_shown_as_written(desk: Desk, case: Case, written: str) -> None:
    page = desk.get(recorded(desk, title=written))
    assert page.one("h1").get_text() == written.replace("\x00", "")


def test_engravings_of_a_watch_are_withheld_without_a_script_and_shown_when_an_officer_says_so(
    desk: Desk, case: Case, make: Factory, client: FlaskClient, session: Session
) -> None:
    number = desk.get(recorded(desk)).one("h1 + p .number").get_text()
    item = session.scalars(select(Item)).one()
    assert (item.inscriptions, item.distinguishing_features) == ("", "")
    make.photo(item)
    make.publish(item)
    for address in (f"/objets/{number}", "/objets?mots=jeanne", "/objets?mots=rayé"):
        answer = client.get(address)
        assert "Jeanne" not in answer.text.replace("mots=", "")
        assert "Bélière tordue" not in answer.text
    form = filled(desk.get(f"/objets/{number}/modifier"))
    assert form["withhold_inscriptions"] == ["y"]
    form.pop("withhold_inscriptions")
    assert desk.client.post(f"/objets/{number}/modifier", data=form).status_code == 302
    page = client.get(f"/objets/{number}").text
    assert "À Jeanne" in page
    assert "Bélière" not in page
    assert "inscriptions" in desk.get(f"/objets/{number}").one(".history").get_text()


def test_what_an_officer_showed_before_stays_shown(desk: Desk, make: Factory, case: Case, session: Session) -> None:
    item = make.item(case, category="watches", inscriptions="À Jeanne")
    answer = desk.fill(f"/objets/{item.public_number}/modifier", {"title": "Montre"})
    assert answer.status_code == 302
    end_reading(session)
    assert (item.title, item.inscriptions) == ("Montre", "À Jeanne")


def test_every_heading_can_be_kept_from_the_public_and_is_where_it_was_when_the_form_is_opened_again(
    desk: Desk, make: Factory, case: Case, client: FlaskClient, session: Session
) -> None:
    ticks = {f"withhold_{name}": "y" for name in withholding.FIELDS}
    address = recorded(desk, category="tools", title="Objet retrouvé", **ticks)
    item = session.scalars(select(Item)).one()
    assert {name: getattr(item, name) for name in withholding.FIELDS} == dict.fromkeys(withholding.FIELDS, "")
    make.photo(item)
    make.publish(item)
    form = filled(desk.get(f"{address}/modifier"))
    assert {name: form[name] for name in WRITTEN if name in withholding.FIELDS} == {
        name: text for name, text in WRITTEN.items() if name in withholding.FIELDS
    }
    assert "Caché du public : marque" in desk.get(address).text
    form.pop("withhold_brand")
    assert desk.client.post(f"{address}/modifier", data=form).status_code == 302
    page = client.get(f"/objets/{item.public_number}").text
    assert "Lip" in page
    assert "Lépine" not in page
    assert "Argent, émail" not in page


@pytest.mark.parametrize(
    ("title", "is_told"),
    [("Bijou, OR 18 carats, diamant", True), ("Bijou doré", False), ("Bijou, or 18 caratsx", False)],
)
def test_a_title_that_still_says_what_is_hidden_is_told(
    desk: Desk, case: Case, make: Factory, title: str, is_told: bool
) -> None:
    item = make.item(case, title=title, materials="or 18 carats")
    address = f"/objets/{item.public_number}/modifier"
    assert "Le titre dit encore" not in desk.do(address, filled(desk.get(address))).text
    page = desk.do(address, filled(desk.get(address)) | {"withhold_materials": "y"})
    assert ("Le titre dit encore « or 18 carats » : changez-le" in page.text) == is_told


def test_the_form_names_the_categories_whose_headings_are_hidden_by_default(
    desk: Desk, session: Session, case: Case
) -> None:
    named = desk.get("/objets/nouveau").one("#why-withheld").get_text()
    assert "Bijoux" in named
    assert "Tableaux" not in named
    with atomic(session):
        for category in session.scalars(select(Category)):
            category.withholds = category.code == "paintings"
    named = desk.get("/objets/nouveau").one("#why-withheld").get_text()
    assert "Tableaux" in named
    assert "Bijoux" not in named
