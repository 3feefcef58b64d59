"""Who consulted FOVeS and when comes back as it was written, whatever answers the form: no other name, no other day."""

from collections.abc import Mapping
from typing import Any

import pytest

from gallery.models import Case, Item
from tests.page import Page
from tests.web.backoffice.desk import VOUCHED, Desk, filled
from tests.web.backoffice.sorting.conftest import dropped, keys, seen, taken

UNTICKED = VOUCHED | {"verifie": ""}


def consultation(page: Page) -> Mapping[str, Any]:
    return {name: page.one(f"#{name}")["value"] for name in ("foves-par", "foves-le")}


def is_ticked(page: Page) -> bool:
    return page.one("#verifie").has_attr("checked")


WRITTEN = {name: VOUCHED[name] for name in ("foves-par", "foves-le")}


@pytest.fixture
def address(case: Case) -> str:
    return f"/affaires/{case.reference}/photos"


@pytest.mark.parametrize("act", ["publier", "noter", "accepter", "appliquer"])
def test_after_any_act_of_the_sorting_table(desk: Desk, address: str, act: str) -> None:
    key = keys(dropped(desk, address, taken(1, 10), taken(2, 40)))[0]
    sent = {"acte": f"accepter:{key}" if act == "accepter" else act}
    answer = desk.send(f"{address}/trier", sent | UNTICKED)
    page = Page(answer)
    assert (answer.status_code, consultation(page), is_ticked(page)) == (200, WRITTEN, False)
    assert consultation(desk.get(address)) != WRITTEN


def test_where_another_devices_words_stop_a_publication(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10))
    old, (key,) = seen(page), keys(page)
    desk.do(f"{address}/trier", {"acte": "noter", "vu": old, "groupe": key, f"titre-{key}": "Pendule"})
    sent = {"acte": "publier", "vu": old, "groupe": key, f"titre-{key}": "Cartel"} | VOUCHED
    answer = desk.send(f"{address}/trier", sent | {"matieres-tous": "laiton"})
    page = Page(answer)
    assert (answer.status_code, consultation(page), is_ticked(page)) == (409, WRITTEN, False)
    assert page.one("#matieres-tous")["value"] == "laiton"


def test_what_has_filled_objects_goes_and_what_has_not_stays(desk: Desk, address: str) -> None:
    page = dropped(desk, address, taken(1, 10))
    old, (key,) = seen(page), keys(page)
    filling = {"acte": "appliquer", "vu": old, "epoque-tous": "1930", "categorie-tous": "clocks"} | WRITTEN
    page = desk.do(f"{address}/trier", filling)
    assert "Cochez d’abord des objets." in page.text
    assert (page.one("#epoque-tous")["value"], page.one("#categorie-tous [selected]")["value"]) == ("1930", "clocks")
    page = desk.do(f"{address}/trier", filling | {"objet": key})
    assert (page.one("#epoque-tous")["value"], page.all("#categorie-tous [selected]")) == ("", [])
    assert page.one(f"#epoque-{key}")["value"] == "1930"


def test_on_an_objects_own_page(desk: Desk, item: Item) -> None:
    page = desk.do(f"/objets/{item.public_number}/publier", UNTICKED)
    assert "Rien n’est publié" in page.one("#messages").get_text()
    assert (consultation(page), is_ticked(page)) == (WRITTEN, False)
    page = desk.do(f"/objets/{item.public_number}/publier", VOUCHED | {"version": "0"})
    assert "n’a pas été publié" in page.one("#messages").get_text()
    assert consultation(page) == WRITTEN


def test_for_many_objects(desk: Desk, item: Item) -> None:
    asked = {"acte": "publier", "objets": item.public_number}
    page = Page(desk.send("/objets", asked))
    assert consultation(page) != WRITTEN
    page = Page(desk.send("/objets", filled(page) | asked | UNTICKED))
    assert (consultation(page), is_ticked(page)) == (WRITTEN, False)
