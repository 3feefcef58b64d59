"""Declarations, mails to victims and claims are each on or off: no link leads nowhere, and what is off is not named."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gallery.config import Settings
from gallery.models import Item, Officer, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import collecting
from gallery.services.transaction import atomic
from gallery.web.resources import resources_of
from tests import pictures
from tests.factories import Factory
from tests.page import Browser, Page

ON = {
    "declarations": {"declarations_legal_act": "PLAN-1", "declarations_impact_assessment": "2026-11-29"},
    "alerts": {
        "alerts_legal_act": "PLAN-2", "alerts_impact_assessment": "2026-11-29", "smtp_host": "localhost",
        "public_address": "https://a.example", "mail_sender": "a@a.example",
    },
    "claims": {"claims_legal_act": "PLAN-3", "claims_impact_assessment": "2026-11-29"},
}  # fmt: skip
NAMED = {
    "declarations": ("/declarer", "/rapprochements", "Déclarer ce qu’on m’a volé", "Rapprochements"),
    "alerts": ("d’un courriel",),
    "claims": ("/est-a-moi", "/demandes", "Cet objet est à moi", "Demandes de restitution"),
}
PUBLIC = ("/", "/objets/{}", "/verifier", "/conseils", "/conseils/inventaire", "/aide", "/donnees-personnelles",
          "/ma-declaration", "/declarer", "/objets/{}/est-a-moi")  # fmt: skip
DESK = ("/objets", "/rapprochements", "/declarations", "/declarations/nouvelle", "/demandes", "/personnes-a-prevenir",
        "/quarantaine")  # fmt: skip


@pytest.fixture
def item(make: Factory, unit: Unit, sealer: Sealer) -> Item:
    with atomic(make.session):
        collecting.publish_key(make.session, sealer)
    return make.published(make.case(unit), pictures.jpeg(pictures.picture(1)))


@pytest.mark.parametrize("on", list(product((False, True), repeat=3)), ids=str)
def test_every_link_leads_to_a_page_and_what_is_off_is_not_named(
    app: Flask, backoffice_app: Flask, client: FlaskClient, officer: Officer, item: Item, on: tuple[bool, ...],
    sign_in: Callable[[Officer], FlaskClient],
) -> None:  # fmt: skip
    switches = dict(zip(ON, on, strict=True))
    # The act alone, without the assessment, switches nothing on.
    changed = {f"{kind}_legal_act": "PLAN-0" for kind in ON}
    changed |= {name: value for kind, is_on in switches.items() if is_on for name, value in ON[kind].items()}
    for each in (app, backoffice_app):
        given = resources_of(each)
        settings: Settings = replace(given.settings, **changed)
        each.extensions["resources"] = replace(given, settings=settings)
    for browser, pages in ((Browser(client), PUBLIC), (Browser(sign_in(officer)), DESK)):
        check(browser, [each.format(item.public_number) for each in pages], switches)


def check(browser: Browser, addresses: list[str], switches: dict[str, bool]) -> None:
    answers = {each: browser.client.get(each) for each in addresses}
    shown = {each: Page(answer) for each, answer in answers.items() if answer.status_code == 200}
    off = [text for kind, texts in NAMED.items() if not switches[kind] for text in texts]
    assert not [(text, address) for address, page in shown.items() for text in off if text in page.answer.text]
    links = {
        urlsplit(str(each["href"])).path for page in shown.values() for each in page.all("main a[href^='/'], nav a")
    }
    assert not [each for each in links & answers.keys() if each not in shown]
