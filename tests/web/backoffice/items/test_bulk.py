from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import Case, Item, ItemStatus, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.items.renditions import keys_of
from gallery.services.transaction import end_reading
from gallery.web.backoffice.items import bulk
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk, act


def test_it_works(desk: Desk, ready: list[Item], client: FlaskClient) -> None:
    page = act(desk, "publier", *ready)
    assert "2 objets ont été modifiés." in page.text
    assert [client.get(f"/objets/{item.public_number}").status_code for item in ready] == [200, 200]


def test_a_batch_is_vouched_for_once_and_each_history_says_so(desk: Desk, ready: list[Item]) -> None:
    numbers = {"acte": "publier", "objets": [item.public_number for item in ready]}
    asked = desk.send("/objets", numbers)
    assert "Publier 2 objets\u00a0?" in asked.text, "no line begins with a sign"
    refused = desk.send("/objets", numbers | VOUCHED | {"foves-le": "2999-01-01", "demande": "oui"})
    assert (refused.status_code, "Rien n’est publié" in refused.text) == (422, True)
    desk.do("/objets", numbers | VOUCHED)
    for item in ready:
        history = desk.get(f"/objets/{item.public_number}").one(".history").get_text()
        assert "FOVeS consulté par Adjudante Morvan le 20" in history


def test_one_refused_item_does_not_spoil_the_others(desk: Desk, ready: list[Item], make: Factory, unit: Unit) -> None:
    closed = make.case(unit, CaseSecrets(case_number="99/2026"))
    refused = make.item(closed, with_photos=1)
    bare = make.item(make.case(unit))
    page = act(desk, "publier", refused, *ready, bare)
    said = page.one("#messages").get_text(" ", strip=True)
    assert "2 objets ont été modifiés." in said
    assert f"{refused.public_number}. La publication n’est pas autorisée" in said
    assert f"{bare.public_number}. Aucune photo n’est visible" in said


def test_items_refused_for_one_reason_are_said_together(desk: Desk, make: Factory, case: Case) -> None:
    items = [make.item(case), make.item(case)]
    page = act(desk, "publier", *items)
    (message,) = page.all("#messages .message")
    assert "Pas de changement pour 2 objets" in message.get_text()


def test_a_missing_file_stops_one_object_and_none_of_the_others(
    desk: Desk, ready: list[Item], make: Factory, case: Case, session: Session
) -> None:
    damaged = make.item(case, with_photos=1)
    make.private.delete(keys_of(damaged.photos[0]))
    said = act(desk, "publier", ready[0], damaged, ready[1]).one("#messages").get_text(" ", strip=True)
    assert "2 objets ont été modifiés." in said
    assert f"{damaged.public_number}. Le fichier d’une de ses photos est introuvable" in said
    page = desk.do(f"/objets/{damaged.public_number}/publier", VOUCHED)
    assert "L’objet n’a pas été publié. Le fichier d’une de ses photos" in page.one("#messages").get_text()
    end_reading(session)
    assert [each.status.value for each in (*ready, damaged)] == ["published", "published", "draft"]


def test_what_was_given_back_stays_hidden(desk: Desk, published: Item, ready: list[Item], client: FlaskClient) -> None:
    number = published.public_number
    desk.do(f"/objets/{number}/restituer")
    said = act(desk, "publier", *ready, published).one("#messages").get_text(" ", strip=True)
    assert "2 objets ont été modifiés." in said
    assert f"{number}. Il a été restitué. Pour le publier, annulez d’abord la restitution" in said
    assert client.get(f"/objets/{number}").status_code == 410


def test_published_items_are_withdrawn(desk: Desk, published: Item, client: FlaskClient) -> None:
    act(desk, "retirer", published)
    assert client.get(f"/objets/{published.public_number}").status_code == 410


def test_a_category_is_changed_and_written_in_the_history(desk: Desk, ready: list[Item]) -> None:
    act(desk, "categorie", *ready, **{"nouvelle-categorie": "watches"})
    page = desk.get(f"/objets/{ready[0].public_number}")
    assert "Montres" in page.one(".under-title").get_text()
    assert "a modifié : catégorie" in page.one(".history").get_text()


