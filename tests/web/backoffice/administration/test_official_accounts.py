import pytest

from gallery.models import Unit
from tests.web.backoffice.desk import Desk

ACCOUNTS = "/administration/comptes"
FACEBOOK = "https://www.facebook.com/gendarmerie35"


def add(office: Desk, address: str = FACEBOOK) -> None:
    office.do(ACCOUNTS, {"unit": "GGD35", "address": address})


def acts(office: Desk, verb: str) -> list[str]:
    return [str(form["action"]) for form in office.get(ACCOUNTS).all(f"form[action$='/{verb}']")]


def test_it_works(office: Desk, unit: Unit) -> None:
    add(office, "https://m.facebook.com/gendarmerie35/")
    page = office.get(ACCOUNTS)
    row = page.one("tbody tr").get_text()
    assert unit.name in row
    assert "facebook.com/gendarmerie35" in row
    assert page.one("tbody a")["href"] == FACEBOOK


def test_an_account_is_checked_again_and_removed(office: Desk) -> None:
    add(office)
    office.do(acts(office, "verifier")[0])
    page = office.do(acts(office, "retirer")[0])
    assert "n’est plus dans la liste" in page.text
    assert not page.all("tbody tr")


SENTENCES = {
    "": "Donnez l’adresse du compte",
    "www.facebook.com/gendarmerie35": "commence par https://",
    "javascript:alert(1)": "commence par https://",
    "https://faceb00k.com/gendarmerie35": "imite facebook.com",
    "https://www.facebook.com@evil.example/gend": "cache l’endroit où elle mène",
    "https://evil.example/gendarmerie35": "n’est pas un des réseaux connus",
    "https://www.facebook.com/groups/12": "ne mène pas à un compte",
}


@pytest.mark.parametrize(("address", "sentence"), SENTENCES.items())
def test_a_wrong_address_is_refused_in_french_and_kept_in_the_form(office: Desk, address: str, sentence: str) -> None:
    answer = office.send(ACCOUNTS, {"unit": "GGD35", "address": address})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("\u00a0", " ")
    assert 'aria-invalid="true"' in answer.text
    assert not office.get(ACCOUNTS).all("tbody tr")


def test_a_refused_address_is_no_link(office: Desk) -> None:
    answer = office.send(ACCOUNTS, {"unit": "GGD35", "address": "https://faceb00k.com/x"})
    assert 'href="https://faceb00k.com' not in answer.text


def test_an_account_that_is_known_is_refused(office: Desk, unit: Unit) -> None:
    add(office)
    answer = office.send(ACCOUNTS, {"unit": "GGD35", "address": FACEBOOK})
    assert answer.status_code == 422
    assert f"déjà dans la liste\u00a0: {unit.name}" in answer.text


def test_an_unknown_unit_is_refused(office: Desk) -> None:
    assert office.send(ACCOUNTS, {"unit": "NONE", "address": FACEBOOK}).status_code == 422


def test_a_departement_is_declared_and_no_longer(office: Desk) -> None:
    assert "Lozère (48)" in office.do(f"{ACCOUNTS}/departements", {"departement": "48"}).one("section li").get_text()
    page = office.do(f"{ACCOUNTS}/departements/48/retirer")
    assert not page.all("section li")


def test_a_departement_with_an_account_is_not_declared(office: Desk) -> None:
    add(office)
    page = office.do(f"{ACCOUNTS}/departements", {"departement": "35"})
    assert "a un compte dans la liste" in page.text
    assert not page.all("section li")


def test_what_is_no_departement_is_refused(office: Desk) -> None:
    assert "Choisissez un département" in office.do(f"{ACCOUNTS}/departements", {"departement": "99"}).text


def test_the_units_form_leads_there_and_tells_what_was_done(office: Desk) -> None:
    add(office)
    page = office.get("/administration/unites/GGD35")
    assert page.all(f"main a[href='{ACCOUNTS}']")
    assert "a ajouté un compte officiel" in page.one(".history").get_text()


@pytest.mark.parametrize("act", ["verifier", "retirer"])
def test_an_account_that_is_gone_is_not_found(office: Desk, act: str) -> None:
    assert office.send(f"{ACCOUNTS}/nowhere/{act}").status_code == 404
