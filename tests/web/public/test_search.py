import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update
from sqlalchemy.orm import Session

from gallery import create_app
from gallery.config import Settings, Site
from gallery.models import StoredSignature, Unit
from gallery.services.transaction import atomic
from gallery.web.public.search import MAX_WORDS
from tests import pictures
from tests.factories import Factory
from tests.page import Browser

RING = pictures.picture(1, kind="ring")
AGAIN = pictures.jpeg(pictures.recompressed(RING, quality=40))


def test_it_works(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    ring = make.published(case, pictures.jpeg(RING))
    make.published(case, pictures.jpeg(pictures.picture(2, kind="ring")))
    page = browser.search(AGAIN)
    first = page.all(".found-item")[0]
    assert ring.public_number in first.get_text()
    assert "même photo" in [reason.get_text() for reason in first.select(".reasons li")]
    assert page.all("h3")[0].get_text() == "Ressemblance forte"


def test_a_damaged_photo_is_searched_with_and_said(make: Factory, unit: Unit, browser: Browser) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    cut = pictures.jpeg(RING)[:-2]
    page = browser.search(cut)
    assert "Votre photo semble abîmée." in page.text
    assert ring.public_number in page.text
    several = browser.search(AGAIN, cut).text
    assert "Une de vos photos semble abîmée." in several
    assert "Photo 2" in several


def test_of_a_screenshot_only_the_photo_is_compared(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    screen = Image.new("RGB", (RING.width, 2 * RING.height))
    screen.paste(RING, (0, RING.height // 2))
    page = browser.search(pictures.jpeg(pictures.picture(2, kind="watch")), pictures.jpeg(screen))
    notice = next(each for each in page.all(".message") if "Une de vos images ressemble" in each.get_text())
    assert [each.get_text().split(" (")[0] for each in notice.select("li")] == ["Photo 2"]
    assert "Entourez-le" in notice.select_one("[data-by-script]").get_text()
    without_scripts = notice.select_one(".without-script").get_text()
    assert without_scripts == "Ce n’est pas votre objet en entier ? Choisissez la photo d’origine."
    assert any("même photo" in each.get_text() for each in page.all(".found-item .reasons"))


def test_it_never_speaks_of_percentages_or_matches(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    text = browser.search(AGAIN).one("#search-results").get_text()
    assert "%" not in text
    assert "match" not in text.lower()


def test_the_nearest_are_shown_whatever_they_resemble(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    for seed in range(14):
        make.published(case, pictures.jpeg(pictures.picture(seed, kind="watch")))
    page = browser.search(pictures.jpeg(Image.new("RGB", (640, 480), "#2d8f3a")))
    assert len(page.all(".is-weak .found-item")) == 6
    assert len(page.all("#moins-1 .found-item")) == 8
    assert not page.all("#search-results details:has(.found)")
    assert "Un peu plus éloignés" in page.text
    assert "ne ressemble nettement" in page.text
    assert "Aucun" not in page.one("#search-results").get_text()


def test_several_objects_come_grouped_by_object(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    watch = pictures.picture(2, kind="watch")
    numbers = [make.published(case, pictures.jpeg(each)).public_number for each in (RING, watch)]
    page = browser.search(AGAIN, pictures.jpeg(watch, quality=50), pictures.jpeg(pictures.cropped(RING)))
    headings = [each.get_text() for each in page.all("#search-results section > h3")]
    assert headings[:2] == ["Pour vos photos 1, 3", "Pour votre photo 2"]
    firsts = [section.select(".number")[0].get_text() for section in page.all("section[data-degree]")]
    assert firsts == numbers


def test_photos_of_one_object_are_not_numbered(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    page = browser.search(AGAIN, pictures.jpeg(pictures.cropped(RING)))
    assert not page.all("section[data-degree]")


def test_what_was_said_besides_is_blamed_when_it_leaves_nothing(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING), category="jewellery")
    page = browser.search(pictures.jpeg(pictures.picture(4, kind="watch")), category="watches")
    assert "cherchez de nouveau sans les préciser" in page.text


def test_an_empty_gallery_is_said_kindly(browser: Browser) -> None:
    page = browser.search(AGAIN)
    assert "Cela ne veut pas dire que votre objet est perdu" in page.text
    assert "Et maintenant" in page.text


def test_after_an_upgrade_nobody_is_told_that_nothing_is_published(
    make: Factory, unit: Unit, browser: Browser, session: Session
) -> None:
    make.published(make.case(unit), AGAIN)
    with atomic(session):
        session.execute(update(StoredSignature).values(version="0-older"))
    page = browser.search(AGAIN)
    assert "La recherche par photo se prépare" in page.text
    assert "Aucun objet n’est publié" not in page.text


def test_a_photo_that_cannot_be_read_is_named_and_the_search_goes_on(
    make: Factory, unit: Unit, browser: Browser
) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    page = browser.search((b"not a picture", "<b>vacances</b>.jpg"), AGAIN)
    assert ring.public_number in page.text
    refusal = page.one(".message-warning").get_text(" ", strip=True)
    assert "Photo 1" in refusal
    assert "<b>vacances</b>.jpg" in refusal
    assert "pas une photo lisible" in refusal
    assert page.one(".found-item [data-own-photo]")["data-own-photo"] == "1"


def test_no_readable_photo_brings_the_form_back(browser: Browser) -> None:
    page = browser.search(b"not a picture", status=400)
    assert page.all("#search-form")
    assert page.all("[data-error]")


def test_no_photo_at_all_brings_the_form_back(browser: Browser) -> None:
    page = browser.search(status=400)
    field = page.one("#photos[aria-invalid=true][autofocus]")
    assert "Choisissez au moins une photo" in page.one(f"#{str(field['aria-describedby']).split()[-1]}").get_text()
    assert "Choisissez au moins une photo" in page.text


def test_more_photos_than_allowed_are_told(browser: Browser) -> None:
    page = browser.search(*[AGAIN] * 9, status=413)
    assert "8 photos au plus" in page.text
    assert page.all("#search-form")


def test_the_chosen_category_stays_chosen(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    page = browser.search(AGAIN, category="jewellery")
    assert page.one("option[selected]")["value"] == "jewellery"


@pytest.mark.parametrize("code", ["watch", "jewellery\0", "x" * 99])
def test_a_category_that_there_is_not_hides_nothing(make: Factory, unit: Unit, browser: Browser, code: str) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    assert browser.search(pictures.jpeg(pictures.picture(2, kind="ring")), category=code).all(".found-item")


def test_nothing_touches_the_disk(
    make: Factory, unit: Unit, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    browser.search(AGAIN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    before = sorted(make.settings.instance.rglob("*.*"))
    large = pictures.encoded(pictures.picture(3).resize((1400, 1050)), "BMP")
    assert len(large) > 4_000_000
    browser.search(AGAIN, large)
    assert sorted(make.settings.instance.rglob("*.*")) == before


def test_an_answer_is_not_kept_by_anyone(browser: Browser) -> None:
    assert browser.search(AGAIN).answer.headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/recherche", data={"categorie": ""}).status_code == 400


def test_searches_in_a_row_are_limited(settings: Settings, sessions: object) -> None:
    app = create_app(replace(settings, search_rate="2 per day"), {Site.PUBLIC})
    browser = Browser(app.test_client())
    for _ in range(2):
        browser.search(AGAIN)
    assert "Patientez une minute" in browser.search(AGAIN, status=429).text


def test_words_bring_items_forward_and_hide_none(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    numbers = [make.published(case, pictures.jpeg(RING), title=title).public_number for title in ("Anneau", "Perceuse")]
    for word, first in (("anneaux", numbers[0]), ("perceuses", numbers[1])):
        page = browser.search(AGAIN, words=word)
        assert [each.get_text() for each in page.all(".found .number")][0] == first
        assert len(page.all(".found-item")) == 2
        assert "ce que vous avez précisé" in page.all(".found-item")[0].get_text()
    assert page.one("#mots")["value"] == "perceuses"


def test_words_are_cut_once_they_are_tidied(make: Factory, unit: Unit, browser: Browser) -> None:
    make.published(make.case(unit), pictures.jpeg(RING), title="Anneau")
    page = browser.search(AGAIN, words=" " * MAX_WORDS + "anneaux" + " x" * MAX_WORDS)
    assert "ce que vous avez précisé" in page.one(".found-item").get_text()
    assert len(page.one("#mots")["value"]) == MAX_WORDS - 1


def test_results_carry_what_they_are_refined_by(make: Factory, unit: Unit, browser: Browser) -> None:
    case = make.case(unit)
    make.published(case, pictures.jpeg(RING), colours=("gold", "red"))
    make.published(case, pictures.jpeg(pictures.relit(RING)), colours=("gold",), category="watches")
    page = browser.search(AGAIN)
    assert sorted(str(each["data-couleur"]) for each in page.all(".found > li")) == ["gold", "gold red"]
    assert page.one("[data-refine]").has_attr("hidden")
    options = {select["data-refine-by"]: len(select.select("option")) for select in page.all("[data-refine-by]")}
    assert options == {"categorie": 3, "couleur": 3}


def test_a_box_around_the_object_is_taken_into_account(make: Factory, unit: Unit, browser: Browser) -> None:
    ring = make.published(make.case(unit), pictures.jpeg(RING))
    page = browser.search(b"not a picture", AGAIN, boxes=["", "0.2,0.2,0.8,0.8"])
    assert page.one(".found-item .number").get_text() == ring.public_number


@pytest.mark.parametrize(
    "box", ["", "a,b,c,d", "0,0,1", "0.9,0,0.1,1", "nan,0,1,1", "0,0,2,1", "1e999,0,1,1", "," * 999]
)
def test_what_is_no_box_is_left_out(make: Factory, unit: Unit, browser: Browser, box: str) -> None:
    make.published(make.case(unit), pictures.jpeg(RING))
    assert browser.search(AGAIN, boxes=[box]).all(".found-item")


def test_a_departement_of_three_digits_brings_its_objects_forward(make: Factory, browser: Browser) -> None:
    units = [make.unit("GGD35", "Rennes", departement="35"), make.unit("GGD971", "Basse-Terre", departement="971")]
    here, there = (make.published(make.case(each), pictures.jpeg(RING)) for each in units)
    found = browser.search(AGAIN, departement="971").all(".found-item")
    assert [there.public_number in found[0].get_text(), here.public_number in found[1].get_text()] == [True, True]
