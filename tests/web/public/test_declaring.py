"""Declaring a theft on the public site, the code that is shown, and what it opens; without any script."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import flask
import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse, encode_multipart

from gallery.config import Settings
from gallery.models import Declaration, DeclarationState, DeclaredPhoto, InboxDrop
from gallery.sealing import Sealer
from gallery.services.declarations import collecting, contact_address, sealed_rows
from gallery.services.declarations.opening import codes
from gallery.services.declarations.opening.locks import Holder
from gallery.services.declarations.shapes import SHAPES
from gallery.services.transaction import atomic, end_reading
from gallery.sharing.codes import read_code
from gallery.web.public.declaring import adding, views
from gallery.web.resources import resources_of
from gallery.web.stating import carried
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.victim import Victim, code_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        declarations_legal_act="PLAN-1",
        declarations_impact_assessment="2026-11-29",
        declaration_rate="1000 per minute",
        declaration_overall_rate="10000 per minute",
    )


@pytest.fixture
def collect(session: Session, settings: Settings, sealer: Sealer, make: Factory) -> Callable[[], None]:
    with atomic(session):
        collecting.publish_key(session, sealer)

    def collect_all() -> None:
        while collecting.collect(session, settings=settings, sealer=sealer, now=make.now):
            pass

    return collect_all


@pytest.fixture
def clock(app: Flask, make: Factory) -> Callable[[timedelta], None]:
    """Moves the public site's clock, which begins where the others stand."""

    def set_to(later: timedelta) -> None:
        app.extensions["resources"] = replace(app.extensions["resources"], now=lambda: make.now + later)

    set_to(timedelta())
    return set_to


@pytest.fixture
def victim(client: FlaskClient, collect: Callable[[], None], clock: Callable[[timedelta], None]) -> Victim:
    return Victim(client, clock)


def filed(session: Session) -> Declaration:
    end_reading(session)
    return session.scalars(select(Declaration)).one()


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
    ],
    ids=str,
)
def test_what_is_missing_is_said_at_its_field(victim: Victim, changed: dict[str, str], field: str) -> None:
    page = victim.declares(status=422, **changed)
    assert page.one(f"#{field}")["aria-describedby"].split()[0] == f"{field}-erreur"


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


def test_the_code_is_asked_back_and_shown_again_when_it_is_mistyped(victim: Victim) -> None:
    code = code_of(victim.declares())
    answer = victim.sends("/declarer/code", status=200, code=code, saisie=code.replace(code.split()[0], "pomme"))
    assert code_of(Page(answer)) == code
    assert "bien noté" in victim.sends("/declarer/code", status=200, code=code, saisie=code).text
    saved = victim.sends("/declarer/code/fichier", status=200, code=code)
    assert code in saved.text
    assert re.search(r"filename=code-de-suivi\.txt$", saved.headers["Content-Disposition"])


def test_the_printed_square_has_the_code_where_no_browser_sends_it(victim: Victim) -> None:
    page = victim.declares()
    picture = b64decode(str(page.one(".code-picture img")["src"]).rpartition(",")[2])
    address = urlsplit(read_code(np.asarray(Image.open(BytesIO(picture)).convert("RGB"))))
    assert [address.path, address.query] == ["/ma-declaration", ""]
    assert codes.tidy(address.fragment) == codes.tidy(code_of(page))


def test_a_mistyped_code_is_told_from_an_unknown_one(victim: Victim) -> None:
    code = code_of(victim.declares())
    assert "«\u00a0xyzxyz\u00a0» n’est pas un mot" in victim.opens("xyzxyz " + code, status=422).text
    mixed = " ".join(reversed(code.split()))
    assert "Vérifiez chaque mot" in victim.opens(mixed, status=422).text
    # Not yet collected.
    assert "n’ouvre aucune déclaration" in victim.opens(code, status=422).text


def test_wrong_codes_are_slowed_and_nobody_else_of_the_address_is_kept_out(
    app: Flask, victim: Victim, clock: Callable[[timedelta], None], collect: Callable[[], None]
) -> None:
    place = resources_of(app)
    strict = replace(place.settings, code_rate="2 per day", browsers_at_one_address=1)
    app.extensions["resources"] = replace(place, settings=strict)
    code = code_of(victim.declares())
    collect()
    thief = Victim(app.test_client(), clock)
    wrong = codes.draw()
    for status in (422, 422, 429):
        thief.opens(wrong, status=status)
    # The thief has used up what the address has.
    victim.opens(code)


