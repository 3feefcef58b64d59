""" "Cet objet est à moi", from a telephone without any script to the agreement, over both sites."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import AuditEntry, Claim, Declaration, InboxDrop, Item, ItemStatus, Officer, Unit
from gallery.services.claims import claim_ending, claim_filing
from gallery.services.claims.copied_proofs import ClaimWork
from gallery.services.declarations import collecting
from gallery.services.search.memory import Scope
from gallery.services.search.opening import open_catalogue
from gallery.services.transaction import atomic, end_reading
from tests import pdfs, pictures
from tests.claimant import Claimant
from tests.factories import Factory
from tests.victim import CLAIMS, code_of
from tests.web.backoffice.desk import Desk

PHOTO = ("bague.jpg", pictures.jpeg(pictures.picture(5)))
INVOICE = ("facture.pdf", pdfs.invoice(pages=2))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        **CLAIMS,
        claim_rate="1000 per minute",
        claim_overall_rate="10000 per minute",
    )


@pytest.fixture
def clock(app: Flask, make: Factory) -> Callable[[timedelta], None]:
    """Moves the public site's clock on, which begins where the others stand."""
    elapsed = [timedelta()]

    def move_on(by: timedelta) -> None:
        elapsed[0] += by
        app.extensions["resources"] = replace(app.extensions["resources"], now=lambda: make.now + elapsed[0])

    move_on(timedelta())
    return move_on


@pytest.fixture
def collect(session: Session, make: Factory, settings: Settings) -> Callable[[], None]:
    with atomic(session):
        collecting.publish_key(session, make.sealer)

    def collect_all() -> None:
        later = make.now + timedelta(hours=1)
        while collecting.collect(
            session, settings=settings, sealer=make.sealer, now=later, handlers=claim_filing.HANDLERS
        ):
            pass
        end_reading(session)

    return collect_all


@pytest.fixture
def claimant(client: FlaskClient, collect: Callable[[], None], clock: Callable[[timedelta], None]) -> Claimant:
    return Claimant(client, clock)


@pytest.fixture
def item(make: Factory, unit: Unit) -> Item:
    return make.published(make.case(unit))


def test_from_the_item_to_the_agreement(
    claimant: Claimant,
    item: Item,
    desk: Desk,
    session: Session,
    sessions: sessionmaker[Session],
    collect: Callable[[], None],
    make: Factory,
    settings: Settings,
) -> None:
    number = item.public_number
    link = claimant.browser.get(f"/objets/{number}").one(f"a[href='/objets/{number}/est-a-moi']")
    assert link.get_text() == "Cet objet est à moi"
    code = code_of(claimant.claims(number, PHOTO, INVOICE))
    collect()
    page = claimant.opens(code)
    assert f"Objet {number} : reçue" in page.text
    assert not [said for said in ("J.R. 1962", "Rougé", "éraflure") if said in page.text]

    given = replace(make.resources(sessions), settings=settings)
    ClaimWork(given, open_catalogue(given, Scope.PUBLIC)).compare_next_proof()
    reference = desk.get("/demandes").one("tbody th a").get_text()
    page = desk.get(f"/demandes/{reference}")
    said = ("J.R. 1962", "une éraflure", "Jeanne Rougé-Lacourt", "06 55 44 33 22", "les hortensias bleus", "Figé")
    assert all(word in page.text for word in said)
    shown = [desk.client.get(str(each["src"])) for each in page.all(".claim-proofs img")]
    assert [(each.mimetype, each.data[:3]) for each in shown] == [("image/jpeg", b"\xff\xd8\xff")] * 3

    def decide(state: str, **said: object) -> None:
        version = desk.get(f"/demandes/{reference}").one("input[name=version]")["value"]
        assert "C’est noté" in desk.do(f"/demandes/{reference}", {"etat": state, "version": version, **said}).text

    decide("proofs_asked", pieces=["invoice", "worn_photo"])
    page = claimant.browser.get("/ma-declaration")
    assert "pièces demandées" in page.text
    assert "une photo où l’on vous voit avec l’objet" in page.text
    claimant.sends("/ma-declaration/demandes/1/preuves", PHOTO, status=303, mots="portée par ma mère")
    collect()
    claimant.sees("à l’étude", "Ce que vous avez ajouté à une demande est arrivé", without="Votre envoi est parti")
    assert "portée par ma mère" in desk.get(f"/demandes/{reference}").text
    decide("with_magistrate")
    assert "Dites où, quand" in desk.send(f"/demandes/{reference}", {"etat": "agreed", "version": "9"}).text
    decide("agreed", ou="à la brigade de Rennes", quand="mardi 8 décembre à 14 h", apporter="votre carte d’identité")
    page, told = claimant.browser.get("/ma-declaration"), desk.get(f"/objets/{number}").one(".obstacles a").get_text()
    meeting = ("accord de restitution", "à la brigade de Rennes", "mardi 8 décembre à 14 h", "votre carte d’identité")
    assert (all(word in page.text for word in meeting), told) == (True, "Voir les demandes")
    end_reading(session)
    assert session.get_one(Item, item.id).status is ItemStatus.WITHDRAWN
    assert claimant.client.get(f"/objets/{number}").status_code == 410
    collect()
    assert session.scalars(select(Claim)).one().seen_at is not None
    acts = {"file_claim", "read_claim", "claim_proofs_asked", "claim_agreed"}
    assert acts <= set(session.scalars(select(AuditEntry.action)))


