import pytest

from gallery.models import Item, Officer, Posting
from gallery.services.albums import postings
from gallery.services.items import publication
from gallery.services.transaction import atomic
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.conftest import SignIn
from tests.web.backoffice.desk import Desk, filled


@pytest.fixture
def posting(desk: Desk, published: Item, make: Factory, officer: Officer) -> Posting:
    """What the download of an album notes."""
    form = filled(desk.get(f"/albums/nouveau?objet={published.public_number}"))
    assert desk.download(form).status_code == 200
    with atomic(make.session):
        (record,) = postings.kept_by(make.session, officer.unit)
    return record.posting


@pytest.fixture
def gone(posting: Posting, published: Item, make: Factory) -> Item:
    """The posting's item, withdrawn since."""
    with atomic(make.session):
        publication.withdraw(make.session, published, by=None, now=make.now)
    return published


def test_a_download_is_listed(desk: Desk, posting: Posting) -> None:
    page = desk.get("/publications")
    assert posting.title in page.text
    assert "Camille Le Goff" in page.text
    assert not page.all("#due")


def test_the_address_is_noted_without_what_follows_its_reader(desk: Desk, posting: Posting) -> None:
    address = "https://www.facebook.com/media/set/?set=a.123"
    page = desk.do(f"/publications/{posting.reference}/adresse", {"adresse": f" {address}&fbclid=IwAR0 "})
    assert page.one(f"#adresse-{posting.reference}")["value"] == address
    assert page.all(f"a[href='{address}']")


def test_a_newspapers_address_is_noted_for_the_unit_alone(desk: Desk, posting: Posting) -> None:
    address = "https://www.ouest-france.fr/vitre?id=1"
    page = desk.do(f"/publications/{posting.reference}/adresse", {"adresse": address})
    assert "seule votre unité la voit" in page.text
    assert page.one(f"#adresse-{posting.reference}")["value"] == address


@pytest.mark.parametrize(
    ("address", "why"),
    [("javascript:alert(1)", "commence par https://"), ("facebook", "commence par https://"),
     ("https://", "commence par https://"), ("http://www.facebook.com/a", "commence par https://"),
     ("https://www.facebook.com.evil.example/x", "imite facebook.com"),
     ("https://www.facebook.com@evil.example/x", "cache l’endroit"),
     ("https://www.youtube.com/redirect?q=x", "cache l’endroit"),
     ("https://www.facebook.com/", "ne mène pas à une publication")],
)  # fmt: skip
def test_what_is_no_posts_address_is_refused_and_stays_in_the_field(
    desk: Desk, posting: Posting, address: str, why: str
) -> None:
    answer = desk.send(f"/publications/{posting.reference}/adresse", {"adresse": address})
    page = Page(answer)
    assert why in page.one("#adresse-erreur").get_text()
    assert page.one("main")["data-own-address"] == "/publications"
    assert page.one(f"#adresse-{posting.reference}")["value"] == address
    assert desk.get("/publications").one(f"#adresse-{posting.reference}")["value"] == ""


def test_what_was_only_downloaded_is_not_warned_of(desk: Desk, posting: Posting, gone: Item) -> None:
    assert "à retirer des réseaux" not in desk.get("/").text
    page = desk.get("/publications")
    assert not page.all("#due")
    assert gone.title in page.one(".album-maybe").get_text()
    page = desk.do(f"/publications/{posting.reference}/retirer/{gone.public_number}")
    assert not page.all("#maybe")


def test_what_is_to_be_taken_down_is_counted_on_the_first_page_until_it_is(
    desk: Desk, posting: Posting, gone: Item
) -> None:
    desk.do(f"/publications/{posting.reference}/adresse", {"adresse": "https://www.facebook.com/ggd35/posts/1"})
    assert "à retirer des réseaux" in desk.get("/").text
    assert gone.title in desk.get("/publications").one(".album-due").get_text()
    page = desk.do(f"/publications/{posting.reference}/retirer/{gone.public_number}")
    assert not page.all("#due")
    assert "à retirer des réseaux" not in desk.get("/").text


def test_an_object_downloaded_twice_is_counted_once_and_ticked_at_once(
    desk: Desk, posting: Posting, published: Item, make: Factory
) -> None:
    make.posting(published, address="https://www.facebook.com/ggd35/posts/1")
    with atomic(make.session):
        publication.withdraw(make.session, published, by=None, now=make.now)
    assert "Un objet restitué ou retiré est encore" in desk.get("/").text
    assert len(desk.get("/publications").all(".album-places li")) == 2
    assert not desk.do(f"/publications/retirer-partout/{published.public_number}").all("#due")


def test_forgetting_a_posting_tells_first_what_it_means(desk: Desk, posting: Posting) -> None:
    form = desk.get("/publications").one(f"main details form[action='/publications/{posting.reference}/oublier']")
    assert "Cela ne s’annule pas" in form.get_text()


def test_who_acts_on_a_further_page_stays_there(
    desk: Desk, posting: Posting, published: Item, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.posting(published)
    with atomic(make.session):
        publication.withdraw(make.session, published, by=None, now=make.now)
    monkeypatch.setattr(postings, "AT_ONCE", 1)
    page = desk.get("/publications?page=2")
    assert page.one("nav[aria-label=Pages] span").text == "Page 2"
    acts = [str(each["action"]) for each in page.all("main form")]
    assert {each.split("/")[3].split("?")[0] for each in acts} >= {"adresse", "oublier", "retirer"}
    assert [each for each in acts if not each.endswith("?page=2")] == []
    page = desk.do(next(each for each in acts if "/oublier" in each))
    assert "Aucun album sur cette page." in page.text


def test_a_posting_is_forgotten(desk: Desk, posting: Posting) -> None:
    assert posting.title not in desk.do(f"/publications/{posting.reference}/oublier").one("main").get_text()


@pytest.mark.parametrize("act", ["adresse", "oublier", "retirer/{number}"])
def test_another_unit_can_do_nothing_to_it(
    sign_in: SignIn, outsider: Officer, posting: Posting, gone: Item, act: str
) -> None:
    theirs = Desk(sign_in(outsider))
    answer = theirs.send(f"/publications/{posting.reference}/{act.format(number=gone.public_number)}")
    assert answer.status_code == 404
    assert posting.title not in theirs.get("/publications").one("main").get_text()