def test_it_is_closed_and_deleted_by_its_owner_and_by_nobody_else(
    victim: Victim, session: Session, collect: Callable[[], None]
) -> None:
    code = code_of(victim.declares())
    collect()
    victim.sends("/ma-declaration/demande", status=422, acte="effacer", certain="oui")
    victim.opens(code)
    victim.sends("/ma-declaration/demande", status=303, acte="clore")
    assert "partie" in victim.browser.get("/ma-declaration").text
    collect()
    assert filed(session).state is DeclarationState.CLOSED
    # Nothing is said to be on its way once it has come.
    assert "partie" not in victim.browser.get("/ma-declaration").text
    victim.sends("/ma-declaration/demande", status=200, acte="effacer")
    victim.sends("/ma-declaration/demande", status=200, acte="effacer", certain="oui")
    collect()
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0
    victim.opens(code, status=422)


def test_the_page_closes_by_itself_and_the_cookie_tells_nothing(victim: Victim, collect: Callable[[], None]) -> None:
    code = code_of(victim.declares())
    collect()
    cookie = victim.opens(code).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert not [word for word in code.split() if word in cookie]
    assert "Fermer ma déclaration" in victim.browser.get("/ma-declaration").text
    victim.clock(timedelta(minutes=40))
    assert "Vos six mots" in victim.browser.get("/ma-declaration").text


def test_a_copy_of_the_cookie_opens_nothing_once_the_page_is_closed(
    app: Flask, victim: Victim, collect: Callable[[], None]
) -> None:
    code = code_of(victim.declares())
    collect()
    victim.opens(code)
    cookie = victim.client.get_cookie("suivi")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("suivi", cookie.value)
    assert "Fermer ma déclaration" in thief.get("/ma-declaration").text
    victim.sends("/ma-declaration/fermer", status=303)
    assert "Vos six mots" in thief.get("/ma-declaration").text
    # Who opens it again has another secret, and leaves nothing open behind.
    victim.opens(code)
    first = victim.client.get_cookie("suivi")
    victim.opens(code)
    assert first
    thief.set_cookie("suivi", first.value)
    assert "Vos six mots" in thief.get("/ma-declaration").text


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


def test_the_code_of_a_mail_is_typed_on_the_page(
    victim: Victim, session: Session, settings: Settings, sealer: Sealer, make: Factory, collect: Callable[[], None]
) -> None:
    allowed = replace(settings, alerts_legal_act="PLAN-3", alerts_impact_assessment="2026-11-29")
    writes = replace(allowed, smtp_host="localhost", public_address="https://a.example", mail_sender="a@a.example")
    code = code_of(victim.declares(courriel="jeanne@victime.example", **{"aidant-nom": "", "aidant-courriel": ""}))
    assert collecting.collect(session, settings=writes, sealer=sealer, now=make.now)
    with atomic(session):
        asked = session.scalars(select(Declaration)).one().addresses[0]
        asked.code_reference, asked.code_until = "M-ABCDEFGHJKMN", make.now + timedelta(days=1)
    victim.opens(code)
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres="12 34")
    assert "six chiffres, sans lettre" in victim.browser.get("/ma-declaration").one("#chiffres-erreur").get_text()
    assert "six chiffres, sans lettre" not in victim.browser.get("/ma-declaration").text
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres="000000")
    assert "Votre code est parti" in victim.browser.get("/ma-declaration").text
    collect()
    page = victim.browser.get("/ma-declaration")
    assert "Le dernier code n’était pas le bon" in page.one("#chiffres-erreur").get_text()
    assert "Votre code est parti" not in page.text
    digits = contact_address.code_of("M-ABCDEFGHJKMN", sealer)
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres=f"{digits[:3]} {digits[3:]}")
    collect()
    page = victim.browser.get("/ma-declaration")
    assert "est confirmée" in page.text
    assert not page.all("#chiffres")