def test_nobody_learns_of_another_claim(
    claimant: Claimant, item: Item, collect: Callable[[], None], clock: Callable[[timedelta], None], app: Flask
) -> None:
    """Every page that a stranger or another claimant sees is the same text before and after."""
    other, stranger = Claimant(app.test_client(), clock), Claimant(app.test_client(), clock)
    code = code_of(other.claims(item.public_number, nom="Somebody else"))
    collect()
    other.opens(code)
    pages = ("/", "/objets", f"/objets/{item.public_number}", f"/objets/{item.public_number}/est-a-moi")

    def seen() -> list[str]:
        pairs = [(who, path) for who in (other, stranger) for path in (*pages, "/ma-declaration")]
        return [who.browser.get(path).text for who, path in pairs]

    before, first = seen(), claimant.claims(item.public_number)
    collect()
    claimant.opens(code_of(first))
    assert seen() == before
    again = stranger.claims(item.public_number)
    # The words of both codes out of both pages: one of them may be a word of the page, or the beginning of another.
    either = "|".join(sorted({*code_of(again).split(), *code_of(first).split()}, key=len, reverse=True))
    assert re.sub(either, "", again.text) == re.sub(either, "", first.text)


def test_what_is_wrong_comes_back_filled_with_its_proofs_and_nothing_is_kept(
    claimant: Claimant, item: Item, session: Session, collect: Callable[[], None]
) -> None:
    page = claimant.claims(item.public_number, PHOTO, INVOICE, status=422, telephone="06")
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 0
    assert page.one("#telephone")["aria-invalid"] == "true"
    assert page.one("#question-engraved").get_text() == "J.R. 1962"
    address = f"/objets/{item.public_number}/est-a-moi"
    said = {"question-engraved": "J.R.", "telephone": "0655443322", "accord": "oui", "nom": "", "phrase": ""}
    claimant.sends(address, page=page, **said)
    collect()
    (claim,) = session.scalars(select(Claim))
    assert [(each.kind.value, each.pages) for each in claim.statements[0].proofs] == [("photo", 1), ("document", 2)]


@pytest.mark.parametrize(
    ("changed", "proofs", "sentence"),
    [
        ({"accord": ""}, (), "Cochez la case"),
        ({"question-engraved": "", "question-damaged": ""}, (), "Répondez à une question au moins"),
        ({"site-internet": "https://spam.example"}, (), "Effacez"),
        ({}, (("a.pdf", pdfs.invoice(pages=11)),), "plus de 10 pages"),
        ({}, (("a.pdf", pdfs.pdf("", trailer=pdfs.ENCRYPTED)),), "protégé par un mot de passe"),
        ({}, (("a.pdf", b"%PDF-1.7 nothing"),), "ne peut pas être lu"),
        ({}, (("a.jpg", b"no photo"),), "n’est pas une photo lisible"),
    ],
    ids=["consent", "nothing said", "honeypot", "long", "locked", "no PDF", "no photo"],
)
def test_what_is_missing_or_hostile_is_said(
    claimant: Claimant, item: Item, changed: dict[str, str], proofs: tuple[tuple[str, bytes], ...], sentence: str
) -> None:
    assert sentence in claimant.claims(item.public_number, *proofs, status=422, **changed).text


