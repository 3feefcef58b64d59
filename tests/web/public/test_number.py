import pytest

from gallery.models import Unit
from gallery.services.albums import compose
from tests.factories import Factory
from tests.page import Browser


@pytest.mark.parametrize(
    "written", [str, str.lower, lambda number: number.replace("-", " "), lambda number: f"  {number} "]
)
def test_it_leads_to_the_item_however_the_number_is_written(
    make: Factory, unit: Unit, browser: Browser, written: object
) -> None:
    item = make.published(make.case(unit))
    answer = browser.client.get("/numero", query_string={"numero": written(item.public_number)})  # type: ignore[operator]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/objets/{item.public_number}")


@pytest.mark.parametrize("page", ["/objets/", "/en/objets/", "/o/"])
def test_the_address_of_the_page_may_be_pasted(make: Factory, unit: Unit, browser: Browser, page: str) -> None:
    item = make.published(make.case(unit))
    address = f"{compose.site_address(make.settings)}{page}{item.public_number}?utm_source=whatsapp#photo-1"
    for where, name in (("/numero", "numero"), ("/objets", "mots")):
        answer = browser.client.get(where, query_string={name: address})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/objets/{item.public_number}")
    elsewhere = browser.client.get(
        "/numero", query_string={"numero": f"https://faux.example/objets/{item.public_number}"}
    )
    assert elsewhere.status_code == 400


def test_without_a_number_it_asks_for_one(browser: Browser) -> None:
    page = browser.get("/numero")
    assert page.one("#numero")["value"] == ""
    assert not page.all(".field-error")


@pytest.mark.parametrize("typed", ["35-K7QM-5", "bague", "<script>", "0" * 500])
def test_what_is_no_number_comes_back_with_the_form(browser: Browser, typed: str) -> None:
    page = browser.get(f"/numero?numero={typed}", status=400)
    assert page.one("#numero")["value"] == typed[:200]
    assert "vérifiez chaque caractère" in page.one(".field-error").get_text()


def test_a_well_formed_number_that_nobody_has_is_unknown(browser: Browser) -> None:
    answer = browser.client.get("/numero?numero=35-2222-2", follow_redirects=True)
    assert answer.status_code in (400, 404)
