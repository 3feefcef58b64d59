from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from gallery.models import Case, Item, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.items import photos
from gallery.services.items.items import ItemSecrets
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk


def test_it_works(desk: Desk, item: Item, client: FlaskClient) -> None:
    page = desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    assert "L’objet est publié" in page.one("#messages").get_text()
    assert "a publié l’objet" in page.one(".history").get_text()
    assert client.get(f"/objets/{item.public_number}").status_code == 200


def test_nothing_is_published_before_somebody_vouches_for_it(desk: Desk, item: Item, client: FlaskClient) -> None:
    for said in ({}, VOUCHED | {"foves-par": " "}, VOUCHED | {"verifie": ""}):
        assert "Rien n’est publié" in desk.do(f"/objets/{item.public_number}/publier", said).text
    assert client.get(f"/objets/{item.public_number}").status_code == 404
    page = desk.do(f"/objets/{item.public_number}/publier", VOUCHED)
    assert "FOVeS consulté par Adjudante Morvan" in page.one("#publication").get_text()
    assert "FOVeS consulté par Adjudante Morvan" in page.one(".history").get_text()


def test_nobody_publishes_a_photo_that_came_after_they_looked(
    desk: Desk, item: Item, case: Case, make: Factory, officer: Officer, client: FlaskClient
) -> None:
    address = f"/objets/{item.public_number}"

    def looked_at() -> dict[str, str]:
        return VOUCHED | {"version": str(desk.get(address).one("#publication [name=version]")["value"])}

    before, other = looked_at(), make.item(case, with_photos=1)
    with atomic(make.session):
        given = make.at(make.now + timedelta(minutes=1))
        photos.move(make.session, given, other.photos[0], item, by=officer)
    assert "a modifié cette fiche" in desk.do(f"{address}/publier", before).one("#messages").get_text()
    assert client.get(address).status_code == 404
    desk.do(f"{address}/publier", looked_at())
    assert client.get(address).status_code == 200


def test_withdrawn_it_is_gone_from_the_public_site(desk: Desk, published: Item, client: FlaskClient) -> None:
    page = desk.do(f"/objets/{published.public_number}/retirer")
    assert "L’objet est retiré" in page.one("#messages").get_text()
    assert client.get(f"/objets/{published.public_number}").status_code == 410


def test_withdrawn_it_can_be_published_again(desk: Desk, published: Item, client: FlaskClient) -> None:
    desk.do(f"/objets/{published.public_number}/retirer")
    desk.do(f"/objets/{published.public_number}/publier", VOUCHED)
    assert client.get(f"/objets/{published.public_number}").status_code == 200


@pytest.fixture
def refused(request: pytest.FixtureRequest, make: Factory, unit: Unit, case: Case) -> Item:
    """An item that something keeps from being published."""
    if request.param == "no-leave":
        return make.item(make.case(unit, CaseSecrets(case_number="99/2026")), with_photos=1)
    if request.param == "telling":
        secret = ItemSecrets(withheld={"materials": "or 18 carats, diamant"})
        return make.item(case, title="Bague en or 18 carats", secret=secret, with_photos=1)
    return make.item(case, category="weapons" if request.param == "weapon" else "tools",
                     with_photos=int(request.param == "weapon"))  # fmt: skip


@pytest.mark.parametrize(
    ("refused", "sentence", "remedy"),
    [
        ("no-photo", "Aucune photo n’est visible du public.", "#photos"),
        ("weapon", "Les objets de cette catégorie ne sont jamais publiés.", "/modifier#category"),
        ("telling", "que vous cachez du public", "/modifier#title"),
        ("no-leave", "La publication n’est pas autorisée pour cette affaire.", "/modifier#authorised_by"),
    ],
    indirect=["refused"],
)
def test_each_obstacle_is_said_with_what_to_do(
    desk: Desk, client: FlaskClient, refused: Item, sentence: str, remedy: str
) -> None:
    sheet = desk.get(f"/objets/{refused.public_number}").one("#publication")
    assert sentence in sheet.get_text()
    assert sheet.select(f"a[href$='{remedy}']")
    assert not sheet.select("form[action$='/publier']")
    page = desk.do(f"/objets/{refused.public_number}/publier", VOUCHED)
    assert "n’a pas été publié" in page.one("#messages").get_text()
    for place in ("#messages", "#publication"):
        assert sentence in page.one(place).get_text()
    assert client.get(f"/objets/{refused.public_number}").status_code == 404