def test_questions_depend_on_the_category_alone(claimant: Claimant, item: Item, make: Factory) -> None:
    second = make.published(make.case(item.unit), title="Une autre", secret=None)
    labels = [
        [each.get_text() for each in claimant.browser.get(f"/objets/{number}/est-a-moi").all("label")]
        for number in (item.public_number, second.public_number)
    ]
    assert labels[0] == labels[1]
    assert "Qu’est-ce qui est gravé, écrit ou collé dessus ?" in labels[0]


def test_it_is_withdrawn_and_really_gone(
    claimant: Claimant, item: Item, session: Session, collect: Callable[[], None]
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    token = claimant.opens(code).token
    address = "/ma-declaration/demandes/1/retirer"
    assert "Retirer ma demande" in claimant.client.post(address, data={"csrf_token": token}).text
    # Another page of theirs has closed the declaration meanwhile: nothing is withdrawn, and that is said.
    claimant.client.post("/ma-declaration/fermer", data={"csrf_token": token})
    answer = claimant.client.post(address, data={"csrf_token": token, "certain": "oui"})
    assert (answer.status_code, "s’est refermée" in answer.text) == (422, True)
    claimant.opens(code)
    assert claimant.client.post(address, data={"csrf_token": token, "certain": "oui"}).status_code == 303
    collect()
    assert [session.scalar(select(func.count()).select_from(each)) for each in (Claim, Declaration)] == [0, 0]
    assert claimant.client.get("/ma-declaration/demandes/1/preuves").status_code in (404, 422)


def test_who_writes_for_longer_than_the_page_stays_open_gives_the_code_with_it(
    claimant: Claimant, item: Item, make: Factory, session: Session, collect: Callable[[], None], desk: Desk
) -> None:
    code = code_of(claimant.claims(item.public_number))
    collect()
    claimant.opens(code)
    other = make.published(make.case(item.unit), title="Une autre").public_number
    more = claimant.browser.get("/ma-declaration/demandes/1/preuves")
    address = f"/objets/{other}/est-a-moi"
    form = claimant.browser.get(address)
    assert not form.all("#nom")
    claimant.clock(timedelta(minutes=40))
    said = {"question-engraved": "J.R.", "avec-code": "oui"}
    back = claimant.sends(address, PHOTO, status=422, page=form, **said)
    assert "s’est refermée" in back.one("#code-erreur").get_text()
    claimant.sends(address, status=303, page=back, code=code, **said)
    claimant.clock(timedelta(minutes=40))
    # Another page has withdrawn the first one meanwhile, and the second has moved up.
    number = {"numero": item.public_number, "mots": "autre chose"}
    back = claimant.sends("/ma-declaration/demandes/1/preuves", status=422, page=more, **number)
    assert back.one("#mots").get_text() == "autre chose"
    collect()
    first, second = session.scalars(select(Claim).order_by(Claim.id))
    assert [len(each.statements[0].proofs) for each in (first, second)] == [0, 1]
    with atomic(session):
        claim_ending.erase(session, first, by=None, now=make.now)
    back = claimant.sends("/ma-declaration/demandes/1/preuves", page=back, code=code, status=422, **number)
    assert "elle a été retirée" in back.text
    assert "Aucune déclaration" in desk.get("/declarations").text


def test_two_officers_and_another_unit(
    claimant: Claimant,
    item: Item,
    desk: Desk,
    collect: Callable[[], None],
    sign_in: Callable[[Officer], FlaskClient],
    outsider: Officer,
) -> None:
    claimant.claims(item.public_number)
    collect()
    reference = desk.get("/demandes").one("tbody th a").get_text()
    version = desk.get(f"/demandes/{reference}").one("input[name=version]")["value"]
    desk.do(f"/demandes/{reference}", {"etat": "under_review", "version": version})
    late = desk.send(f"/demandes/{reference}", {"etat": "proofs_asked", "version": version, "pieces": "number"})
    assert late.status_code == 409
    assert "votre saisie est intacte" in late.text
    theirs = Desk(sign_in(outsider))
    assert "Aucune demande" in theirs.get("/demandes").text
    assert theirs.client.get(f"/demandes/{reference}").status_code == 404


def test_without_the_operators_word_there_is_nothing_of_it(app: Flask, item: Item, client: FlaskClient) -> None:
    given = app.extensions["resources"]
    app.extensions["resources"] = replace(given, settings=replace(given.settings, claims_legal_act=""))
    assert client.get(f"/objets/{item.public_number}/est-a-moi").status_code == 404
    assert "est-a-moi" not in client.get(f"/objets/{item.public_number}").text
