import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from gallery.models import Case, Item, ItemStatus, Officer, Unit
from gallery.services.cases import CaseSecrets
from gallery.services.transaction import end_reading
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.desk import Desk


def act(desk: Desk, what: str, *items: Item, **more: str) -> Page:
    return desk.do("/objets", {"acte": what, "objets": [each.public_number for each in items]} | more)


@pytest.fixture
def ready(make: Factory, case: Case) -> list[Item]:
    """Two drafts that nothing stands before."""
    return [make.item(case, title=title, with_photos=1) for title in ("Bague", "Montre")]


def test_it_works(desk: Desk, ready: list[Item], client: FlaskClient) -> None:
    page = act(desk, "publier", *ready)
    assert "2 objets ont été modifiés." in page.text
    assert [client.get(f"/objets/{item.public_number}").status_code for item in ready] == [200, 200]


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


def test_published_items_are_withdrawn(desk: Desk, published: Item, client: FlaskClient) -> None:
    act(desk, "retirer", published)
    assert client.get(f"/objets/{published.public_number}").status_code == 410


def test_a_category_is_changed_and_written_in_the_history(desk: Desk, ready: list[Item]) -> None:
    act(desk, "categorie", *ready, **{"nouvelle-categorie": "watches"})
    page = desk.get(f"/objets/{ready[0].public_number}")
    assert "Montres" in page.one(".under-title").get_text()
    assert "a modifié : catégorie" in page.one(".history").get_text()


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
    ],
    ids=["nothing-ticked", "unknown-act", "no-act", "strange-number", "unknown-category"],
)
def test_nonsense_changes_nothing_and_is_said(desk: Desk, form: dict[str, object], sentence: str) -> None:
    assert sentence in desk.do("/objets", form).one("#messages").get_text()


def test_it_comes_back_to_the_same_list(desk: Desk, published: Item) -> None:
    answer = desk.send("/objets", {"acte": "retirer", "objets": [published.public_number], "statut": "publies"})
    assert answer.headers["Location"] == "/objets?statut=publies"


def test_what_was_so_already_is_said(desk: Desk, published: Item) -> None:
    assert "étaient déjà ainsi" in act(desk, "publier", published).text
