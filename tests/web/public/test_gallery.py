from gallery.models import Unit
from tests.factories import Factory
from tests.page import Browser


def test_it_works(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit), title="Pendentif en jade")
    page = browser.get("/objets")
    assert page.one(".item-card a").get_text() == "Pendentif en jade"
    assert page.one(".item-card a")["href"] == f"/objets/{item.public_number}"


def test_what_a_telephone_shows_first_is_fetched_at_once(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    for number in range(6):
        make.published(case, title=f"Montre {number}")
    waiting = [each.get("loading") for each in browser.get("/objets").all(".item-card img")]
    assert waiting == [None, None, None, None, "lazy", "lazy"]


def test_an_empty_gallery_says_so(browser: Browser) -> None:
    assert "Aucun objet n’est publié pour le moment" in browser.get("/objets").text


def test_home_shows_the_newest_and_the_ways_in(make: Factory, unit: Unit, browser: Browser) -> None:
    item = make.published(make.case(unit), title="Pendentif en jade")
    hero = browser.get("/").one(".hero")
    assert [str(link["href"]) for link in hero.find_all("a")] == [
        "/recherche",
        f"/objets/{item.public_number}",
        "/objets",
    ]
    assert [str(form["action"]) for form in hero.find_all("form")] == ["/numero"]
    assert [str(image["alt"]) for image in hero.find_all("img")] == ["Pendentif en jade"]


def test_home_without_objects_is_kind(browser: Browser) -> None:
    assert "Revenez bientôt" in browser.get("/").text


def test_english_is_a_link_away(browser: Browser) -> None:
    link = browser.get("/objets").one("a[hreflang=en]")
    answer = browser.client.get(str(link["href"]))
    assert answer.headers["Location"] == "/en/objets"
    assert browser.get("/en/objets").one("html")["lang"] == "en"
    back = browser.client.get(str(browser.get("/en/objets").one("a[hreflang=fr]")["href"]))
    assert back.headers["Location"] == "/objets"


def test_the_language_link_leads_nowhere_else(browser: Browser) -> None:
    elsewhere = ("https://a.example/", "//a.example", "/\\a.example", "/%0d%0aSet-Cookie:x", "/en//a.example")
    for each in elsewhere:
        for language in ("en", "fr"):
            answer = browser.client.get(f"/langue/{language}", query_string={"retour": each})
            assert "example" not in answer.headers["Location"]


def test_an_unknown_page_is_in_the_sites_clothes(browser: Browser) -> None:
    page = browser.get("/nulle-part", status=404)
    assert page.one("h1").get_text() == "Introuvable"
    assert page.all("main a[href='/']")


def test_a_page_opened_the_wrong_way_is_in_the_sites_clothes(browser: Browser) -> None:
    assert browser.client.post("/objets").status_code == 405
