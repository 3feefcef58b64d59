"""What was sealed and no key opens: pages say so and go on, nothing is published on it, and it is written anew."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from gallery import create_app
from gallery.config import Settings, Site, load_settings
from gallery.models import Case, Claim, Declaration, DeclarationMessage, Item, ItemStatus, Officer, Unit
from gallery.services.declarations import answers
from gallery.services.people import drafts
from gallery.services.transaction import atomic, end_reading
from gallery.web.backoffice.form_drafts import NEW_ITEM
from tests import factories
from tests.factories import Factory
from tests.victim import CLAIMS, DECLARATIONS
from tests.web.backoffice.desk import VOUCHED, Desk, filled
from tests.web.backoffice.test_closed import UNASKED, address_of, methods_of
from tests.web.backoffice.victims.test_quarantine import Flood

VICTIMS = {**DECLARATIONS, **CLAIMS, "flood_per_hour": 2}
AUTHORISED = {"case_number": "2026/77", "authorised_by": "Procureure Rault", "authorised_on": "2026-11-01"}
# Its page shows a file that was made on request.
MADE = {"backoffice.export", "backoffice.export_file", "backoffice.lot_rendition"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **VICTIMS)


@pytest.fixture
def published(make: Factory, case: Case) -> Item:
    return make.published(case, title="Vélo de dame", brand="Peugeot")


@pytest.fixture
def told(
    make: Factory, session: Session, sessions: sessionmaker[Session], published: Item, officer: Officer, office: Desk
) -> None:
    """All that is sealed besides cases and items: what victims said, some of it in quarantine; a form; a note."""
    flood = Flood(make, session, sessions)
    flood.declares("a@x.example", "b@x.example", "c@x.example")
    flood.claims_of(published, "d@x.example", "e@x.example", "f@x.example")
    with atomic(session):
        # Somebody to be called: the search of all of them ends.
        for key in session.scalars(select(Declaration.id)).all():
            session.add(DeclarationMessage(declaration_id=key, kind=answers.ENDINGS[0].value, at=make.now))
        drafts.keep(session, make.given, NEW_ITEM, {"title": ["bague"]}, by=officer)
    account = {"address": "https://www.facebook.com/gendarmerie35", "note": "Demande des cartes prépayées"}
    office.do("/administration/comptes/faux", account)


@pytest.fixture
def lost(settings: Settings) -> Callable[[Officer], Desk]:
    """Do as the guide says once the secrets are lost without a copy; an officer who signs in afterwards."""

    def signed_in(officer: Officer) -> Desk:
        for path in (settings.instance / "secrets").iterdir():
            path.unlink()
        environ = {
            "GALLERY_INSTANCE": str(settings.instance),
            "GALLERY_DATABASE_URL": settings.database_url,
            "GALLERY_PASSWORD_SALT": factories.PASSWORD_SALT,
        }
        anew = replace(load_settings(environ=environ), encoder="", **VICTIMS)
        assert anew.sealing_identity not in {"", settings.sealing_identity}
        client: FlaskClient = create_app(anew, {Site.BACKOFFICE}).test_client()
        factories.sign_in(client, officer.email)
        return Desk(client)

    return signed_in


@pytest.mark.usefixtures("told")
def test_each_page_is_there_without_the_key(
    lost: Callable[[Officer], Desk],
    administrator: Officer,
    item: Item,
    case: Case,
    session: Session,
) -> None:
    known = {
        "backoffice.declaration": session.scalars(select(Declaration.reference)).first(),
        "backoffice.claim": session.scalars(select(Claim.reference)).first(),
    }
    end_reading(session)
    desk = lost(administrator)
    asked = 0
    for rule in desk.client.application.url_map.iter_rules():
        if rule.endpoint in UNASKED | MADE or "GET" not in methods_of(rule):
            continue
        address = address_of(rule, item, case)
        address = address.replace(case.reference, known.get(rule.endpoint, case.reference))
        status = desk.client.get(address).status_code
        assert status in (200, 302, 404), f"{rule} answered {status}"
        asked += status == 200
    assert asked > 40


@pytest.mark.usefixtures("told")
def test_it_says_what_is_unreadable(
    lost: Callable[[Officer], Desk], administrator: Officer, item: Item, case: Case, session: Session
) -> None:
    reference = session.scalars(select(Claim.reference)).first()
    end_reading(session)
    desk = lost(administrator)
    assert "Affaire illisible du" in desk.get("/affaires").text
    for address in (f"/affaires/{case.reference}", f"/objets/{item.public_number}", f"/demandes/{reference}"):
        assert "Illisible. La clé qui l’ouvrait n’est plus là" in desk.get(address).text, address
    for address in ("/quarantaine", "/personnes-a-prevenir", "/administration/comptes/faux"):
        assert "illisible" in desk.get(address).text, address


def test_nothing_unreadable_is_published_until_it_is_written_again(
    lost: Callable[[Officer], Desk], officer: Officer, item: Item, case: Case, session: Session
) -> None:
    number = item.public_number
    end_reading(session)
    desk = lost(officer)
    publishing = f"/objets/{number}/publier"
    page = desk.get(f"/objets/{number}")
    assert "La publication n’est pas autorisée" in page.text
    assert "Ce que l’unité avait caché de cet objet est illisible" in page.text
    assert "n’a pas été publié" in desk.do(publishing, VOUCHED).text
    assert desk.fill(f"/affaires/{case.reference}/modifier", AUTHORISED).status_code == 302
    assert "Affaire 2026/77" in desk.get(f"/affaires/{case.reference}").text
    assert "illisible" in desk.do(publishing, VOUCHED).text
    # As it is: what was hidden is lost, and the officer has seen so.
    assert desk.fill(f"/objets/{number}/modifier", {}).status_code == 302
    version = desk.get(f"/objets/{number}").one("form[action$=publier] input[name=version]")["value"]
    assert "L’objet est publié" in desk.do(publishing, VOUCHED | {"version": version}).text
    end_reading(session)
    session.refresh(item)
    assert item.status is ItemStatus.PUBLISHED


@pytest.mark.parametrize("kind", ["objets", "affaires"])
def test_what_can_be_read_again_is_not_written_over_by_a_form_that_was_opened_before(
    desk: Desk, item: Item, case: Case, session: Session, kind: str
) -> None:
    row, name = (item, item.public_number) if kind == "objets" else (case, case.reference)
    kept, address = row.sealed, f"/{kind}/{name}/modifier"
    with atomic(session):
        row.sealed = b"damaged"
    form = filled(desk.get(address))
    with atomic(session):
        row.sealed = kept
    sent = form | AUTHORISED | {"version": row.version}
    end_reading(session)
    assert desk.client.post(address, data=sent).status_code == 409
    session.refresh(row)
    assert row.sealed == kept


def test_one_damaged_case_hides_no_other(desk: Desk, make: Factory, unit: Unit, case: Case, session: Session) -> None:
    damaged = make.case(unit)
    with atomic(session):
        session.execute(update(Case).where(Case.id == damaged.id).values(sealed=b"damaged"))
    page = desk.get("/affaires")
    assert page.text.count("Affaire illisible du") == 1
    assert "2026" in page.all("tbody th")[1].get_text()
    assert desk.client.get("/objets?mots=2026").status_code == 200
    answer = desk.fill(f"/affaires/{damaged.reference}/modifier", AUTHORISED)
    assert answer.status_code == 302
    assert "illisible" not in desk.get("/affaires").text