def test_an_object_and_photos_are_added_later_and_a_copy_is_asked_for(
    victim: Victim, session: Session, collect: Callable[[], None], sealer: Sealer
) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    assert "déjà déclaré, seules les photos" in victim.browser.get("/ma-declaration/ajouter").text
    victim.adds(pictures.jpeg(pictures.picture(2)), pour="1")
    assert "Votre ajout est parti" in victim.browser.get("/ma-declaration").text
    assert "Décrivez l’objet" in victim.adds(status=422).text
    assert "Choisissez au moins une photo" in victim.adds(status=422, pour="1").text
    victim.adds(**{"objet-1-mots": "pendule"})
    victim.sends("/ma-declaration/demande", status=303, acte="copie")
    collect()
    row = filed(session)
    assert [len(each.photos) for each in row.objects] == [2, 0, 0]
    assert sealed_rows.secrets_of_object(row.objects[2], sealer).words == "pendule"
    assert sorted(each.kind for each in row.messages) == ["added", "added", "copy_asked", "received"]
    page = victim.browser.get("/ma-declaration")
    assert "Vous avez demandé une copie" in page.text
    assert "copie est partie" not in page.text
    assert "Demander une copie" not in page.text


def test_what_is_being_written_when_the_page_closes_itself_is_sent_with_the_code(
    victim: Victim, session: Session, collect: Callable[[], None], sealer: Sealer
) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    photo = pictures.jpeg(pictures.picture(2))
    token = victim.browser.get("/ma-declaration/ajouter").token
    victim.clock(timedelta(minutes=40))

    def send(*files: bytes, **said: str) -> TestResponse:
        fields: list[tuple[str, object]] = [("csrf_token", token), ("pour", "1"), *said.items()]
        fields += [("objet-1-photos", FileStorage(BytesIO(each), filename="a.jpg")) for each in files]
        boundary, body = encode_multipart(MultiDict(fields))
        kind = f"multipart/form-data; boundary={boundary}"
        return victim.client.post("/ma-declaration/ajouter", data=body, content_type=kind)

    page = Page(send(photo))
    assert (page.answer.status_code, "Rien n’est perdu" in page.text) == (422, True)
    kept = str(page.one("[name=objet-1-gardees]")["value"])
    again = Page(send(code="xyzxyz " + code, **{"objet-1-gardees": kept}))
    assert "n’est pas un mot" in again.one("#code-erreur").get_text()
    assert send(code=code, **{"objet-1-gardees": kept}).status_code == 303
    collect()
    assert [len(each.photos) for each in filed(session).objects] == [2, 0]
    # The code has opened the page too.
    assert "Fermer ma déclaration" in victim.browser.get("/ma-declaration").text


def test_what_finds_no_room_is_said_before_it_is_sent(app: Flask, victim: Victim, collect: Callable[[], None]) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    place = resources_of(app)
    small = replace(place.settings, max_declared_objects=2, max_declared_photos=1)
    app.extensions["resources"] = replace(place, settings=small)
    assert "a déjà 2 objets" in victim.adds(status=422, **{"objet-1-mots": "pendule"}).text
    assert "trop de photos" in victim.adds(pictures.jpeg(pictures.picture(2)), pour="2", status=422).text
    # Another page of theirs has closed it.
    victim.sends("/ma-declaration/demande", status=303, acte="clore")
    collect()
    assert "Prolongez-la d’abord" in victim.adds(status=422, **{"objet-1-mots": "pendule"}).text


def test_one_declaration_does_not_fill_the_inbox_and_is_deleted_all_the_same(
    app: Flask, victim: Victim, session: Session, collect: Callable[[], None], clock: Callable[[timedelta], None]
) -> None:
    place = resources_of(app)
    app.extensions["resources"] = replace(place, settings=replace(place.settings, holder_rate="2 per hour"))
    code = code_of(victim.declares())
    clock(timedelta())
    collect()
    # From two browsers, which share one declaration.
    who = Victim(app.test_client(), clock)
    for each in (victim, who):
        each.opens(code)
    collect()
    for each in (victim, who):
        for _ in range(2):
            each.sends("/ma-declaration/demande", status=303, acte="prolonger")
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 2
    assert "Rien n’est perdu" in who.browser.get("/ma-declaration").text
    assert "beaucoup de choses" in who.adds(status=422, **{"objet-1-mots": "pendule"}).text
    victim.sends("/ma-declaration/demande", status=200, acte="effacer", certain="oui")
    collect()
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0


def test_lines_of_an_inventory_that_are_too_many_are_counted_on_both_pages(victim: Victim) -> None:
    assert victim.browser.get("/conseils/inventaire").one("[data-declare]")["data-most"] == "20"
    brought = {"commence": "inventaire", "laisses": "3", "objet-20-mots": "montre"}
    assert "les derniers de votre inventaire (3) n’y sont pas" in victim.sends("/declarer", status=200, **brought).text