def test_a_category_that_hides_engravings_hides_them_at_once(
    desk: Desk, make: Factory, case: Case, session: Session
) -> None:
    tool = make.item(case, category="tools", inscriptions="J. R. 1962")
    chosen = make.item(case, inscriptions="18 carats")
    page = act(desk, "categorie", tool, chosen, **{"nouvelle-categorie": "watches"})
    assert "les inscriptions et les signes particuliers restent cachés" in page.one("#messages").get_text()
    end_reading(session)
    # Where the custom was the same before, an officer has chosen to show them.
    assert (tool.inscriptions, chosen.inscriptions) == ("", "18 carats")
    assert "J. R. 1962" in desk.get(f"/objets/{tool.public_number}").one(".secret").get_text()
    assert "restent cachés" not in act(desk, "categorie", tool, **{"nouvelle-categorie": "tools"}).text


def test_a_published_item_does_not_become_what_is_never_public(
    desk: Desk, ready: list[Item], published: Item, session: Session
) -> None:
    page = act(desk, "categorie", *ready, published, **{"nouvelle-categorie": "weapons"})
    assert f"{published.public_number}. Les objets de cette catégorie" in page.text
    end_reading(session)
    assert (published.category.code, ready[0].category.code) == ("jewellery", "weapons")


@pytest.mark.parametrize("what", ["publier", "retirer", "categorie"])
def test_another_units_items_are_not_touched(
    desk: Desk, make: Factory, outsider: Officer, session: Session, what: str
) -> None:
    theirs = make.published(make.case(outsider.unit))
    page = act(desk, what, theirs, **{"nouvelle-categorie": "watches"})
    assert theirs.public_number in page.one("#messages").get_text()
    end_reading(session)
    assert (theirs.status, theirs.category.code) == (ItemStatus.PUBLISHED, "jewellery")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"acte": "publier"}, "Cochez d’abord"),
        ({"acte": "effacer", "objets": ["35-AAAA-A"]}, "Choisissez ce qu’il faut faire"),
        ({"objets": ["35-AAAA-A"]}, "Choisissez ce qu’il faut faire"),
        ({"acte": "publier", "objets": ["\0' --"]}, "Aucun objet ne porte ce numéro"),
        ({"acte": "categorie", "objets": ["35-AAAA-A"], "nouvelle-categorie": "x"}, "Pas de changement"),
        ({"acte": "categorie", "objets": ["35-AAAA-A"], "nouvelle-categorie": ""}, "Choisissez d’abord la nouvelle"),
    ],
    ids=["nothing-ticked", "unknown-act", "no-act", "strange-number", "unknown-category", "no-category"],
)
def test_nonsense_changes_nothing_and_is_said(desk: Desk, form: dict[str, Any], sentence: str) -> None:
    assert sentence in desk.do("/objets", VOUCHED | form).one("#messages").get_text()


def test_it_comes_back_to_the_same_list(desk: Desk, published: Item) -> None:
    answer = desk.send(
        "/objets", {"acte": "retirer", "confirme": "oui", "objets": [published.public_number], "statut": "publies"}
    )
    assert answer.headers["Location"] == "/objets?statut=publies"


def test_what_was_so_already_is_said(desk: Desk, published: Item) -> None:
    assert "étaient déjà ainsi" in act(desk, "publier", published).text


def test_no_category_is_chosen_beforehand(desk: Desk, ready: list[Item]) -> None:
    offered = desk.get("/objets").one("#new-category")
    assert offered.select("option")[0]["value"] == ""
    assert not offered.select("option[selected]")


def test_withdrawing_asks_first(desk: Desk, published: Item, client: FlaskClient) -> None:
    page = Page(desk.send("/objets", {"acte": "retirer", "objets": [published.public_number]}))
    assert "Retirer un objet de la galerie ?" in page.text
    assert client.get(f"/objets/{published.public_number}").status_code == 200
    desk.do(
        "/objets",
        {each["name"]: each["value"] for each in page.all("main form [name]") if each["name"] != "csrf_token"},
    )
    assert client.get(f"/objets/{published.public_number}").status_code == 410


def test_all_of_the_list_are_meant_and_not_only_the_page(
    desk: Desk, make: Factory, case: Case, settings: Settings, session: Session
) -> None:
    items = [make.item(case, title="Bague") for _ in range(settings.page_size + 2)]
    other = make.item(case, title="Montre")
    assert desk.get("/objets?mots=bague").all("#whole-list")
    act(desk, "categorie", **{"tous": "oui", "mots": "bague", "nouvelle-categorie": "bicycles"})
    end_reading(session)
    assert {item.category.code for item in items} == {"bicycles"}
    assert other.category.code == "jewellery"


def test_more_than_can_be_done_at_once_is_said(desk: Desk, ready: list[Item], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_AT_ONCE", 1)
    assert "Au plus 1 objets à la fois" in act(desk, "publier", **{"tous": "oui"}).text
