"""Publishing on a unit's Facebook page from the preview, and connecting the page."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from gallery.config import Settings
from gallery.models import AuditEntry, Case, FacebookPage, FacebookPost, Officer, Posting, PostStage, Unit
from gallery.services.facebook import connection, outbox
from gallery.services.items import publication
from gallery.services.transaction import atomic, end_reading
from gallery.worker import Worker
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.parts.graph_server import PAGE, TOKEN, Facebook, Failure
from tests.web.backoffice.albums.test_albums import form_of, numbers_in
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk

PUBLISH = "button[formaction$='/albums/publier']"
UNIT_PAGE = "/administration/unites/GGD35/facebook"


@pytest.fixture
def settings(settings: Settings, facebook: Facebook) -> Settings:
    return replace(settings, graph_address=facebook.address)


@pytest.fixture
def page(session: Session, unit: Unit, make: Factory) -> FacebookPage:
    with atomic(session):
        return connection.connect(
            session, make.given, unit, connection.FacebookAccess(page_id=PAGE, token=TOKEN), by=None
        )


@pytest.fixture
def two(make: Factory, case: Case) -> list[str]:
    """Numbers of two published items, as the album has them: newest first."""
    drawn = {name: pictures.jpeg(pictures.picture(ord(name)).resize((240, 180))) for name in "ba"}
    return [make.published(case, photo, title=f"Montre {name}").public_number for name, photo in drawn.items()][::-1]


@pytest.fixture
def work(settings: Settings, sessions: sessionmaker[Session], make: Factory) -> Callable[[], int]:
    """Do what the worker does."""
    return Worker(make.resources(sessions), Event()).run_once


def reference_in(session: Session) -> str:
    end_reading(session)
    return session.scalars(select(Posting.reference)).one()


def test_it_works(
    desk: Desk, session: Session, page: FacebookPage, two: list[str], work: Callable[[], int], facebook: Facebook
) -> None:
    preview = desk.get("/albums/nouveau")
    assert preview.all(PUBLISH)
    form = form_of(preview) | {"texte": "Deux montres", f"legende-{two[0]}": "La vôtre ?"}
    under_way = desk.do("/albums/publier", form)
    assert "0 photos sur 2" in under_way.one(".album-post").get_text()
    work()
    assert facebook.posts[0]["message"] == "Deux montres"
    assert facebook.shown[0] == "La vôtre ?"
    link = desk.get("/publications").one(".album-post a")
    assert link["href"] == f"https://www.facebook.com/{PAGE}/posts/1"


def test_without_a_page_there_is_no_button_and_no_way(desk: Desk, two: list[str]) -> None:
    preview = desk.get("/albums/nouveau")
    assert not preview.all(PUBLISH)
    assert desk.client.post("/albums/publier", data=form_of(preview)).status_code == 404


def test_another_units_page_is_not_ours(sign_in: SignIn, outsider: Officer, make: Factory, page: FacebookPage) -> None:
    make.published(make.case(outsider.unit))
    assert not Desk(sign_in(outsider)).get("/albums/nouveau").all(PUBLISH)


def test_pressed_twice_it_is_one_post(desk: Desk, session: Session, page: FacebookPage, two: list[str]) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    desk.do("/albums/publier", form)
    desk.do("/albums/publier", form)
    end_reading(session)
    assert len(session.scalars(select(FacebookPost)).all()) == 1


def test_who_asks_again_is_told_what_becomes_of_the_words(
    desk: Desk, sign_in: SignIn, colleague: Officer, page: FacebookPage, two: list[str], work: Callable[[], int],
    facebook: Facebook,
) -> None:  # fmt: skip
    theirs = Desk(sign_in(colleague))
    own, form = (form_of(each.get("/albums/nouveau")) for each in (desk, theirs))
    assert "L’album part vers Facebook" in desk.do("/albums/publier", own | {"texte": "Deux montes"}).text
    assert "L’album part vers Facebook" in theirs.do("/albums/publier", form | {"texte": "Deux montres"}).text
    work()
    assert [post["message"] for post in facebook.posts] == ["Deux montres"]
    told = theirs.do("/albums/publier", form | {"texte": "Deux montres volées"})
    assert "il n’y est pas publié une seconde fois" in told.one("#messages").get_text()
    work()
    assert len(facebook.posts) == 1


def test_what_may_be_online_is_said_to_who_asks_again(
    desk: Desk, page: FacebookPage, two: list[str], work: Callable[[], int], facebook: Facebook
) -> None:
    facebook.fail("feed", Failure(0, carried_out=True))
    form = form_of(desk.get("/albums/nouveau"))
    desk.do("/albums/publier", form)
    work()
    told = desk.do("/albums/publier", form)
    assert "il n’est pas envoyé une seconde fois" in told.one("#messages").get_text()


def test_a_published_post_without_its_address_leads_nowhere(
    desk: Desk, session: Session, page: FacebookPage, two: list[str], work: Callable[[], int]
) -> None:
    desk.do("/albums/publier", form_of(desk.get("/albums/nouveau")))
    work()
    shown = desk.do(f"/publications/{reference_in(session)}/adresse", {"adresse": ""}).one(".album-post")
    assert "Publié sur la page Facebook." in shown.get_text()
    assert not shown.find_all("a")


def test_an_item_withdrawn_meanwhile_brings_the_preview_back(
    desk: Desk, session: Session, make: Factory, page: FacebookPage, two: list[str], officer: Officer
) -> None:
    form = form_of(desk.get("/albums/nouveau"))
    with atomic(session):
        item = session.scalars(select(publication.Item).where(publication.Item.public_number == two[0])).one()
        publication.withdraw(session, item, by=officer, now=make.now)
    answer = desk.client.post("/albums/publier", data=form)
    assert answer.status_code == 409
    assert numbers_in(Page(answer)) == two[1:]
    assert session.scalars(select(FacebookPost)).all() == []


def test_too_many_photos_bring_the_preview_back(
    desk: Desk, page: FacebookPage, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MAX_PHOTOS", 1)
    answer = desk.client.post("/albums/publier", data=form_of(desk.get("/albums/nouveau")))
    assert answer.status_code == 409
    assert "1 photos au plus, et cet album en a 2" in Page(answer).one("#messages").get_text()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (Failure(400, 190), "Le jeton de la page a expiré"),
        (Failure(403, 200), "ne permet pas de publier"),
        (Failure(400, 368), "Facebook a refusé la publication"),
        (Failure(0, carried_out=True), "peut-être en ligne"),
        (Failure(400, 32), "Facebook demande d’attendre"),
    ],
    ids=["token", "permission", "refused", "doubtful", "rate"],
)
def test_what_stops_it_is_said(
    desk: Desk, page: FacebookPage, two: list[str], work: Callable[[], int], facebook: Facebook,
    failure: Failure, sentence: str,
) -> None:  # fmt: skip
    facebook.fail("feed", failure)
    desk.do("/albums/publier", form_of(desk.get("/albums/nouveau")))
    work()
    assert sentence in desk.get("/publications").one(".album-post").get_text()


def test_an_officer_resumes_it(
    desk: Desk, session: Session, page: FacebookPage, two: list[str], work: Callable[[], int], facebook: Facebook
) -> None:
    facebook.fail("feed", Failure(400, 368))
    desk.do("/albums/publier", form_of(desk.get("/albums/nouveau")))
    work()
    desk.do(f"/publications/{reference_in(session)}/reprendre")
    work()
    assert (len(facebook.photos), len(facebook.posts)) == (2, 1)


def test_a_doubt_ends_with_the_address(
    desk: Desk, session: Session, page: FacebookPage, two: list[str], work: Callable[[], int], facebook: Facebook
) -> None:
    facebook.fail("feed", Failure(0, carried_out=True))
    desk.do("/albums/publier", form_of(desk.get("/albums/nouveau")))
    work()
    reference = reference_in(session)
    page_of_postings = desk.do(
        f"/publications/{reference}/adresse", {"adresse": "https://www.facebook.com/ggd35/posts/1"}
    )
    # Nothing at all is left to say, so that no room is left for it.
    assert not page_of_postings.one(".album-post").contents
    desk.do(f"/publications/{reference}/reprendre")
    work()
    assert facebook.calls.count("feed") == 1
    end_reading(session)
    assert session.scalars(select(FacebookPost.stage)).one() is PostStage.STOPPED


def test_an_administrator_connects_and_forgets_a_page(office: Desk, session: Session, unit: Unit) -> None:
    assert "est reliée à l’unité" in office.do(UNIT_PAGE, {"page_id": PAGE, "token": f" {TOKEN} "}).text
    shown = office.get(UNIT_PAGE)
    assert PAGE in shown.text
    assert TOKEN not in shown.text
    end_reading(session)
    assert TOKEN.encode() not in session.scalars(select(FacebookPage.sealed)).one()
    assert TOKEN not in repr([entry.details for entry in session.scalars(select(AuditEntry))])
    office.do(UNIT_PAGE, {"acte": "oublier"})
    end_reading(session)
    assert session.scalars(select(FacebookPage)).all() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"page_id": PAGE, "token": "another-token"}, "a expiré ou n’est plus valable"),
        ({"page_id": "999999", "token": TOKEN}, "Facebook ne connaît pas cette page"),
        ({"page_id": "ggd35", "token": TOKEN}, "Des chiffres seulement"),
        ({"page_id": PAGE, "token": "deux mots"}, "Copiez le jeton en entier"),
        ({"page_id": "", "token": ""}, "Donnez le numéro de la page"),
    ],
    ids=["token", "page", "name", "spaces", "empty"],
)
def test_what_can_not_be_used_is_not_kept(
    office: Desk, session: Session, unit: Unit, given: dict[str, str], sentence: str
) -> None:
    answer = office.send(UNIT_PAGE, given)
    assert answer.status_code == 422
    assert sentence in Page(answer).text
    assert TOKEN not in answer.text
    assert session.scalars(select(FacebookPage)).all() == []


def test_a_facebook_that_does_not_answer_is_said(office: Desk, unit: Unit, facebook: Facebook) -> None:
    facebook.fail(PAGE, Failure(0))
    answer = office.send(UNIT_PAGE, {"page_id": PAGE, "token": TOKEN})
    assert answer.status_code == 422
    assert "Facebook n’a pas répondu" in Page(answer).text