def test_whoever_hides_what_the_title_says_is_told_and_may_show_it_or_change_the_title(
    desk: Desk, make: Factory, case: Case, client: FlaskClient
) -> None:
    item = make.published(case, title="Bague en or 18 carats", materials="or 18 carats")
    address = f"/objets/{item.public_number}"
    # It was public until now: hiding it is not refused.
    assert desk.fill(f"{address}/modifier", {"withhold_materials": "y"}).status_code == 302
    assert client.get(address).status_code == 200
    desk.do(f"{address}/retirer")
    assert "Son titre dit ce que vous cachez" in desk.do(f"{address}/publier", VOUCHED).one("#messages").text
    assert client.get(address).status_code == 410
    desk.fill(f"{address}/modifier", {"title": "Bague"})
    desk.do(f"{address}/publier", VOUCHED)
    assert client.get(address).status_code == 200


def test_all_obstacles_are_said_at_once(desk: Desk, make: Factory, unit: Unit) -> None:
    item = make.item(make.case(unit, CaseSecrets(case_number="99/2026")), category="weapons")
    assert len(desk.get(f"/objets/{item.public_number}").all(".obstacles li")) == 3


def test_publishing_twice_is_harmless(desk: Desk, published: Item) -> None:
    page = desk.do(f"/objets/{published.public_number}/publier", VOUCHED)
    assert "publié" in page.one("#publication").get_text()


def test_a_draft_that_is_withdrawn_stays_a_draft(desk: Desk, item: Item) -> None:
    page = desk.do(f"/objets/{item.public_number}/retirer")
    assert "brouillon" in page.one("#publication").get_text()
    assert "est retiré" not in page.one("#messages").get_text()


def test_a_restitution_hides_the_item_and_is_counted(desk: Desk, published: Item, client: FlaskClient) -> None:
    page = desk.do(f"/objets/{published.public_number}/restituer")
    assert "La restitution est notée" in page.one("#messages").get_text()
    assert "a noté la restitution" in page.one(".history").get_text()
    assert client.get(f"/objets/{published.public_number}").status_code == 410
    assert "restitué" in desk.get("/objets").text


def test_a_restitution_can_be_undone(desk: Desk, published: Item, client: FlaskClient) -> None:
    desk.do(f"/objets/{published.public_number}/restituer")
    page = desk.do(f"/objets/{published.public_number}/restituer/annuler")
    assert "La restitution est annulée" in page.one("#messages").get_text()
    assert client.get(f"/objets/{published.public_number}").status_code == 410
    desk.do(f"/objets/{published.public_number}/publier", VOUCHED)
    assert client.get(f"/objets/{published.public_number}").status_code == 200


def test_a_draft_that_was_never_public_is_a_draft_again(desk: Desk, item: Item, client: FlaskClient) -> None:
    desk.do(f"/objets/{item.public_number}/restituer")
    assert client.get(f"/objets/{item.public_number}").status_code == 404
    page = desk.do(f"/objets/{item.public_number}/restituer/annuler")
    assert "brouillon" in page.one("#publication").get_text()


def test_a_title_that_would_tell_what_is_hidden_of_a_published_object_comes_back_with_the_words(
    desk: Desk, case: Case, make: Factory, client: FlaskClient
) -> None:
    secret = ItemSecrets(withheld={"materials": "or 18 carats"})
    item = make.published(case, title="Bague", secret=secret)
    address = f"/objets/{item.public_number}/modifier"
    answer = desk.fill(address, {"title": "Bague or 18 carats, ronde"})
    assert answer.status_code == 422
    page = Page(answer)
    assert "ce titre dirait à tous « or 18 carats », que vous cachez" in page.one("#errors").get_text()
    assert page.one("#title")["value"] == "Bague or 18 carats, ronde"
    assert "18 carats" not in client.get(f"/objets/{item.public_number}").text
