"""What resembles a declared object waits for an officer of the unit, who shows or dismisses it, and whom to call."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from gallery.config import Settings
from gallery.models import AuditEntry, Declaration, Item, Officer, OfficerRole, Proposal, Unit
from gallery.sealing import Sealer
from gallery.services.declarations import answers, filing
from gallery.services.declarations.answers import MessageKind
from gallery.services.declarations.filing import DescribedObject, DescribedPhoto, DescribedStatement
from gallery.services.declarations.opening import codes, locks
from gallery.services.declarations.sealed_rows import SignatureParts
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft, latest_end
from gallery.services.proposals import comparing
from gallery.services.proposals.compared import ComparedPhotos
from gallery.services.proposals.declared import DeclaredObjects
from gallery.services.transaction import atomic
from gallery.web.backoffice.proposals import calls
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.victim import DECLARATIONS
from tests.web.backoffice.desk import Desk

PICTURE = pictures.jpeg(pictures.picture(3))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **DECLARATIONS)


@pytest.fixture
def proposed(make: Factory, unit: Unit, session: Session, sealer: Sealer) -> Item:
    """An item that has the words of a declared object, of which there is a photo too."""
    item = make.published(make.case(unit), title="Vélo de dame", brand="Peugeot")
    stated = StatedObject(words="vélo Peugeot", serial_number="PLANTED-serial", shape="bicycle_city")
    statement = Statement(
        theft=Theft(departement="35"),
        objects=(stated,),
        contact=Contact("Mme Rougé", "", "06 55 44 33 22"),
        phrase="la lune est bleue",
        ends_on=make.now.date() + timedelta(days=365),
        consented_at=make.now,
    )
    photo = DescribedPhoto(PICTURE, SignatureParts("of another version", b"", b""))
    lock = locks.make("pomme rivière cheval maison tapis lune", pepper="pepper")
    with atomic(session):
        described = DescribedStatement(statement, [DescribedObject(stated, (photo,))])
        filing.add(session, described, filing.Arrival(lock, "r"), sealer=sealer, now=make.now)
    declared = DeclaredObjects(lambda: session, sealer)  # type: ignore[arg-type]
    assert comparing.compare_next_item(session, declared, now=lambda: make.now)
    return item


def test_an_officer_compares_shows_and_calls(desk: Desk, proposed: Item, session: Session) -> None:
    assert "Un de vos objets ressemble" in desk.get("/objets").text
    page = desk.get("/rapprochements")
    said = ("Vélo de dame", "vélo Peugeot", "PLANTED-serial", "mots de la description")
    assert all(word in page.text for word in said)
    assert "Plutôt comme ceci : vélo de ville" in page.text
    assert desk.client.get(str(page.one("img[alt='Objet déclaré volé']")["src"])).data == PICTURE
    page = desk.do(str(page.one(".match form")["action"]), {"decision": "shown"})
    assert "est montré au déclarant" in page.text
    page = desk.get(str(page.one("main p a[href*=prevenir]")["href"]))
    assert all(word in page.text for word in ("Mme Rougé", "06 55 44 33 22", "la lune est bleue"))
    page = desk.do(str(page.one("table form")["action"]))
    assert "C’est noté" in page.text
    assert "Personne n’attend d’appel" in page.text
    acts = set(session.scalars(select(AuditEntry.action)))
    assert {"read_declaration", "proposal_shown", "victim_told"} <= acts


def test_what_was_compared_is_framed_on_the_photos_that_were(desk: Desk, proposed: Item, session: Session) -> None:
    with atomic(session):
        [proposal] = session.scalars(select(Proposal))
        photo = proposed.photos[0]
        boxes = ((0.1, 0.2, 0.6, 0.9), (0.0, 0.25, 1.0, 0.5))
        names = proposal.declared.photos[0].public_id, photo.public_id, photo.rendition_digest
        proposal.compared = ComparedPhotos(*names, boxes).as_kept()
    page = desk.get("/rapprochements")
    frames = [each.select("rect")[1] for each in page.all(".framed svg")]
    sides = [tuple(frame[side] for side in ("x", "y", "width", "height")) for frame in frames]
    assert sides == [("10.0%", "20.0%", "50.0%", "70.0%"), ("0.0%", "25.0%", "100.0%", "25.0%")]
    assert "Le cadre en pointillé" in page.text
    with atomic(session):
        photo.rendition_digest = "of the photo turned since"
    page = desk.get("/rapprochements")
    assert not page.all(".framed svg")
    assert "Le cadre en pointillé" not in page.text


def test_what_is_dismissed_is_gone(desk: Desk, proposed: Item) -> None:
    action = str(desk.get("/rapprochements").one(".match form")["action"])
    assert "ne sera plus proposé" in desk.do(action, {"decision": "dismissed"}).text
    assert "Rien n’attend votre décision" in desk.get("/rapprochements").text
    assert desk.send(action, {"decision": "shown"}).status_code == 409
    assert desk.send(action, {"decision": "new"}).status_code == 400


def test_another_unit_sees_nothing(
    sign_in: Callable[[Officer], FlaskClient], desk: Desk, proposed: Item, outsider: Officer
) -> None:
    page = desk.get("/rapprochements")
    theirs = Desk(sign_in(outsider))
    assert "Rien n’attend votre décision" in theirs.get("/rapprochements").text
    assert theirs.client.get(str(page.one("img[alt='Objet déclaré volé']")["src"])).status_code == 404
    assert theirs.send(str(page.one(".match form")["action"]), {"decision": "shown"}).status_code == 404


def test_a_declaration_is_found_opened_and_closed(
    desk: Desk, proposed: Item, session: Session, sign_in: Callable[[Officer], FlaskClient], outsider: Officer
) -> None:
    page = desk.get("/declarations")
    reference = page.one("tbody th a").get_text().strip()
    assert "Aucune déclaration n’a cette référence" in desk.get("/declarations?reference=D-AAAAAAAA").text
    assert desk.client.get(f"/declarations?reference={reference.lower()}").location == f"/declarations/{reference}"
    page = desk.get(f"/declarations/{reference}")
    said = ("Mme Rougé", "06 55 44 33 22", "la lune est bleue", "PLANTED-serial", proposed.public_number)
    assert all(word in page.text for word in said)
    assert "arrêtée" in desk.do(f"/declarations/{reference}/clore").text
    session.rollback()
    assert {"read_declaration", "close_declaration"} <= set(session.scalars(select(AuditEntry.action)))
    # Of another département: not in the list, but its owner may come to any unit.
    theirs = Desk(sign_in(outsider))
    assert "Aucune déclaration." in theirs.get("/declarations").text
    assert "Mme Rougé" in theirs.get(f"/declarations/{reference}").text


def test_a_lost_code_is_replaced_once_the_identity_was_checked(
    desk: Desk, proposed: Item, session: Session, settings: Settings
) -> None:
    reference = desk.get("/declarations").one("tbody th a").get_text().strip()
    assert "cochez la case" in desk.do(f"/declarations/{reference}/code").text
    page = Page(desk.send(f"/declarations/{reference}/code", {"identite": "oui"}))
    code = " ".join(each.get_text() for each in page.all(".code-words li"))
    assert page.answer.headers["Cache-Control"] == "no-store"
    session.rollback()
    holder = answers.open_with(session, codes.tidy(code), pepper=settings.declaration_pepper)
    assert answers.read(session, holder).reference == reference


def test_a_copy_of_all_is_given_to_whoever_has_shown_who_they_are(desk: Desk, proposed: Item, session: Session) -> None:
    reference = desk.get("/declarations").one("tbody th a").get_text().strip()
    assert "cochez la case" in desk.do(f"/declarations/{reference}/copie").text
    answer = desk.send(f"/declarations/{reference}/copie", {"identite": "oui"})
    assert answer.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(answer.data)) as packed:
        kept = json.loads(packed.read("declaration.json"))
        assert packed.read("objet-1-photo-1.jpg") == PICTURE
    assert kept["said"]["contact"]["name"] == "Mme Rougé"
    assert kept["objects"][0]["serial_number"] == "PLANTED-serial"
    assert [each["kind"] for each in kept["messages"]] == ["received", "copy_given"]
    session.rollback()
    assert "copy_declaration" in set(session.scalars(select(AuditEntry.action)))


def test_a_manager_switches_the_unit_and_an_agent_may_not(
    desk: Desk, proposed: Item, make: Factory, unit: Unit, sign_in: Callable[[Officer], FlaskClient]
) -> None:
    assert "Un responsable de l’unité peut changer ce réglage" in desk.get("/rapprochements").text
    assert desk.send("/rapprochements/direct", {"direct": "oui", "compris": "oui"}).status_code == 403
    manager = Desk(sign_in(make.officer(unit, "chef@rennes.example", OfficerRole.MANAGER)))
    assert "cochez la case" in manager.do("/rapprochements/direct", {"direct": "oui"}).text
    assert "Depuis le" in manager.do("/rapprochements/direct", {"direct": "oui", "compris": "oui"}).text
    assert "Un agent décide" in manager.do("/rapprochements/direct", {"direct": "non"}).text


def test_the_call_list_goes_on_on_the_next_page(
    desk: Desk, proposed: Item, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "AT_ONCE", 1)
    desk.do(str(desk.get("/rapprochements").one(".match form")["action"]), {"decision": "shown"})
    with atomic(session):
        declaration = session.scalars(select(Declaration)).one()
        answers.tell(session, declaration, MessageKind.ENDS_SOON, now=make.now)
    assert "Personnes à prévenir (2)" in desk.get("/rapprochements").text
    page = desk.get("/personnes-a-prevenir")
    assert page.one("h1").get_text() == "Personnes à prévenir (2)"
    assert (proposed.public_number in page.text, "la prolonger" in page.text) == (True, False)
    page = desk.get(str(page.one("main a[href*=page]")["href"]))
    assert "la prolonger" in page.text
    with atomic(session):
        declaration.ends_on = latest_end(declaration.declared_at)
    page = desk.get("/personnes-a-prevenir?page=2")
    assert ("la prolonger" in page.text, "après deux ans" in page.text) == (False, True)
    assert "Personnes précédentes" in page.text
    assert not page.all("main [name=liste]")
    told = page.one("main form")
    page = desk.do(str(told["action"]), {"page": str(page.one("main [name=page]")["value"])})
    assert "C’est noté" in page.text
    assert "Personnes précédentes" in page.text
