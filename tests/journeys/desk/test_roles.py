"""What each role does in the back office, and what it is politely refused: agent, manager, administrator."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Ring
from tests.journeys.people import Administrator, Officer, chooses_a_password
from tests.journeys.service import Service
from tests.journeys.test_accessibility import check

# What is made here has an ending of its own: a journey that is run again finds what its first run has left.
pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opened = Callable[..., Page]
WAYS = pytest.mark.parametrize(
    ("size", "with_scripts"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone-without-scripts"]
)
ADMINISTRATION = (
    "/administration/agents/inviter", "/administration/unites", "/administration/unites/nouvelle",
    "/administration/categories", "/administration/categories/nouvelle",
)  # fmt: skip


@pytest.fixture
def administrator(service: Service, open_page: Opened, size: dict[str, int], with_scripts: bool) -> Administrator:
    person = Administrator(open_page(size, with_scripts=with_scripts), service)
    person.signs_in()
    return person


def is_kindly_refused(officer: Officer, path: str) -> None:
    officer.opens(path)
    officer.sees_heading("Accès refusé")
    expect(officer.page.locator("main")).to_contain_text("Votre rôle ne donne pas accès à cette page.")
    expect(officer.page.get_by_role("link", name="Revenir aux objets")).to_be_visible()


@WAYS
def test_an_agent_is_invited_works_and_is_let_out_again(
    administrator: Administrator, open_page: Opened, size: dict[str, int], with_scripts: bool
) -> None:
    once = token_hex(3)
    name, email = f"Adjudant Morgane Le Bihan {once}", f"lebihan-{once}@rennes.example"
    link = administrator.invites(name, email, role="agent")
    agent = Officer(open_page(size, with_scripts=with_scripts), administrator.service)
    chooses_a_password(agent.page, link)
    agent.page.goto(link)
    expect(agent.page.locator("main")).to_contain_text("Ce lien a déjà servi ou n’est plus valable.")

    agent = administrator.gives_an_account(
        open_page(size, with_scripts=with_scripts), f"{name} (second compte)", f"2{email}", role="agent"
    )
    agent.opens_a_case(f"2026/{email}")
    expect(agent.page.get_by_role("navigation", name="Navigation principale")).not_to_contain_text("Administration")
    for path in ("/administration/agents", *ADMINISTRATION):
        is_kindly_refused(agent, path)

    administrator.opens_the_account_of(f"{name} (second compte)")
    administrator.page.get_by_role("button", name="Fermer le compte").click()
    expect(administrator.page.locator(".tag").first).to_have_text("fermé")
    agent.opens("/objets")
    agent.sees_heading("Connexion des agents")
    agent.tries_to_sign_in()
    expect(agent.page.get_by_role("alert")).to_contain_text("Adresse ou mot de passe incorrect.")


@WAYS
def test_a_manager_does_an_agents_work_and_sees_the_officers_of_the_unit(
    administrator: Administrator, open_page: Opened, ring: Ring, size: dict[str, int], with_scripts: bool
) -> None:
    email = f"chef-{token_hex(3)}@rennes.example"
    page = open_page(size, with_scripts=with_scripts)
    manager = administrator.gives_an_account(page, "Capitaine Enora Kerdoncuff", email, role="responsable")
    manager.page.get_by_role("link", name="Agents", exact=True).click()
    manager.sees_heading("Agents")
    expect(manager.page.locator("tbody")).to_contain_text("Camille Le Goff")
    expect(manager.page.get_by_role("link", name="Inviter un agent")).to_have_count(0)
    expect(manager.page.locator("tbody a")).to_have_count(0)
    for path in ADMINISTRATION:
        is_kindly_refused(manager, path)

    manager.opens_a_case(f"2026/{email}")
    manager.records_an_item("Bague de fiançailles", category="Bijoux")
    manager.adds_photos(ring.officers[0])
    manager.publishes()
    manager.page.get_by_text("L’objet est rendu à son propriétaire").click()
    manager.page.get_by_role("button", name="Noter la restitution").click()
    expect(manager.page.locator("#publication")).to_contain_text("Cet objet a été restitué")
    manager.page.get_by_role("button", name="Annuler la restitution").click()
    expect(manager.page.locator("#messages")).to_contain_text("La restitution est annulée.")
    expect(manager.page.locator("#history")).to_contain_text("Capitaine Enora Kerdoncuff a annulé la restitution")


@WAYS
def test_an_administrator_looks_after_units_and_categories(
    administrator: Administrator, size: dict[str, int], with_scripts: bool
) -> None:
    page, once = administrator.page, token_hex(3).upper()
    code = f"CPN{once}44"
    administrator.opens("/administration/unites")
    page.get_by_role("link", name="Nouvelle unité").click()
    page.get_by_label("Nom").fill(f"Unité {code}")
    page.get_by_label("Code").fill(code)
    page.get_by_label("Département").select_option(code[-2:])
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name=f"Unité {code}").click()
    page.get_by_label("Téléphone public").fill("02 40 11 11 11")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("tbody")).to_contain_text("02 40 11 11 11")

    word = f"Lampes {once}"
    administrator.opens("/administration/categories")
    page.get_by_role("link", name="Nouvelle catégorie").click()
    page.get_by_label("Code").fill(f"extra_{code.lower()}")
    page.get_by_label("Nom en français").fill(word)
    page.get_by_label("Nom en anglais").fill(f"{word} (en)")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name=f"Monter {word}").click()
    page.get_by_role("link", name=word).click()
    expect(page.locator(".history")).to_contain_text("a changé la place dans la liste")
    if with_scripts:
        check(page)
    administrator.opens("/objets/nouveau")
    expect(page.get_by_label("Catégorie")).to_contain_text(word)


@pytest.mark.parametrize(("size", "with_scripts"), [(DESKTOP, True)], ids=["desktop"])
def test_the_second_administrator_is_told_and_loses_nothing(
    administrator: Administrator, open_page: Opened, service: Service
) -> None:
    second = Administrator(open_page(), service)
    second.signs_in()
    for each in (administrator, second):
        each.opens("/administration/unites/BTA35")
    address = f"objets-{token_hex(3)}@rennes.example"
    administrator.page.get_by_label("Adresse électronique publique").fill(address)
    administrator.page.get_by_role("button", name="Enregistrer").click()
    second.page.get_by_label("Téléphone public").fill("02 99 00 00 35")
    second.page.get_by_role("button", name="Enregistrer").click()
    notice = second.page.locator("#conflict")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text(address)
    expect(second.page.get_by_label("Téléphone public")).to_have_value("02 99 00 00 35")
    check(second.page)


@pytest.mark.parametrize(("size", "with_scripts"), [(PHONE, False)], ids=["phone-without-scripts"])
def test_an_officer_changes_the_language_of_the_back_office(
    administrator: Administrator, open_page: Opened, run: int, size: dict[str, int], with_scripts: bool
) -> None:
    # An account of its own: should this end half-way, nobody else's pages are in English.
    page = open_page(size, with_scripts=with_scripts)
    officer = administrator.gives_an_account(page, f"Wendy {run}", f"wendy-{run}@rennes.example", role="agent")
    officer.opens("/affaires")
    page.get_by_role("button", name="English").click()
    officer.sees_heading("Cases")
    page.get_by_role("button", name="Français").click()
    officer.sees_heading("Affaires")
