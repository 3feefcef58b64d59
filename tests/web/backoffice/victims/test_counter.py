"""An officer declares for somebody at the counter: filed at once, described by the worker, its code shown."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import AuditEntry, Declaration, DeclaredPhoto, Item, Proposal, Unit
from gallery.services.declarations import answers
from gallery.services.declarations.opening import codes
from gallery.services.proposals.work import DeclarationWork
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.victim import DECLARATIONS
from tests.web.backoffice.desk import Desk, filled

RING = pictures.picture(35, kind="ring")
SAID = {
    "objet-1-categorie": "jewellery",
    "objet-1-mots": "bague de mamie",
    "nom": "Jeanne Rougé",
    "telephone": "06 55 44 33 22",
    "phrase": "la lune est bleue",
    "accord": "oui",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        **DECLARATIONS,
        public_address="https://objets.example",
    )


@pytest.fixture
def work(sessions: sessionmaker[Session], session: Session, make: Factory) -> Callable[[], None]:
    given = make.resources(sessions)
    desk = DeclarationWork(given, open_catalogue(given, Scope.PUBLIC))

    def until_nothing_is_due() -> None:
        while desk.describe_next() | desk.compare_next_object() | desk.compare_next_item():
            pass
        session.expire_all()
        session.rollback()

    return until_nothing_is_due


@pytest.fixture
def ring(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit), pictures.jpeg(RING))


def form_of(desk: Desk, **changed: str) -> dict[str, Any]:
    photo = (BytesIO(pictures.jpeg(pictures.relit(pictures.cropped(RING)))), "bague.jpg")
    page = desk.get("/declarations/nouvelle")
    return without_empty(filled(page) | SAID | changed) | {"objet-1-photos": [photo]}


def without_empty(form: dict[str, Any]) -> dict[str, Any]:
    """Werkzeug's test client leaves out a line break after an empty value, and reads two fields as one then."""
    return {name: value for name, value in form.items() if value}


def test_from_the_counter_to_what_is_found(
    desk: Desk, ring: Item, work: Callable[[], None], session: Session, settings: Settings
) -> None:
    assert "Déclarer pour quelqu’un" in desk.get("/declarations").text
    form = form_of(desk)
    answer = desk.client.post("/declarations/nouvelle", data=form)
    page = Page(answer)
    code = " ".join(each.get_text() for each in page.all(".code-words li"))
    assert "https://objets.example" in page.text
    assert answer.headers["Cache-Control"] == "no-store"
    work()
    (declaration,) = session.scalars(select(Declaration))
    assert (declaration.unit_id, declaration.departement) == (ring.unit_id, "35")
    holder = answers.open_with(session, codes.tidy(code), pepper=settings.declaration_pepper)
    assert [each.number for each in answers.read(session, holder).proposals] == [ring.public_number]
    page = desk.get(f"/declarations/{declaration.reference}")
    assert all(word in page.text for word in ("Jeanne Rougé", "06 55 44 33 22", "bague de mamie"))
    lines = session.scalars(select(AuditEntry).where(AuditEntry.action == "file_declaration")).all()
    assert [each.officer.email for each in lines if each.officer] == ["camille@rennes.example"]


def test_what_is_missing_comes_back_and_sent_twice_makes_one(desk: Desk, session: Session) -> None:
    answer = desk.client.post("/declarations/nouvelle", data=form_of(desk, accord="", telephone=""))
    assert answer.status_code == 422
    page = Page(answer)
    assert "Demandez à la personne" in page.text
    assert len(page.all("input[name=objet-1-gardees]")) == 1
    form = without_empty(filled(page)) | {"telephone": "06 55 44 33 22", "accord": "oui"}
    assert Page(desk.client.post("/declarations/nouvelle", data=form)).all(".code-words li")
    assert desk.client.post("/declarations/nouvelle", data=form).status_code == 302
    session.rollback()
    assert len(session.scalars(select(Declaration)).all()) == 1


def test_photos_of_an_older_matcher_are_described_anew_and_compared_then(
    desk: Desk, ring: Item, work: Callable[[], None], session: Session, make: Factory
) -> None:
    desk.client.post("/declarations/nouvelle", data=form_of(desk))
    work()
    with atomic(session):
        session.execute(Proposal.__table__.delete())
        (photo,) = session.scalars(select(DeclaredPhoto))
        photo.version, photo.sealed_signature = "an older one", b"of no use"
    later = make.published(make.case(ring.unit), pictures.jpeg(RING))
    work()
    assert set(session.scalars(select(Proposal.item_id))) == {ring.id, later.id}
