import zipfile
from io import BytesIO

import pytest

from gallery.models import Case
from gallery.web.backoffice.albums import album_pages
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.web.backoffice.albums.test_albums import form_of, names_in, numbers_in
from tests.web.backoffice.desk import Desk

TWO = 2


@pytest.fixture
def five(make: Factory, case: Case, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Numbers of five published items, as the album has them, on pages of two."""
    monkeypatch.setattr(album_pages, "PAGE_ITEMS", TWO)
    photo = pictures.jpeg(pictures.picture(1).resize((240, 180)))
    return [make.published(case, photo, title=f"Montre {each}").public_number for each in range(5)][::-1]


def shown(page: Page) -> list[str]:
    return [str(item["data-number"]) for item in page.all(".album-item")]


def sent(desk: Desk, page: Page, **changes: object) -> Page:
    return Page(desk.client.post("/albums/nouveau", data=form_of(page) | changes))


def test_a_page_shows_some_and_names_all(desk: Desk, five: list[str]) -> None:
    page = desk.get("/albums/nouveau")
    assert (shown(page), numbers_in(page)) == (five[:2], five)
    assert "Objets 1 à 2 sur 5" in page.all("nav.pages")[0].get_text()
    assert len(page.all("textarea[name^=legende]")) == TWO


def test_the_next_page_is_opened_without_script(desk: Desk, five: list[str]) -> None:
    page = sent(desk, desk.get("/albums/nouveau"), aller="2")
    assert (shown(page), numbers_in(page)) == (five[2:4], five)
    last = sent(desk, page, aller="3")
    assert shown(last) == five[4:]
    assert not last.all("nav.pages button[value='4']")


def test_a_small_album_has_no_pages(desk: Desk, make: Factory, case: Case) -> None:
    make.published(case)
    assert not desk.get("/albums/nouveau").all("nav.pages")


def test_words_written_on_a_page_go_with_the_others(desk: Desk, five: list[str]) -> None:
    first = desk.get("/albums/nouveau")
    second = sent(desk, first, titre="Vitré", aller="2", **{f"legende-{five[0]}": "La vôtre ?\nOu pas."})
    third = sent(desk, second, aller="3")
    assert third.one("#titre")["value"] == "Vitré"
    answer = desk.download(form_of(third))
    assert names_in(answer) == five
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        assert "La vôtre ?\nOu pas." in package.read("legendes.txt").decode("utf-8-sig")
    assert sent(desk, third, aller="1").one(f"#legende-{five[0]}").get_text() == "La vôtre ?\nOu pas."


def test_words_as_proposed_are_not_carried_along(desk: Desk, five: list[str]) -> None:
    second = sent(desk, desk.get("/albums/nouveau"), aller="2")
    assert not second.all("input[name^=legende]")


def test_an_item_crosses_the_end_of_its_page_and_the_page_follows(desk: Desk, five: list[str]) -> None:
    page = sent(desk, desk.get("/albums/nouveau"), agir=f"descendre {five[1]}")
    assert numbers_in(page) == [five[0], five[2], five[1], *five[3:]]
    assert shown(page) == [five[1], five[3]]


def test_the_only_item_of_the_last_page_is_removed(desk: Desk, five: list[str]) -> None:
    last = sent(desk, desk.get("/albums/nouveau"), aller="3")
    page = sent(desk, last, agir=f"enlever {five[4]}")
    assert (shown(page), numbers_in(page)) == (five[2:4], five[:4])


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("5", [1, 2, 3, 4, 0]),
        ("2", [1, 0, 2, 3, 4]),
        ("99", [1, 2, 3, 4, 0]),
        ("1" + "0" * 20, [1, 2, 3, 4, 0]),
        ("-3", [0, 1, 2, 3, 4]),
        ("x", [0, 1, 2, 3, 4]),
    ],
)
def test_an_item_is_put_at_the_place_that_is_typed(
    desk: Desk, five: list[str], place: str, expected: list[int]
) -> None:
    page = sent(desk, desk.get("/albums/nouveau"), **{f"place-{five[0]}": place})
    assert numbers_in(page) == [five[each] for each in expected]
    assert five[0] in shown(page)


def test_several_places_typed_at_once_are_all_taken(desk: Desk, five: list[str]) -> None:
    places = {f"place-{five[0]}": "4", f"place-{five[1]}": "5"}
    page = sent(desk, desk.get("/albums/nouveau"), **places)
    assert numbers_in(page) == [*five[2:], five[0], five[1]]


def test_places_typed_before_the_download_count(desk: Desk, five: list[str]) -> None:
    form = form_of(desk.get("/albums/nouveau")) | {f"place-{five[0]}": "5"}
    assert names_in(desk.download(form)) == [*five[1:], five[0]]


def test_it_says_how_many_albums_facebook_will_need(
    desk: Desk, five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.sharing.networks.facebook.MAX_IN_FOLDER", TWO)
    assert "3 dossiers" in desk.get("/albums/nouveau").text


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_none_is_the_nearest(desk: Desk, five: list[str], page: str) -> None:
    assert shown(sent(desk, desk.get("/albums/nouveau"), aller=page)) in (five[:2], five[4:])


def test_a_form_of_thousands_of_items_is_read(desk: Desk, five: list[str]) -> None:
    many = [*(f"35-{number:04}-A" for number in range(5000)), *five]
    captions = {f"legende-{number}": "x" * 400 for number in many[:1500]}
    page = Page(
        desk.client.post("/albums/nouveau", data=form_of(desk.get("/albums/nouveau")) | captions | {"objet": many})
    )
    assert numbers_in(page) == five
