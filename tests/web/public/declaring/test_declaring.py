"""Declaring a theft on the public site, the code that is shown, and what it opens; without any script."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import flask
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from gallery.models import Declaration, DeclaredPhoto, InboxDrop
from gallery.sealing import Sealer
from gallery.services.declarations import sealed_rows
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.shapes import SHAPES
from gallery.services.transaction import end_reading
from gallery.web.public.declaring import adding, views
from gallery.web.resources import resources_of
from gallery.web.stating import carried
from tests import pictures
from tests.page import Page
from tests.victim import Victim, code_of
from tests.web.public.declaring.conftest import filed


def test_it_works(victim: Victim, session: Session, sealer: Sealer, collect: Callable[[], None]) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    row = filed(session)
    assert [len(each.photos) for each in row.objects] == [1, 0]
    assert sealed_rows.secrets_of(row, sealer).contact.telephone == "06 55 44 33 22"
    victim.opens(code.upper())
    page = victim.browser.get("/ma-declaration")
    assert row.reference in page.one("h1").get_text()
    assert "Déclaration reçue" in page.text
    assert "bague en or" not in page.text
    assert "no-store" in page.answer.headers["Cache-Control"]


def test_somebody_on_la_reunion_is_reached_by_a_number_as_it_is_written_there(
    victim: Victim, session: Session, sealer: Sealer, collect: Callable[[], None]
) -> None:
    victim.declares(telephone="0692 12 34 56")
    collect()
    contact = sealed_rows.secrets_of(filed(session), sealer).contact
    assert (contact.email, contact.telephone) == ("", "0692 12 34 56")


def test_blanks_pasted_around_what_is_told_take_no_place_from_it(
    victim: Victim, session: Session, sealer: Sealer, collect: Callable[[], None]
) -> None:
    pasted = "\u00a0" * 300
    victim.declares(
        telephone=pasted + "06 55 44 33 22 \t", nom=pasted + "Zoé Le Goff", **{"vol-du": pasted + "01/11/2026"}
    )
    collect()
    contact = sealed_rows.secrets_of(filed(session), sealer).contact
    assert (contact.name, contact.telephone) == ("Zoé Le Goff", "06 55 44 33 22")


def test_what_is_wrong_comes_back_filled_with_its_photos_and_nothing_is_kept(
    victim: Victim, session: Session, collect: Callable[[], None]
) -> None:
    page = victim.declares(pictures.jpeg(pictures.picture(1)), status=422, telephone="06")
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 0
    assert page.one("#telephone")["aria-invalid"] == "true"
    assert page.one("#objet-1-mots").get_text() == "bague en or"
    victim.declares(page=page)
    collect()
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(DeclaredPhoto)) == 1


def test_a_drawing_and_colours_are_chosen_in_place_of_a_photo(
    victim: Victim, session: Session, sealer: Sealer, collect: Callable[[], None]
) -> None:
    page = victim.browser.get("/declarer")
    offered = {str(each["href"]).partition("#")[2] for each in page.all(".declared-object use")}
    symbols = set(re.findall(r'symbol id="(\w+)"', victim.client.get(str(page.all("use")[0]["href"])).text))
    assert offered == symbols == {each for shapes in SHAPES.values() for each in shapes}
    chosen = {"objet-1-dessin": "ring_stone", "objet-2-dessin": "ring_stone", "objet-2-couleurs": ["red", "x", "gold"]}
    back = victim.declares(status=422, accord="", **chosen)
    assert [each["value"] for each in back.all("input[type=radio][checked]")] == ["ring_stone", "", ""]
    assert [each["value"] for each in back.all("[name=objet-2-couleurs][checked]")] == ["gold", "red"]
    victim.declares(page=back, **chosen)
    collect()
    objects = filed(session).objects
    assert sealed_rows.secrets_of_object(objects[1], sealer).colours == ("gold", "red")
    # The second one is a bicycle, of which there is no such drawing.
    assert [sealed_rows.secrets_of_object(each, sealer).shape for each in objects] == ["ring_stone", ""]
    assert objects[0].category is not None
    assert objects[0].category.code == "jewellery"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"telephone": ""}, "courriel"),
        ({"accord": ""}, "accord"),
        ({"vol-du": "31/02/2025"}, "vol-du"),
        ({"aidant-courriel": ""}, "aidant-courriel"),
        ({"aidant-nom": ""}, "aidant-nom"),
    ],
    ids=str,
)
def test_what_is_missing_is_said_at_its_field(victim: Victim, changed: dict[str, str], field: str) -> None:
    page = victim.declares(status=422, **changed)
    assert page.one(f"#{field}")["aria-describedby"].split()[0] == f"{field}-erreur"


def test_a_day_comes_back_as_a_calendar_takes_it(victim: Victim) -> None:
    page = victim.declares(status=422, accord="", **{"vol-du": "le 3 octobre 2025", "vol-au": "05/10/25"})
    assert [page.one(f"#{name}")["value"] for name in ("vol-du", "vol-au")] == ["2025-10-03", "2025-10-05"]


def test_what_a_search_was_told_is_taken_over_with_its_photos_and_nothing_is_kept(
    victim: Victim, session: Session
) -> None:
    page = victim.browser.search(pictures.jpeg(pictures.picture(1)), words="bague saphir", category="jewellery")
    brought = {str(each["name"]): str(each["value"]) for each in page.all("[data-declare] input[type=hidden]")}
    # The browser has no photo any more.
    page = Page(victim.client.post("/declarer", data=brought))
    assert page.one("#objet-1-mots").get_text() == "bague saphir"
    assert page.one("#objet-1-categorie option[selected]")["value"] == "jewellery"
    assert "Choisissez de nouveau vos photos" in page.text
    brought["photos"] = (BytesIO(pictures.jpeg(pictures.picture(1))), "bague.jpg")
    page = Page(victim.client.post("/declarer", data=brought))
    assert len(page.all("[name=objet-1-gardees]")) == 1
    assert "Choisissez de nouveau" not in page.text
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 0
    assert victim.declares(page=page).one("h1").get_text() == "Votre code de suivi"


def test_a_second_click_declares_once_and_shows_the_same_code(
    victim: Victim, session: Session, collect: Callable[[], None]
) -> None:
    form = victim.browser.get("/declarer")
    sent = [code_of(victim.declares(page=form)) for _ in range(2)]
    other = code_of(victim.declares(page=form, **{"objet-1-mots": "une autre bague"}))
    collect()
    assert sent[0] == sent[1] != other
    assert session.scalar(select(func.count()).select_from(Declaration)) == 2
    victim.opens(sent[0])


def test_a_program_is_asked_to_look_again(victim: Victim) -> None:
    assert "Effacez" in victim.declares(status=422, **{"site-internet": "https://spam.example"}).text
    assert "Relisez" in victim.declares(status=422, debut="noise").text


def test_without_the_operators_word_there_is_nothing_of_it(app: Flask) -> None:
    place = resources_of(app)
    app.extensions["resources"] = replace(place, settings=replace(place.settings, declarations_legal_act=""))
    client = app.test_client()
    assert [client.get(path).status_code for path in ("/declarer", "/ma-declaration")] == [404, 404]
    assert "/declarer" not in client.get("/").text


def test_who_sends_too_many_loses_nothing(app: Flask, victim: Victim) -> None:
    place = resources_of(app)
    app.extensions["resources"] = replace(place, settings=replace(place.settings, declaration_rate="1 per day"))
    victim.declares()
    victim.clock(timedelta())
    page = victim.declares(status=429)
    assert page.one("#objet-1-mots").get_text() == "bague en or"


def test_forms_that_are_never_finished_are_counted_too_and_come_back_whole(
    victim: Victim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "FORM_RATE", "1 per day")
    page = victim.declares(pictures.jpeg(pictures.picture(1)), status=422, accord="")
    victim.clock(timedelta())
    again = victim.declares(pictures.jpeg(pictures.picture(2)), status=422, page=page)
    assert "Beaucoup de photos" in again.one("#objet-1-photos-erreur").get_text()
    assert len(again.all("[name=objet-1-gardees]")) == 1
    # Without new photos nothing is counted.
    victim.declares(page=again)


def test_a_photo_that_is_chosen_again_is_sent_once(victim: Victim) -> None:
    photo = pictures.jpeg(pictures.picture(1))
    page = victim.declares(photo, status=422, accord="")
    for other, kept in ((photo, 1), (pictures.jpeg(pictures.picture(2)), 2)):
        page = victim.declares(other, status=422, page=page, accord="")
        assert len(page.all("[name=objet-1-gardees]")) == kept


def test_one_address_does_not_use_up_what_the_country_has(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        place = resources_of(app)
        rates = {"declaration_rate": "1 per hour", "declaration_overall_rate": "3 per hour"}
        few = replace(place.settings, **rates, declaring_browsers_at_one_address=2)
        app.extensions["resources"] = replace(place, settings=few)
        assert [_is_counted(f"token {each}") for each in "aaabcd"] == [True, False, False, True, False, False]
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.2"}):
        assert _is_counted("token e")


def _is_counted(token: str) -> bool:
    flask.session["csrf_token"] = token
    try:
        views.count()
    except TooManyRequests:
        return False
    return True


def test_additions_are_counted_by_declaration_by_address_and_all_together(app: Flask) -> None:
    place = resources_of(app)
    rates = {"holder_rate": "2 per hour", "declaration_rate": "3 per hour", "declaration_overall_rate": "4 per hour"}
    few = replace(place.settings, **rates, declaring_browsers_at_one_address=1)
    app.extensions["resources"] = replace(place, settings=few)
    counted = []
    # From browsers without a cookie, each with the code in the form.
    for address, who in (("1", "aaabc"), ("2", "cd")):
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"192.0.2.{address}"}):
            counted += [not adding.too_much(Holder(each, "", "")) for each in who]
    assert counted == [True, True, False, True, False, True, False]


def test_the_operators_sentence_closes_the_form(app: Flask, collect: Callable[[], None]) -> None:
    place = resources_of(app)
    closed = replace(place.settings, declarations_closed="Fermé jusqu’au 4 janvier.")
    app.extensions["resources"] = replace(place, settings=closed)
    answer = app.test_client().get("/declarer")
    assert answer.status_code == 503
    assert "Fermé jusqu’au 4 janvier." in answer.text


def test_lines_of_an_inventory_that_are_too_many_are_counted_on_both_pages(victim: Victim) -> None:
    assert victim.browser.get("/conseils/inventaire").one("[data-declare]")["data-most"] == "20"
    brought = {"commence": "inventaire", "laisses": "3", "objet-20-mots": "montre"}
    assert "les derniers de votre inventaire (3) n’y sont pas" in victim.sends("/declarer", status=200, **brought).text
